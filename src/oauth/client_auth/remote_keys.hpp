// Public keys of a client that authenticates with private_key_jwt (RFC 7523 §3).
#pragma once

#include <vector>

#include "http/pipeline/context.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// The keys of its `jwks`, or those found at its `jwks_uri`, which are kept for a while; `anew`
// asks there again, for a key id that is not among them. Fails with invalid_client (401) when the
// client has none or they cannot be had.
task<outcome<std::vector<verification_key>>> client_keys(server& s, http::context& c,
                                                         client const& who, bool anew = false);

// Those of its `jwks`, or those found at its `jwks_uri`, which are kept for a while; `anew` asks
// there again, for a key id that is not among them. Problem 503 when they cannot be had.
task<outcome<std::vector<verification_key>>> trusted_keys(server& s, http::context& c,
                                                          trusted_issuer const& from, bool anew);

}  // namespace tollgate::oauth
