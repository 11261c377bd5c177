#include "mcp/protocol/header_value.hpp"

#include <algorithm>

#include "base/crypto.hpp"

namespace tollgate::mcp {

std::string random_session_id() {
    return random_token(32);
}

bool is_plain_header_value(std::string_view value) noexcept {
    return std::all_of(value.begin(), value.end(),
                       [](char c) { return c == '\t' || (c >= 0x20 && c < 0x7f); });
}

std::optional<std::string> decode_header_value(std::string_view value) {
    constexpr std::string_view prefix = "=?base64?";
    constexpr std::string_view suffix = "?=";
    // Both are there, and not with one question mark for the two of them.
    if (!value.starts_with(prefix) || !value.ends_with(suffix) ||
        value.size() < prefix.size() + suffix.size()) {
        return std::string(value);
    }
    value.remove_prefix(prefix.size());
    value.remove_suffix(suffix.size());
    return from_base64(value);
}

}  // namespace tollgate::mcp
