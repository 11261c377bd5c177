#include "oauth/issue.hpp"

#include <algorithm>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "http/offload.hpp"
#include "oauth/crypto.hpp"
#include "oauth/errors.hpp"
#include "oauth/identity.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

json::value audience_claim(std::vector<std::string> const& audience) {
    if (audience.size() == 1) return json::value(audience.front());  // RFC 7519 §4.1.3
    json::array all;
    for (auto const& a : audience)
        all.emplace_back(a);
    return all;
}

access_token make_access(token_order const& order, policy const& p, http::time_point now) {
    access_token t;
    t.what = order.what;
    t.what.scopes = order.scopes;
    t.what.audience = order.audience;
    t.id = random_token(16);
    t.issued_at = now;
    t.expires_at = now + p.access_ttl;
    if (order.not_after) t.expires_at = std::min(t.expires_at, *order.not_after);
    return t;
}

// RFC 9068 §2.2.
json::object access_claims(access_token const& t) {
    json::object claims;
    claims["iss"] = t.what.issuer;
    claims["sub"] = t.what.subject;
    claims["aud"] = audience_claim(t.what.audience);
    claims["client_id"] = t.what.client_id;
    if (!t.what.scopes.empty()) claims["scope"] = scope_text(t.what.scopes);
    if (t.what.authenticated_at != 0) claims["auth_time"] = t.what.authenticated_at;
    if (!t.what.actor.empty()) claims["act"] = t.what.actor;  // RFC 8693 §4.1
    claims["iat"] = to_epoch(t.issued_at);
    claims["exp"] = to_epoch(t.expires_at);
    claims["jti"] = t.id;
    return claims;
}

// OpenID Connect Core §2.
json::object id_claims(token_order const& order, policy const& p, access_token const& t) {
    auto claims = claims_of(p, t.what.subject, t.what.scopes);
    claims["iss"] = t.what.issuer;
    claims["aud"] = t.what.client_id;
    claims["auth_time"] = t.what.authenticated_at;
    claims["iat"] = to_epoch(t.issued_at);
    claims["exp"] = to_epoch(t.expires_at);
    if (!order.nonce.empty()) claims["nonce"] = order.nonce;
    return claims;
}

// What a signer makes: the access token and the id_token, either of them empty when not wanted.
using signed_pair = std::pair<std::string, std::string>;

signed_pair sign_both(signing_key const& key, json::object const& access, json::object const& id) {
    signed_pair made;
    if (!access.empty()) made.first = sign_jwt(key, "at+jwt", access);
    if (!id.empty()) made.second = sign_jwt(key, "JWT", id);
    return made;
}

// RSA takes about a millisecond, in which this core would serve nobody.
task<signed_pair> sign_elsewhere(server& s, json::object access, json::object id) {
    auto job = [key = s.key(), access = std::move(access), id = std::move(id)] {
        return sign_both(key, access, id);
    };
    co_return co_await http::offload(s.workers(), std::move(job));
}

problem not_recorded(problem const& why) {
    if (why.error() == "group_dead")
        return errors::invalid_grant.log("the family was revoked while tokens were being issued");
    return why;
}

task<outcome<void>> record_refresh(server& s, http::context& c, token_order const& order,
                                   policy const& p, issued_tokens& issued, http::time_point now) {
    if (!order.with_refresh) co_return outcome<void>();
    issued.refresh = random_token();
    refresh_token t;
    t.what = order.what;
    t.issued_at = now;
    t.expires_at = now + p.refresh_ttl;
    t.predecessor = order.predecessor;
    co_return co_await s.records().add_refresh(c.realm().name(), issued.refresh, t);
}

}  // namespace

task<outcome<issued_tokens>> issue_tokens(server& s, http::context& c, token_order order) {
    auto const p = s.current_policy(c.realm());
    auto const now = c.now();
    auto const access = make_access(order, *p, now);
    bool const jwt = p->format == token_format::jwt;
    // An id_token tells the client that somebody logged in (OpenID Connect Core §2).
    bool const openid = order.with_id_token && has_scope(order.scopes, "openid") &&
                        access.what.authenticated_at != 0;
    issued_tokens issued;
    issued.scope = scope_text(order.scopes);
    issued.expires_in = std::chrono::floor<std::chrono::seconds>(access.expires_at - now).count();
    if (jwt || openid) {
        auto for_access = jwt ? access_claims(access) : json::object();
        auto for_id = openid ? id_claims(order, *p, access) : json::object();
        auto made = co_await sign_elsewhere(s, std::move(for_access), std::move(for_id));
        issued.access = std::move(made.first);
        issued.id_token = std::move(made.second);
    }
    if (!jwt) issued.access = random_token();

    auto const refresh = co_await record_refresh(s, c, order, *p, issued, now);
    if (!refresh) co_return not_recorded(refresh.error());
    auto const recorded = co_await s.records().add_access(c.realm().name(), issued.access, access);
    if (!recorded) {
        co_await withdraw_tokens(s, c, issued);
        co_return not_recorded(recorded.error());
    }
    co_return issued;
}

task<void> withdraw_tokens(server& s, http::context& c, issued_tokens const& issued) {
    // A failure leaves a record of a token that nobody holds: it expires.
    auto const access = co_await s.records().erase_access(c.realm().name(), issued.access);
    if (!access) c.note("withdraw", access.error().error());
    if (issued.refresh.empty()) co_return;
    auto const refresh = co_await s.records().erase_refresh(c.realm().name(), issued.refresh);
    if (!refresh) c.note("withdraw", refresh.error().error());
}

http::reply token_reply(issued_tokens const& issued) {
    json::object body;
    body["access_token"] = issued.access;
    if (!issued.issued_type.empty()) body["issued_token_type"] = issued.issued_type;
    body["token_type"] = issued.type;
    body["expires_in"] = issued.expires_in;
    if (!issued.refresh.empty()) body["refresh_token"] = issued.refresh;
    // RFC 6749 §3.3: there is no empty scope.
    if (!issued.scope.empty()) body["scope"] = issued.scope;
    if (!issued.id_token.empty()) body["id_token"] = issued.id_token;
    auto r = http::json_reply(200, json::serialize(body));
    r.headers.set("Cache-Control", "no-store");
    r.headers.set("Pragma", "no-cache");
    return r;
}

}  // namespace tollgate::oauth
