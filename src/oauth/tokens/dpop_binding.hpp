// DPoP at the token endpoint (RFC 9449 §5).
#pragma once

#include <optional>

#include "http/pipeline/context.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// Checks the proof of a token request and leaves its key on the context, where issue_tokens finds
// it. It is not used up yet; nothing where there is none. Problem 400 invalid_dpop_proof when a
// proof is missing that the realm or the client (dpop_bound_access_tokens, §5.2) asks for, or one
// is there that is none; use_dpop_nonce.
outcome<std::optional<dpop_proof>> prove_key(server& s, http::context& c, client const& who);

// RFC 9449 §11.1: a proof is good once. For a client that was found good, or a grant where nobody
// says who they are: what anybody can send leaves no note. Problem 400 invalid_dpop_proof, or 503.
outcome<void> use_up_proof(server& s, http::context const& c,
                           std::optional<dpop_proof> const& proof);

// RFC 9449 §8.2: the next nonce, in an answer to who proved a key.
void add_next_nonce(server& s, http::context const& c, http::reply& r);

// invalid_grant when `what` is bound to another key than the one that the request proved.
std::optional<problem> key_disagrees(http::context const& c, grant const& what);

}  // namespace tollgate::oauth
