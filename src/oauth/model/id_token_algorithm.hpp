// Signature algorithm of id_tokens.
#pragma once

#include <vector>

#include <boost/json/object.hpp>

#include "oauth/jose/algorithm.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

// What id_tokens of a realm may be signed with, the default first: RS256 always (OpenID Connect
// Discovery §3), and what signs its access tokens unless that is a secret of the server.
std::vector<jws_algorithm> id_token_algorithms(policy const& p);

// What a client's id_tokens are signed with: its id_token_signed_response_alg (OpenID Connect
// Registration §2) where the realm offers it, else RS256.
jws_algorithm id_token_algorithm(policy const& p, boost::json::object const& client_metadata);

}  // namespace tollgate::oauth
