#include "sse/event_id.hpp"

#include <charconv>

#include "base/crypto.hpp"

namespace tollgate::sse {

namespace {

constexpr std::size_t token_bytes = 12;
constexpr std::size_t token_length = 16;  // 12 bytes in Base64
constexpr char between = '.';             // not in the alphabet of base64url

}  // namespace

std::string to_text(event_id const& id) {
    std::string out(id.stream);
    out += between;
    out += std::to_string(id.number);
    return out;
}

std::optional<event_id> parse_event_id(std::string_view text) noexcept {
    if (text.size() < token_length + 2 || text[token_length] != between) return std::nullopt;
    event_id id;
    id.stream = text.substr(0, token_length);
    auto const digits = text.substr(token_length + 1);
    // One text for one id.
    if (digits.size() > 1 && digits.front() == '0') return std::nullopt;
    auto const* const end = digits.data() + digits.size();
    auto const read = std::from_chars(digits.data(), end, id.number);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    return id;
}

std::string random_stream_token() {
    return random_token(token_bytes);
}

}  // namespace tollgate::sse
