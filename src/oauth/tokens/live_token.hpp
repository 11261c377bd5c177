// Access tokens at the authorization server's own resources: userinfo and the echo.
#pragma once

#include "http/pipeline/context.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// The live access token that a request carries (presented_access_token), whatever
// resource it was issued for: this server issued it. Fails with the challenges of http/.
task<outcome<access_token>> presented_token(server& s, http::context& c);

// The live access token of that secret, which came as a bearer token does. Fails likewise.
task<outcome<access_token>> live_token(server& s, http::context& c, std::string secret);

}  // namespace tollgate::oauth
