// What the authorization endpoint tells the client, by way of the browser.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/authorize/checks.hpp"

namespace tollgate::oauth {

using parameters = std::vector<std::pair<std::string, std::string>>;

// To the redirect URI, in the query or as a form, with what the client needs to tell this answer
// from another's: the issuer (RFC 9207 §2, on errors as well), and `state` as it was sent, unless
// `answer` brings one of its own.
http::reply send_back(http::context const& c, authorize_request const& r, parameters answer);
http::reply send_error(http::context const& c, authorize_request const& r, problem const& why);

}  // namespace tollgate::oauth
