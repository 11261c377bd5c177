// The same bytes must mean the same events, however they are cut into pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sse/decoder.hpp"

namespace {

std::string decode(std::string_view bytes, std::size_t piece) {
    tollgate::sse::decoder decoder(1000);
    std::string seen;
    while (!bytes.empty()) {
        for (auto const& e : decoder.feed(bytes.substr(0, piece)))
            seen += e.event + '|' + e.data + '|' + e.id + ';';
        bytes.remove_prefix(std::min(piece, bytes.size()));
    }
    return seen + (decoder.failed() ? "failed" : "") + decoder.last_id();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    if (decode(bytes, 1) != decode(bytes, bytes.size())) std::abort();
    return 0;
}
