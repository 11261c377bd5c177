// A form must never be parsed into something that encodes back to another meaning.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/message/form.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    using namespace tollgate;
    using namespace tollgate::http;
    auto const parsed = form::parse({reinterpret_cast<char const*>(data), size});
    if (!parsed) return 0;
    std::string again;
    for (auto const& [name, value] : *parsed)
        again += (again.empty() ? "" : "&") + percent_encode(name) + '=' + percent_encode(value);
    auto const same = form::parse(again);
    if (!same) std::abort();
    return 0;
}
