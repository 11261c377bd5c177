#include "oauth/tokens/claims.hpp"

#include <boost/json/array.hpp>

#include "oauth/model/user_claims.hpp"

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

// Only where somebody logged in.
void add_auth_time(json::object& claims, grant const& what) {
    if (!what.subject.empty() && what.authenticated_at != 0)
        claims["auth_time"] = what.authenticated_at;
}

}  // namespace

json::object access_claims(access_token const& t, policy const& p) {
    json::object claims;
    claims["iss"] = t.grant.issuer;
    claims["sub"] = t.grant.subject.empty() ? t.grant.client_id : t.grant.subject;
    claims["aud"] = audience_claim(t.grant.audience);
    claims["client_id"] = t.grant.client_id;
    if (!t.grant.scopes.empty()) claims["scope"] = scope_text(t.grant.scopes);
    add_auth_time(claims, t.grant);
    if (!t.grant.actor.empty()) claims["act"] = t.grant.actor;  // RFC 8693 §4.1
    claims["iat"] = to_epoch(t.issued_at);
    claims["exp"] = to_epoch(t.expires_at);
    claims["jti"] = t.id;
    add_confirmation(claims, t.grant.key);
    // Last, because it adds only what is not there.
    add_user_claims(claims, p, t.grant.subject, t.grant.scopes);
    return claims;
}

json::object id_claims(access_token const& t, policy const& p, std::string_view nonce) {
    json::object claims;
    claims["iss"] = t.grant.issuer;
    claims["sub"] = t.grant.subject;
    claims["aud"] = t.grant.client_id;
    add_auth_time(claims, t.grant);
    claims["iat"] = to_epoch(t.issued_at);
    claims["exp"] = to_epoch(t.expires_at);
    if (!nonce.empty()) claims["nonce"] = nonce;
    add_user_claims(claims, p, t.grant.subject, t.grant.scopes);
    return claims;
}

}  // namespace tollgate::oauth
