// The DPoP proof of a request (RFC 9449 §4.3), checked against the request that carries it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/context.hpp"
#include "oauth/dpop_state.hpp"
#include "oauth/policy.hpp"

namespace tollgate::oauth {

// What a realm wants of proofs.
struct dpop_rules {
    dpop_mode mode = dpop_mode::off;
    bool nonce = false;           // proofs must carry a nonce of ours
    dpop_state* state = nullptr;  // never null unless the mode is off
};

inline constexpr std::string_view dpop_nonce_header = "DPoP-Nonce";

// The thumbprint of the key that the request proves; nothing without a DPoP header. The proof is
// used up. With `access_token` it must be made for it (ath). Problem 400 invalid_dpop_proof, or
// use_dpop_nonce with the DPoP-Nonce field (§8).
outcome<std::optional<std::string>> proven_key(http::context const& c, dpop_rules const& rules,
                                               dpop_side side,
                                               std::optional<std::string_view> access_token);

}  // namespace tollgate::oauth
