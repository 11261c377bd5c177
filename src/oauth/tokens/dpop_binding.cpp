#include "oauth/tokens/dpop_binding.hpp"

#include <utility>

#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

// RFC 9449 §5.2.
bool wants_bound_tokens(client const& who) {
    auto const* wants = who.metadata.if_contains("dpop_bound_access_tokens");
    return wants && wants->is_bool() && wants->get_bool();
}

}  // namespace

outcome<std::optional<dpop_proof>> prove_key(server& s, http::context& c, client const& who) {
    auto const rules = s.dpop(c);
    if (rules.mode == dpop_mode::off) return std::optional<dpop_proof>();
    auto proof = proof_of(c, rules, dpop_side::authorization_server, std::nullopt);
    if (!proof) return errors::explained(proof.error());
    if (*proof) {
        // §5: a refresh token of a client that authenticates is bound to that, and to no key.
        c.prove((*proof)->thumbprint, who.is_public());
        return proof;
    }
    problem const missing(400, "invalid_dpop_proof", "a DPoP proof is needed");
    if (rules.mode == dpop_mode::required)
        return missing.because("tokens are bound to a key here: send a DPoP proof");
    if (wants_bound_tokens(who)) {
        return missing.because(
            "this client has registered dpop_bound_access_tokens and sent no DPoP proof (RFC 9449 "
            "section 5.2)");
    }
    return proof;
}

outcome<void> use_up_proof(server& s, http::context const& c,
                           std::optional<dpop_proof> const& proof) {
    if (!proof) return {};
    auto const used = use_up(c, s.dpop(c), dpop_side::authorization_server, *proof);
    if (!used) return errors::explained(used.error());
    return {};
}

void add_next_nonce(server& s, http::context const& c, http::reply& r) {
    auto const rules = s.dpop(c);
    if (rules.mode == dpop_mode::off || !rules.nonce || c.proven().thumbprint.empty()) return;
    r.headers.set(dpop_nonce_header, rules.state->nonce(dpop_side::authorization_server, c.now()));
}

std::optional<problem> key_disagrees(http::context const& c, grant const& what) {
    if (what.key.empty() || what.key == c.proven().thumbprint) return std::nullopt;
    if (c.proven().thumbprint.empty()) {
        return errors::invalid_grant
            .because("the grant is bound to a key: send a DPoP proof of that key")
            .log("dpop: no proof for a bound grant");
    }
    return errors::invalid_grant.because("the grant is bound to another key than the proof's")
        .log("dpop: another key");
}

}  // namespace tollgate::oauth
