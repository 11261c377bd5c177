// Token introspection (RFC 7662).
#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "oauth/client_auth/client_authentication.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/user_claims.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

// RFC 7662 §2.2: nothing more is said of a token that is not active.
json::object inactive() {
    json::object o;
    o["active"] = false;
    return o;
}

// RFC 7662 §2.2. What a seeded token does not have yet is left out.
json::object active(grant const& g, time_point issued_at, time_point expires_at) {
    json::object o;
    o["active"] = true;
    if (!g.scopes.empty()) o["scope"] = scope_text(g.scopes);
    if (!g.client_id.empty()) o["client_id"] = g.client_id;
    // RFC 7662 §2.2: username is of the resource owner; a client in its own name has none.
    if (!g.subject.empty() && g.authenticated_at != 0) o["username"] = g.subject;
    if (!g.subject.empty()) o["sub"] = g.subject;
    if (!g.actor.empty()) o["act"] = g.actor;  // RFC 8693 §4.1
    o["exp"] = to_epoch(expires_at);
    o["iat"] = to_epoch(issued_at);
    if (g.audience.size() == 1) o["aud"] = g.audience.front();
    if (g.audience.size() > 1) o["aud"] = json::array(g.audience.begin(), g.audience.end());
    if (!g.issuer.empty()) o["iss"] = g.issuer;
    return o;
}

// Of a failed look-up: "unknown" is an answer, anything else is none.
outcome<json::object> not_found(problem const& why) {
    if (why.status() == 404) return inactive();
    return why;
}

task<outcome<json::object>> describe_refresh(server& s, http::context& c, std::string_view token) {
    auto const found = co_await s.records(c).find_refresh(c.realm().name(), token);
    if (!found) co_return not_found(found.error());
    if (found->token.used) co_return inactive();
    auto const& t = found->token;
    co_return active(t.grant, t.issued_at, t.expires_at);
}

task<outcome<json::object>> describe(server& s, http::context& c, std::string_view token) {
    auto const found = co_await s.records(c).find_access(c.realm().name(), token);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        // token_type_hint only says where to look first (RFC 7662 §2.1): both places are looked at.
        co_return co_await describe_refresh(s, c, token);
    }
    auto const& p = s.rules(c);
    auto o = active(found->grant, found->issued_at, found->expires_at);
    add_user_claims(o, p, found->grant.subject, found->grant.scopes);
    o["token_type"] = found->grant.key.empty() ? "Bearer" : "DPoP";
    add_confirmation(o, found->grant.key);
    o["jti"] = found->id;
    co_return o;
}

endpoint_result answer(server& s, http::context& c, http::form const& f) {
    if (f.repeated())
        co_return errors::invalid_request.because("a parameter is there more than once");
    auto const token = f.one("token");
    if (!token) {
        co_return errors::invalid_request.because("token is missing (RFC 7662 section 2.1)");
    }
    auto const described = co_await describe(s, c, *token);
    if (!described) co_return described.error();
    auto r = http::json_reply(200, json::serialize(*described));
    r.headers.set("Cache-Control", "no-store");
    co_return r;
}

// RFC 7662 §2.1: "To prevent token scanning attacks, the endpoint MUST also require some form of
// authorization". A public client has none to show.
task<outcome<void>> authorize_caller(server& s, http::context& c, http::form const& f) {
    if (s.is_internal(c.request())) co_return outcome<void>();
    if (s.rules(c).introspection == introspection_access::open) co_return outcome<void>();
    auto const who = co_await authenticate_client(s, c, f);
    if (!who) co_return who.error();
    if (who->is_public()) {
        co_return errors::invalid_client.because("introspection needs a client that authenticates")
            .log("public client");
    }
    co_return outcome<void>();
}

}  // namespace

endpoint_result introspect_endpoint(server& s, http::context& c) {
    auto const sent = c.body_form();
    if (!sent) co_return sent.error();
    if ((*sent)->repeated())
        co_return errors::invalid_request.because("a parameter is there more than once");
    auto const allowed = co_await authorize_caller(s, c, **sent);
    if (!allowed) co_return errors::explained(allowed.error());
    co_return co_await answer(s, c, **sent);
}

// A token in a query ends up in logs, so this exists only where the policy says so.
endpoint_result introspect_by_get_endpoint(server& s, http::context& c) {
    if (s.rules(c).introspection != introspection_access::open) {
        problem const wrong(405, "method_not_allowed",
                            "introspection takes POST here (RFC 7662 section 2.1)");
        co_return wrong.with("Allow", "POST, OPTIONS");
    }
    auto const sent = c.query();
    if (!sent) co_return sent.error();
    co_return co_await answer(s, c, **sent);
}

}  // namespace tollgate::oauth
