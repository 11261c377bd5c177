// PKCE syntax (RFC 7636). Verifier and challenge share it: 43*128 unreserved characters.
#pragma once

#include <algorithm>
#include <string_view>

#include "base/crypto.hpp"

namespace tollgate::oauth {

inline bool is_pkce_text(std::string_view text) noexcept {
    auto const unreserved = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '.' || c == '_' || c == '~';
    };
    return text.size() >= 43 && text.size() <= 128 && std::ranges::all_of(text, unreserved);
}

// RFC 7636 §4.2: the base64url encoding of a SHA-256 digest, which has 43 characters.
inline bool is_s256_challenge(std::string_view text) noexcept {
    return text.size() == 43 && is_pkce_text(text) &&
           text.find_first_of(".~") == std::string_view::npos;
}

// RFC 7636 §4.6: BASE64URL(SHA256(verifier)) == challenge.
inline bool pkce_s256_matches(std::string_view verifier, std::string_view challenge) {
    return equal_in_constant_time(digest_of(verifier), challenge);
}

}  // namespace tollgate::oauth
