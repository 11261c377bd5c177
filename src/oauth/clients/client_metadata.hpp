// Client metadata (RFC 7591 §2): what is sent, what is registered of it. Pure.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "http/message/problem.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

// The metadata that is registered for a client that sent `sent`: known members of the right
// type, with the defaults of RFC 7591 §2 and this policy filled in. What is not known is
// ignored (§2); grant types, response types and scopes that cannot be had are left out, and the
// client reads in the answer what it got (§3.2.1). Fails with invalid_redirect_uri or
// invalid_client_metadata (§3.2.2), naming the member.
outcome<boost::json::object> registered_metadata(boost::json::value const& sent, policy const& p);

}  // namespace tollgate::oauth
