// Callback of the test page, the end of a login: the code redeemed, userinfo asked, both shown.
#pragma once

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/test_page/test_page.hpp"

namespace tollgate::oauth {

// GET /oauth/callback.
task<outcome<http::reply>> finish_login(test_page& p, http::context& c);

}  // namespace tollgate::oauth
