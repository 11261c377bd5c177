// How we authenticate as a client of somebody else's authorization server.
#pragma once

#include <string>
#include <string_view>

#include "oauth/provider_metadata.hpp"

namespace tollgate::oauth {

// The value of an Authorization field. RFC 6749 §2.3.1: both halves are form-encoded before they
// are joined.
std::string basic_credentials(std::string_view id, std::string_view secret);

// The secret goes into the body: the provider takes it there and not by Basic, which is what it
// takes when it says nothing (RFC 8414 §2).
bool takes_secret_in_body(provider_metadata const& m);

}  // namespace tollgate::oauth
