#include "sse/event_id.hpp"

#include <charconv>

#include "base/crypto.hpp"

namespace tollgate::sse {

namespace {

constexpr std::size_t token_bytes = 12;
constexpr std::size_t token_length = 16;  // 12 bytes in Base64
constexpr char between = '.';             // not in the alphabet of base64url
constexpr char before_subject = '~';      // likewise

}  // namespace

std::string to_text(event_id const& id) {
    std::string out(id.stream);
    out += between;
    out += std::to_string(id.number);
    return out;
}

std::optional<event_id> parse_event_id(std::string_view text) noexcept {
    auto const end_of_stream = text.find(between);
    if (end_of_stream == std::string_view::npos) return std::nullopt;
    event_id id;
    id.stream = text.substr(0, end_of_stream);
    bool const named = id.stream.size() > token_length && id.stream[token_length] == before_subject;
    if (id.stream.size() != token_length && !named) return std::nullopt;
    auto const digits = text.substr(end_of_stream + 1);
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

std::string random_stream_token(std::string_view subject) {
    auto out = random_stream_token();
    if (subject.empty() || subject.size() > longest_subject) return out;
    out += before_subject;
    out += base64url(subject);
    return out;
}

std::optional<std::string> subject_of(std::string_view stream) {
    if (stream.size() <= token_length || stream[token_length] != before_subject)
        return std::nullopt;
    return from_base64url(stream.substr(token_length + 1));
}

}  // namespace tollgate::sse
