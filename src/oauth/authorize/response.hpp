// Authorization response: what the authorization endpoint tells the client, by way of the browser.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/authorize/checks.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

using parameters = std::vector<std::pair<std::string, std::string>>;

// To the redirect URI, in the query or as a form, with what the client needs to tell this answer
// from another's: the issuer (RFC 9207 §2, on errors as well), and `state` as it was sent, unless
// `answer` brings one of its own.
http::reply send_back(http::context const& c, authorize_request const& r, parameters answer);
http::reply send_error(http::context const& c, authorize_request const& r, problem const& why);

// The code of a family of its own, for a request whose checks have passed. `authenticated_at` in
// seconds since the epoch.
authorization_code make_code(http::context const& c, authorize_request const& r,
                             std::string subject, std::int64_t authenticated_at);

// Keeps the code under `secret` and tells the client; `decision` is what was pressed
// (consent_page.hpp). A code that is there already is that of a first click.
endpoint_result send_code(server& s, http::context& c, authorize_request const& r,
                          authorization_code const& code, std::string secret, std::string decision);

}  // namespace tollgate::oauth
