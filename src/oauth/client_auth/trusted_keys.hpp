// The public keys of a trusted issuer.
#pragma once

#include <vector>

#include "http/pipeline/context.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// Those of its `jwks`, or those found at its `jwks_uri`, which are kept for a while; `anew` asks
// there again, for a key id that is not among them. Problem 503 when they cannot be had.
task<outcome<std::vector<verification_key>>> trusted_keys(server& s, http::context& c,
                                                          trusted_issuer const& from, bool anew);

}  // namespace tollgate::oauth
