// UserInfo (OpenID Connect Core §5.3).
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "http/principal.hpp"
#include "oauth/bearer.hpp"
#include "oauth/endpoints.hpp"
#include "oauth/identity.hpp"

namespace tollgate::oauth {

namespace {

// What our own MCP server needs to decide and userinfo does not tell: only for the holder of the
// internal credential.
void reveal(boost::json::object& claims, access_token const& t) {
    claims["aud"] = boost::json::array(t.what.audience.begin(), t.what.audience.end());
    if (!t.what.scopes.empty()) claims["scope"] = scope_text(t.what.scopes);
    claims["client_id"] = t.what.client_id;
    claims["iss"] = t.what.issuer;
    claims["exp"] = to_epoch(t.expires_at);
}

}  // namespace

endpoint_result userinfo_endpoint(server& s, http::context& c) {
    auto const token = co_await presented_token(s, c);
    if (!token) co_return token.error();
    if (!has_scope(token->what.scopes, "openid")) {
        scope_list const needed{"openid"};
        co_return http::challenge::insufficient_scope(c, needed);
    }
    auto const p = s.current_policy(c.realm());
    auto claims = claims_of(*p, token->what.subject);
    if (s.is_internal(c.request())) reveal(claims, *token);
    auto r = http::json_reply(200, boost::json::serialize(claims));
    r.headers.set("Cache-Control", "no-store");
    co_return r;
}

}  // namespace tollgate::oauth
