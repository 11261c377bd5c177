// What this authorization server can do: the one place that registration, discovery and the
// configuration read it from, besides the grants (grant_types.hpp). Whoever builds a method adds
// its name here.
#pragma once

#include <array>
#include <string_view>

namespace tollgate::oauth::offers {

// RFC 7591 §2, token_endpoint_auth_method.
inline constexpr std::array<std::string_view, 4> auth_methods{
    "none", "client_secret_basic", "client_secret_post", "private_key_jwt"};

inline constexpr std::array<std::string_view, 1> response_types{"code"};

inline constexpr std::array<std::string_view, 2> response_modes{"query", "form_post"};

// OpenID Connect Prompt Create and Core §3.1.2.1.
inline constexpr std::array<std::string_view, 4> prompts{"none", "login", "consent",
                                                         "select_account"};

// Of client assertions (RFC 7523): what a key that anybody may know can verify.
inline constexpr std::array<std::string_view, 5> client_algorithms{"RS256", "PS256", "ES256",
                                                                   "EdDSA", "Ed25519"};

}  // namespace tollgate::oauth::offers
