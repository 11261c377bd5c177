// The scope of a token request that no person is asked about (RFC 6749 §3.3, §4.4.2).
#pragma once

#include "http/message/form.hpp"
#include "http/message/problem.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// What a client with that configured limit may be granted at all; an empty limit is none.
scope_list grantable_scopes(policy const& p, scope_list const& limit);

// invalid_scope for a text that is no scope, and for one that holds more than `allowed`: each names
// what was sent, the second also what could have been.
problem malformed_scope(std::string_view text);
problem refused_scope(scope_list const& asked, scope_list const& allowed);

// What `f` asks for, or the default scopes of the policy when it names none: never more than
// `who` may have. Fails with invalid_scope; also when nothing is left of the default, because a
// server then must "fail the request" (§3.3).
outcome<scope_list> requested_scopes(http::form const& f, policy const& p, client const& who);

// Likewise, within a further `limit`; `standard` is for a request that names none.
outcome<scope_list> requested_scopes(http::form const& f, scope_list const& limit,
                                     scope_list const& standard);

}  // namespace tollgate::oauth
