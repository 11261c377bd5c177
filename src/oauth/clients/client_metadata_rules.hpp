// Client metadata rules: what its members must be to each other and to the policy (RFC 7591 §2,
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

// RFC 7591 §3.2.2, invalid_client_metadata.
problem bad_metadata(std::string sentence);

registration_flaw apply_grants_rules(boost::json::object& o, policy const& p);
registration_flaw apply_redirects_rules(boost::json::object& o, policy const& p);
registration_flaw apply_authentication_rules(boost::json::object& o, policy const& p);
registration_flaw apply_scope_rules(boost::json::object& o, policy const& p);
registration_flaw apply_identity_rules(boost::json::object& o, policy const& p);

}  // namespace tollgate::oauth
