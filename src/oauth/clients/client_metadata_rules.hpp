// What the members of client metadata must be to each other and to the policy (RFC 7591 §2,
// OpenID Connect Registration §2). Each settles its members: fills in the default, leaves out what
// cannot be had, or says why not. Pure.
#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "http/message/problem.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

using registration_flaw = std::optional<problem>;

registration_flaw settle_grants(boost::json::object& o, policy const& p);
registration_flaw settle_redirects(boost::json::object& o, policy const& p);
registration_flaw settle_authentication(boost::json::object& o, policy const& p);
registration_flaw settle_scope(boost::json::object& o, policy const& p);
registration_flaw settle_identity(boost::json::object& o, policy const& p);

}  // namespace tollgate::oauth
