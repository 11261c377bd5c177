// Supported grants of the token endpoint, by name. Who names them (its routes, metadata,
// registration, configuration) names these.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

inline constexpr std::string_view grant_code = "authorization_code";  // RFC 6749 §4.1
inline constexpr std::string_view grant_refresh = "refresh_token";    // RFC 6749 §6
inline constexpr std::string_view grant_client_credentials = "client_credentials";  // RFC 6749 §4.4
inline constexpr std::string_view grant_jwt_bearer =  // RFC 7523 §2.1
    "urn:ietf:params:oauth:grant-type:jwt-bearer";
inline constexpr std::string_view grant_token_exchange =  // RFC 8693 §2.1
    "urn:ietf:params:oauth:grant-type:token-exchange";
inline constexpr std::string_view grant_device =  // RFC 8628 §3.4
    "urn:ietf:params:oauth:grant-type:device_code";

inline constexpr std::array all_grants{
    grant_code,       grant_refresh,        grant_client_credentials,
    grant_jwt_bearer, grant_token_exchange, grant_device};

// Whether a realm with this policy has that grant. Assertions are only of use where somebody's are
// trusted.
bool is_offered(policy const& p, std::string_view grant_type) noexcept;

// RFC 6749 §4.4, and the same for grants that turn what somebody holds into a token of the client:
// client_credentials and token exchange (RFC 8693 §5).
bool needs_confidential_client(std::string_view grant_type) noexcept;

// Those that are, in the order of the table.
std::vector<std::string_view> offered_grants(policy const& p);

// Likewise those that a client may have which nobody here vouched for (registration.grant_types).
bool is_registrable(policy const& p, std::string_view grant_type) noexcept;
std::vector<std::string_view> registrable_grants(policy const& p);

// Likewise those that somebody can use: a client that registers or brings its document, one of the
// configuration, or whoever has the assertion of a trusted issuer. What metadata name.
bool is_usable(policy const& p, std::string_view grant_type) noexcept;
std::vector<std::string_view> usable_grants(policy const& p);

}  // namespace tollgate::oauth

// What else this authorization server can do, by its names: the one place that registration,
// discovery and the configuration read it from. Whoever builds a method adds its name here.
namespace tollgate::oauth::supported {

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

}  // namespace tollgate::oauth::supported
