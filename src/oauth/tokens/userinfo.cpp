// UserInfo (OpenID Connect Core §5.3).
#include <optional>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "http/pipeline/principal.hpp"
#include "oauth/bearer/token_header.hpp"
#include "oauth/model/user_claims.hpp"
#include "oauth/server/endpoints.hpp"
#include "oauth/tokens/live_token.hpp"

namespace tollgate::oauth {

namespace {

constexpr std::string_view form_type = "application/x-www-form-urlencoded";

// What our own MCP server needs to decide and userinfo does not tell: only for the holder of the
// internal credential.
void reveal(boost::json::object& claims, access_token const& t) {
    claims["aud"] = boost::json::array(t.grant.audience.begin(), t.grant.audience.end());
    if (!t.grant.scopes.empty()) claims["scope"] = scope_text(t.grant.scopes);
    claims["client_id"] = t.grant.client_id;
    claims["iss"] = t.grant.issuer;
    claims["exp"] = to_epoch(t.expires_at);
    add_confirmation(claims, t.grant.key);
}

// RFC 6750 §2.2, which a client may use where OpenID Connect Core §5.3.1 lets it post: the token
// as a form parameter, and then nowhere else (RFC 6750 §2). Nothing when the body is no such form.
outcome<std::optional<std::string>> token_in_form(http::context& c) {
    auto const& r = c.request();
    bool const form = http::media_type(r.header("Content-Type")) == form_type;
    if (r.method != http::verb::post || !form) return std::optional<std::string>();
    auto const fields = c.body_form();
    if (!fields) return http::challenge::malformed(c, fields.error().description());
    auto const sent = (*fields)->all("access_token");
    if (sent.empty()) return std::optional<std::string>();
    auto const query = c.query();
    if (!query) return http::challenge::malformed(c, query.error().description());
    if (sent.size() > 1 || r.has("Authorization") || (*query)->has("access_token"))
        return http::challenge::malformed(c, "the request carries more than one access token");
    if (!is_b64token(sent.front()))
        return http::challenge::malformed(c, "access_token is malformed");
    return std::optional<std::string>(sent.front());
}

task<outcome<access_token>> token_of(server& s, http::context& c) {
    auto posted = token_in_form(c);
    if (!posted) co_return posted.error();
    if (!*posted) co_return co_await presented_token(s, c);
    co_return co_await live_token(s, c, std::move(**posted));
}

}  // namespace

endpoint_result userinfo_endpoint(server& s, http::context& c) {
    auto const token = co_await token_of(s, c);
    if (!token) co_return token.error();
    // OpenID Connect Core §5.3.1: a token of an OpenID Connect login.
    if (!has_scope(token->grant.scopes, "openid")) {
        scope_list const needed{"openid"};
        co_return http::challenge::insufficient_scope(c, needed);
    }
    auto const& p = s.rules(c);
    auto claims = claims_of(p, token->grant.subject, token->grant.scopes);
    if (s.is_internal(c.request())) reveal(claims, *token);
    auto r = http::json_reply(200, boost::json::serialize(claims));
    r.headers.set("Cache-Control", "no-store");
    co_return r;
}

}  // namespace tollgate::oauth
