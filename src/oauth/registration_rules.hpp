// What the members of client metadata must be to each other and to the policy (RFC 7591 §2,
// OpenID Connect Registration §2). Each settles its members: fills in the default, leaves out what
// cannot be had, or says why not. Pure.
#pragma once

#include <optional>
#include <string>

#include <boost/json/object.hpp>

#include "http/problem.hpp"
#include "oauth/policy.hpp"

namespace tollgate::oauth {

using registration_flaw = std::optional<problem>;

registration_flaw settle_grants(boost::json::object& o, policy const& p);
registration_flaw settle_redirects(boost::json::object& o, policy const& p);
registration_flaw settle_authentication(boost::json::object& o, policy const& p);
registration_flaw settle_scope(boost::json::object& o, policy const& p);
registration_flaw settle_identity(boost::json::object& o, policy const& p);

// A key set that somebody may register: public keys only, each with a key type. Also used for the
// configured clients. The end of a sentence that begins with "jwks"; empty when it is fine.
std::string flaw_of_jwks(boost::json::object const& set);

}  // namespace tollgate::oauth
