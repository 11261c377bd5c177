// The same bytes must mean the same request, however they are cut into pieces.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/server/request_reader.hpp"

namespace {

using tollgate::http::request_reader;

// "METHOD TARGET BODY;" of every request that was read, and how it ended.
std::string read_all(std::string_view bytes, std::size_t piece) {
    tollgate::http::limits const allowed{
        .max_body = 1000, .max_header = 500, .max_header_count = 10, .max_request_line = 200};
    request_reader reader(allowed, "127.0.0.1", true, false);
    std::string seen;
    while (!bytes.empty() && reader.now() != request_reader::stage::refused) {
        auto const room = reader.room();
        auto const n = std::min({piece, room.size(), bytes.size()});
        std::copy_n(bytes.data(), n, room.data());
        bytes.remove_prefix(n);
        auto stage = reader.feed(n);
        while (stage == request_reader::stage::ready) {
            auto const& r = reader.request();
            seen += std::string(r.method_text) + ' ' + std::string(r.target) + ' ' +
                    std::string(r.body) + ';';
            stage = reader.next();
        }
    }
    if (reader.now() == request_reader::stage::refused) seen += "refused";
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    std::string_view const bytes(reinterpret_cast<char const*>(data), size);
    auto const whole = read_all(bytes, 1 << 16);
    if (read_all(bytes, 1) != whole || read_all(bytes, 7) != whole) std::abort();
    return 0;
}
