// Basic credentials: how we authenticate as a client of somebody else's authorization server.
#pragma once

#include <string>
#include <string_view>

namespace tollgate::oauth {

// The value of an Authorization field. RFC 6749 §2.3.1: both halves are form-encoded before they
// are joined.
std::string basic_credentials(std::string_view id, std::string_view secret);

}  // namespace tollgate::oauth
