// Token introspection (RFC 7662).
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/serialize.hpp>

#include "oauth/client_auth/client_authentication.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/user_claims.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::size_t most_members = 16;

// RFC 7662 §2.2: nothing more is said of a token that is not active.
std::string inactive() {
    return R"({"active":false})";
}

// RFC 7662 §2.2. What a seeded token does not have yet is left out.
void add_grant(json::object& o, grant const& g, time_point issued_at, time_point expires_at) {
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
}

// In the memory of the caller, which most answers fit into.
std::string described(refresh_token const& t) {
    std::array<unsigned char, 2048> room;
    json::monotonic_resource memory(room.data(), room.size());
    json::object o(&memory);
    o.reserve(most_members);
    add_grant(o, t.grant, t.issued_at, t.expires_at);
    return json::serialize(o);
}

std::string described(access_token const& t, policy const& p) {
    std::array<unsigned char, 2048> room;
    json::monotonic_resource memory(room.data(), room.size());
    json::object o(&memory);
    o.reserve(most_members);
    add_grant(o, t.grant, t.issued_at, t.expires_at);
    add_user_claims(o, p, t.grant.subject, t.grant.scopes);
    o["token_type"] = t.grant.key.empty() ? "Bearer" : "DPoP";
    add_confirmation(o, t.grant.key);
    o["jti"] = t.id;
    return json::serialize(o);
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
