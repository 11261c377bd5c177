// Token introspection (RFC 7662).
#include <optional>
#include <string>
#include <utility>

#include <boost/json/object.hpp>

#include "oauth/client_auth/client_authentication.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/record_text.hpp"
#include "oauth/model/user_claims.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

// RFC 7662 §2.2: nothing more is said of a token that is not active.
std::string inactive() {
    return R"({"active":false})";
}

// RFC 7662 §2.2: username is of the resource owner; a client in its own name has none.
bool has_username(grant const& g) noexcept {
    return !g.subject.empty() && g.authenticated_at != 0;
}

// RFC 7662 §2.2. What a seeded token does not have yet is left out.
void add_grant(record_serializer& o, grant const& g, time_point issued_at, time_point expires_at) {
    o.flag("active", true);
    if (!g.scopes.empty()) o.text("scope", scope_text(g.scopes));
    if (!g.client_id.empty()) o.text("client_id", g.client_id);
    if (has_username(g)) o.text("username", g.subject);
    if (!g.subject.empty()) o.text("sub", g.subject);
    if (!g.actor.empty()) o.object("act", g.actor);  // RFC 8693 §4.1
    o.number("exp", to_epoch(expires_at));
    o.number("iat", to_epoch(issued_at));
    if (g.audience.size() == 1) o.text("aud", g.audience.front());
    if (g.audience.size() > 1) o.texts("aud", g.audience);
    if (!g.issuer.empty()) o.text("iss", g.issuer);
}

// None of them has a name that the protocol has.
void add_claims(record_serializer& o, grant const& g, policy const& p) {
    json::object claims;
    add_user_claims(claims, p, g.subject, g.scopes);
    for (auto const& [name, value] : claims)
        if (name != "username" || !has_username(g)) o.value(name, value);
}

std::string described(refresh_token const& t) {
    record_serializer o;
    add_grant(o, t.grant, t.issued_at, t.expires_at);
    return o.take();
}

std::string described(access_token const& t, policy const& p) {
    record_serializer o;
    add_grant(o, t.grant, t.issued_at, t.expires_at);
    add_claims(o, t.grant, p);
    o.text("token_type", t.grant.key.empty() ? "Bearer" : "DPoP");
    json::object bound;
    add_confirmation(bound, t.grant.key);
    for (auto const& [name, value] : bound)
        o.value(name, value);
    o.text("jti", t.id);
    return o.take();
}

// Of a failed look-up: "unknown" is an answer, anything else is none.
outcome<std::string> not_found(problem const& why) {
    if (why.status() == 404) return inactive();
    return why;
}

task<outcome<std::string>> describe_refresh(server& s, http::context& c, std::string_view token) {
    auto const found = co_await s.records(c).find_refresh(c.realm().name(), token);
    if (!found) co_return not_found(found.error());
    if (found->token.used) co_return inactive();
    co_return described(found->token);
}

task<outcome<std::string>> describe(server& s, http::context& c, std::string_view token) {
    auto const found = co_await s.records(c).find_access(c.realm().name(), token);
    if (!found) {
        if (found.error().status() != 404) co_return found.error();
        // token_type_hint only says where to look first (RFC 7662 §2.1): both places are looked at.
        co_return co_await describe_refresh(s, c, token);
    }
    co_return described(*found, s.rules(c));
}

endpoint_result answer(server& s, http::context& c, http::form const& f) {
    if (f.repeated())
        co_return errors::invalid_request.because("a parameter is there more than once");
    auto const token = f.one("token");
    if (!token) {
        co_return errors::invalid_request.because("token is missing (RFC 7662 section 2.1)");
    }
    auto text = co_await describe(s, c, *token);
    if (!text) co_return text.error();
    auto r = http::json_reply(200, std::move(*text));
    r.headers.add("Cache-Control", "no-store");
    co_return r;
}

// RFC 7662 §2.1: "To prevent token scanning attacks, the endpoint MUST also require some form of
// authorization". A public client has none to show.
task<outcome<void>> authorize_caller(server& s, http::context& c, http::form const& f) {
    if (s.is_internal(c.request())) co_return outcome<void>();
    if (s.rules(c).introspection == introspection_access::open) co_return outcome<void>();
    auto const who = co_await authenticate_client(s, c, f);
    if (!who) co_return who.error();
    if ((*who)->is_public()) {
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
