// How an authorization request ends well: with a code, sent to the client.
#pragma once

#include <string>

#include "oauth/authorize/checks.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

// The code of a family of its own, for a request whose checks have passed. `authenticated_at` in
// seconds since the epoch.
authorization_code make_code(http::context const& c, authorize_request const& r,
                             std::string subject, std::int64_t authenticated_at);

// Keeps the code under `secret` and tells the client; `decision` is what was pressed
// (consent_page.hpp). A code that is there already is that of a first click.
endpoint_result send_code(server& s, http::context& c, authorize_request const& r,
                          authorization_code const& code, std::string secret, std::string decision);

}  // namespace tollgate::oauth
