#include "oauth/bearer.hpp"

#include "http/principal.hpp"
#include "oauth/guard.hpp"

namespace tollgate::oauth {

task<outcome<access_token>> presented_token(server& s, http::context& c) {
    auto const token = bearer_token(c);
    if (!token) co_return token.error();
    if (!*token) co_return http::challenge::missing_token(c, {});
    auto found = co_await s.records().find_access(c.realm().name(), **token);
    if (found || found.error().status() != 404) co_return found;
    co_return http::challenge::invalid_token(c, {}, "unknown access token");
}

}  // namespace tollgate::oauth
