// DPoP proof of a request (RFC 9449 §4.3), checked against the request that carries it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/pipeline/context.hpp"
#include "oauth/dpop/state.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

// What a realm wants of proofs.
struct dpop_rules {
    dpop_mode mode = dpop_mode::off;
    bool nonce = false;           // proofs must carry a nonce of ours
    dpop_state* state = nullptr;  // never null unless the mode is off
};

inline constexpr std::string_view dpop_nonce_header = "DPoP-Nonce";

// The proof that the request carries, when there is nothing wrong with it but perhaps that it was
// used before; nothing without a DPoP header. With `access_token` it must be made for it (ath).
// Problem 400 invalid_dpop_proof, or use_dpop_nonce with the DPoP-Nonce field (§8).
outcome<std::optional<dpop_proof>> proof_of(http::context const& c, dpop_rules const& rules,
                                            dpop_side side,
                                            std::optional<std::string_view> access_token);

// Uses it up (§4.3, §11.1): when the token was found good and bound to its key, or the client was
// found good, so that nobody else fills the table. Problem 400 invalid_dpop_proof when it was used
// before, 503 where there is no room to remember it.
outcome<void> use_up(http::context const& c, dpop_rules const& rules, dpop_side side,
                     dpop_proof const& proof);

}  // namespace tollgate::oauth
