// Claims of the JWTs that we issue. Pure.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "oauth/model/policy.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// RFC 9068 §2.2, with the claims of the user (§2.2.2) and the key that it is bound to (RFC 9449
// §6.1). A token that nobody logged in for has its client as its subject and no auth_time.
boost::json::object access_claims(access_token const& t, policy const& p);

// OpenID Connect Core §2, without at_hash. One audience, the client: azp would say it again.
// `nonce` is that of the authorization request; empty: it had none.
boost::json::object id_claims(access_token const& t, policy const& p, std::string_view nonce);

}  // namespace tollgate::oauth
