// What the answer of an authorization server says about a token. Pure: no I/O.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>

#include "http/client.hpp"
#include "http/principal.hpp"
#include "http/problem.hpp"

namespace tollgate::oauth {

// Nobody could tell (503), and what is said to be dead (401). The texts are for the log.
problem cannot_tell(std::string why);
problem not_valid(std::string why);

using http_result = boost::system::result<http::answer>;

// A longer answer about one token is none.
inline constexpr std::size_t max_answer_bytes = 64 << 10;

// 200 with a JSON object. `who` names the endpoint in the log text of a failure.
outcome<boost::json::object> object_of(http_result const& got, std::string_view who);

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
