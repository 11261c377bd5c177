// What a realm grants when a request does not say.
#pragma once

#include <string>

#include "oauth/model/policy.hpp"
#include "oauth/model/scope.hpp"

namespace tollgate::oauth {

// Who approves automatically: the first user.
std::string default_user(policy const& p);

// policy::default_scopes, with openid where tokens are validated by userinfo: without it the
// token could not be used at all (OpenID Connect Core §5.3).
scope_list default_scopes(policy const& p);

}  // namespace tollgate::oauth
