// RFC 7636 syntax. Verifier and challenge share it: 43*128 unreserved characters.
#pragma once

#include <algorithm>
#include <string_view>

namespace tollgate::oauth {

inline bool is_pkce_text(std::string_view text) noexcept {
    auto const unreserved = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_' || c == '~';
    };
    return text.size() >= 43 && text.size() <= 128 && std::ranges::all_of(text, unreserved);
}

}  // namespace tollgate::oauth
