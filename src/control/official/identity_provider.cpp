// identity provider: of a scenario that has one. It exchanges an ID token that it has signed for an
// identity assertion authorization grant ("ID-JAG", RFC 8693 and the MCP extension
// enterprise-managed authorization); nobody logs in here.
#include <boost/json/object.hpp>

#include "base/crypto.hpp"
#include "base/json.hpp"
#include "control/official/identity_provider.hpp"
#include "control/realms/realm_state.hpp"
#include "oauth/administration.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::string_view exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
constexpr std::string_view id_token = "urn:ietf:params:oauth:token-type:id_token";
constexpr std::string_view id_jag = "urn:ietf:params:oauth:token-type:id-jag";
constexpr std::int64_t lifetime = 300;

problem refused(std::string_view error, std::string sentence) {
    return problem(400, std::string(error), std::move(sentence));
}

// What is missing or not what it must be; empty: nothing.
std::string flaw_of(http::form const& f) {
    if (!f.one("subject_token")) return "subject_token is missing";
    if (f.one("subject_token_type") != id_token)
        return "subject_token_type must be " + std::string(id_token);
    if (f.one("requested_token_type") != id_jag)
        return "requested_token_type must be " + std::string(id_jag);
    if (!f.one("audience")) return "audience is missing: the issuer that the grant is for";
    if (!f.one("resource")) return "resource is missing: the MCP server that the grant is for";
    return {};
}

// What is wrong with a token of this provider's; empty: it is a good ID token of its client (OpenID
// Connect Core 1.0 §3.1.3.7).
std::string flaw_of(json::object const& claims, scenario_equipment const& own, std::int64_t now) {
    if (text_member(claims, "iss") != own.provider) return "was not issued by this provider (iss)";
    if (text_member(claims, "aud") != text_member(own.context, "idp_client_id"))
        return "is no ID token of the client of this provider (aud)";
    auto const* end = claims.if_contains("exp");
    if (end == nullptr || !end->is_number() || end->to_number<double>() <= static_cast<double>(now))
        return "has expired (exp)";
    return text_member(claims, "sub") ? "" : "is about nobody (sub)";
}

json::object grant_claims(scenario const& s, http::form const& f, std::string_view subject,
                          std::int64_t now) {
    json::object claims;
    claims["iss"] = s.equipment.provider;
    claims["sub"] = subject;
    claims["aud"] = *f.one("audience");
    claims["resource"] = *f.one("resource");
    claims["client_id"] = text_member(s.equipment.context, "client_id").value_or("");
    claims["iat"] = now;
    claims["exp"] = now + lifetime;
    claims["jti"] = random_token(16);
    return claims;
}

}  // namespace

outcome<json::object> exchange_at_provider(administrations const& to, http::context& c) {
    auto const& s = c.realm().get<realm_state>().current_scenario();
    auto const& own = s.equipment;
    if (own.provider.empty())
        return problem(404, "not_found", "this realm has no identity provider of its own");
    auto const form = http::form::parse(c.request().body);
    if (!form) return refused("invalid_request", "the body is no form");
    if (form->one("grant_type") != exchange)
        return refused("unsupported_grant_type", "only token exchange is known here");
    auto const flaw = flaw_of(*form);
    if (!flaw.empty()) return refused("invalid_request", flaw);
    auto const& keys = to.oauth;
    auto const who = keys.claims_by(own.key, *form->one("subject_token"));
    auto const now = std::chrono::floor<std::chrono::seconds>(c.now()).time_since_epoch().count();
    auto const wrong = who ? flaw_of(*who, own, now) : "is not signed by this provider";
    if (!wrong.empty()) return refused("invalid_grant", "subject_token " + wrong);
    auto const subject = text_member(*who, "sub").value_or("");
    json::object const header{{"typ", "oauth-id-jag+jwt"}};
    auto const claims = grant_claims(s, *form, subject, now);
    auto const made = keys.sign_with(own.key, header, claims);
    if (!made) return made.error();
    json::object o;
    o["access_token"] = *made;
    o["issued_token_type"] = id_jag;
    o["token_type"] = "N_A";
    o["expires_in"] = lifetime;
    return o;
}

}  // namespace tollgate::control
