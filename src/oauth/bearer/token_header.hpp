// Access token that a request presents, and the key that it proves with it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/pipeline/context.hpp"
#include "oauth/dpop/request.hpp"

namespace tollgate::oauth {

struct header_token {
    std::string token;
    bool dpop = false;  // scheme DPoP
    dpop_proof proof;   // under scheme DPoP; not used up yet
};

// The token of a request, in the Authorization header alone (RFC 6750 §2.1; one in the query or a
// form body is refused), under scheme Bearer or, where it is spoken, DPoP (RFC 9449 §7.1) with a
// proof that fits the request; use_up_proof must follow. Nothing when there is no such header.
// Problems are those of http::challenge; `scopes` are named in them. Sets the challenges of the
// context.
outcome<std::optional<header_token>> presented_access_token(http::context& c,
                                                            dpop_rules const& rules,
                                                            std::vector<std::string> const& scopes);

// Why a token that is bound to `key` must not be used this way (RFC 9449 §7.1, §7.2), for the log;
// empty when it may. Nothing for `key`: nobody could tell.
std::string broken_binding(header_token const& shown, std::optional<std::string> const& key,
                           dpop_rules const& rules);

// For a token that was found good, and used with the key that it is bound to: its proof is good
// once (RFC 9449 §11.1). Problems are those of http::challenge, or 503.
outcome<void> use_up_proof(http::context const& c, dpop_rules const& rules,
                           std::vector<std::string> const& scopes, header_token const& shown);
// A token that is bound to a key came as a bearer token, where DPoP is spoken.
bool is_bound_bearer(header_token const& shown, std::optional<std::string> const& key,
                     dpop_rules const& rules) noexcept;

// RFC 6750 §2.1: what may follow "Bearer ". RFC 9110 §11.2: token68, what may follow "DPoP ".
bool is_b64token(std::string_view text) noexcept;

}  // namespace tollgate::oauth
