// Metadata document (RFC 8414 §2, OpenID Connect Discovery §3). Pure.
#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "http/realm/place.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

// What the authorization server says of itself at `where`: what the policy does, under the issuer
// name that the request was sent to.
boost::json::object metadata_document(http::place const& where, policy const& p);

}  // namespace tollgate::oauth
