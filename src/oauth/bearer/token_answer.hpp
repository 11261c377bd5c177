// Token answers: what an authorization server's answer says about a token. Pure: no I/O.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "http/pipeline/principal.hpp"
#include "oauth/fetch/json_answer.hpp"

namespace tollgate::oauth {

// scope, client_id, aud, exp, iss and cnf, which mean the same in introspection (RFC 7662 §2.2) and
// in a JWT (RFC 9068 §2.2). False when a member has a type that it must not have.
bool read_token_claims(boost::json::object const& claims, http::principal& into);

// RFC 7662 §2.2. `own`: our own AS was asked, which always says what sort of token it is, and
// which scopes it has unless it has none.
outcome<http::principal> principal_of_introspection(http_result const& got, bool own,
                                                    std::string_view token_digest);
// OpenID Connect Core §5.3. Of a foreign provider only the identity counts.
outcome<http::principal> principal_of_userinfo(http_result const& got, bool own);

}  // namespace tollgate::oauth
