#include "oauth/bearer.hpp"

#include "http/principal.hpp"
#include "oauth/guard.hpp"

namespace tollgate::oauth {

task<outcome<access_token>> presented_token(server& s, http::context& c) {
    auto const token = bearer_token(c);
    if (!token) co_return token.error();
    if (!*token) co_return http::challenge::missing_token(c, {});
    co_return co_await live_token(s, c, **token);
}

task<outcome<access_token>> live_token(server& s, http::context& c, std::string secret) {
    auto found = co_await s.records().find_access(c.realm().name(), secret);
    if (found || found.error().status() != 404) co_return found;
    co_return http::challenge::invalid_token(c, {}, "unknown access token");
}

}  // namespace tollgate::oauth
