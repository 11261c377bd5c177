// Management of a registration by the client itself (RFC 7592): /register/{client_id}.
#include <optional>
#include <utility>

#include "base/crypto.hpp"
#include "http/pipeline/principal.hpp"
#include "oauth/bearer/token_header.hpp"
#include "oauth/clients/client_grants.hpp"
#include "oauth/clients/client_metadata.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/registration/client_information.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

struct managed_client {
    client who;
    std::string token;  // that the request showed
};

// RFC 7592 §2: the registration access token "as an OAuth 2.0 Bearer Token" (RFC 6750). It belongs
// to nothing that a resource server protects, so the challenge names no resource.
problem refused(std::string_view why) {
    return problem(401, "invalid_token", "the registration access token is not valid for this URL")
        .with("WWW-Authenticate", "Bearer realm=\"registration\", error=\"invalid_token\"")
        .log(std::string(why));
}

problem unasked() {
    return problem(401, "invalid_token", "this URL needs the registration access token")
        .with("WWW-Authenticate", "Bearer realm=\"registration\"")
        .log("no registration access token");
}

// RFC 7592 §2.1: a client that does not exist is answered like a token that is wrong.
task<outcome<managed_client>> caller(server& s, http::context& c) {
    auto const token = presented_access_token(c, dpop_rules(), {});
    if (!token) co_return token.error();
    if (!*token) co_return unasked();
    managed_client m;
    m.token = (*token)->token;
    std::string const id(c.parameter("client_id"));
    auto found = co_await s.records(c).find_client(c.realm().name(), id);
    if (!found) {
        if (found.error().status() == 404) co_return refused("unknown client");
        co_return found.error();
    }
    if (!equal_in_constant_time(digest_of(m.token), found->registration_digest))
        co_return refused("wrong registration access token");
    m.who = std::move(*found);
    limit_grants(m.who, s.rules(c));
    c.facts().client_id = m.who.id;
    co_return m;
}

// Of a change that met another one: the client is gone, or was changed a moment ago.
problem told_to_client(problem const& why) {
    if (why.status() == 404) return refused("deleted meanwhile");
    if (why.status() == 409) return errors::temporarily_unavailable.log("changed meanwhile");
    return why;
}

problem bad(std::string sentence) {
    return errors::invalid_client_metadata.because(std::move(sentence));
}

// RFC 7592 §2.2: what an update must and must not hold besides the metadata.
std::optional<problem> check_update(json::object const& sent, client const& who) {
    for (auto const* name : {"registration_access_token", "registration_client_uri",
                             "client_secret_expires_at", "client_id_issued_at"}) {
        if (sent.contains(name))
            return bad(std::string(name) + " must not be sent (RFC 7592 section 2.2)");
    }
    auto const* id = sent.if_contains("client_id");
    if (!id || !id->is_string() || id->as_string() != who.id)
        return bad("client_id must be there and be this client's (RFC 7592 section 2.2)");
    auto const* secret = sent.if_contains("client_secret");
    if (!secret) return std::nullopt;
    bool const same =
        secret->is_string() && !who.secret_digest.empty() &&
        equal_in_constant_time(digest_of(std::string_view(secret->as_string())), who.secret_digest);
    if (!same) return bad("client_secret must be the current one (RFC 7592 section 2.2)");
    return std::nullopt;
}

// The client as the request wants it; nothing is stored yet.
outcome<client> updated(http::context& c, policy const& p, client const& before) {
    auto const body = c.body_json();
    if (!body) return bad(body.error().description());
    if (!(*body)->is_object()) return bad("client metadata is a JSON object");
    if (auto why = check_update((*body)->get_object(), before)) return std::move(*why);
    auto metadata = registered_metadata(**body, p);
    if (!metadata) return metadata.error();
    client after = before;
    // RFC 7592 §2.2: what the request leaves out is deleted.
    after.metadata = std::move(*metadata);
    read_metadata(after);
    return after;
}

// A client that changes to a secret gets one, and one that changes away from it loses it.
void settle_secret(client& after, json::object const& sent, registration_secrets& known) {
    if (!after.has_secret()) {
        after.secret_digest.clear();
        return;
    }
    if (after.secret_digest.empty()) {
        known.client_secret = random_token();
        after.secret_digest = digest_of(known.client_secret);
        return;
    }
    if (auto const* shown = sent.if_contains("client_secret"))
        known.client_secret = std::string(shown->as_string());
}

}  // namespace

endpoint_result read_client_endpoint(server& s, http::context& c) {
    auto const m = co_await caller(s, c);
    if (!m) co_return m.error();
    registration_secrets known;
    known.registration_token = m->token;
    co_return client_information(c, 200, m->who, known);
}

endpoint_result update_client_endpoint(server& s, http::context& c) {
    auto const m = co_await caller(s, c);
    if (!m) co_return m.error();
    auto const& p = s.rules(c);
    auto after = updated(c, p, m->who);
    if (!after) co_return errors::explained(after.error());
    registration_secrets known;
    known.registration_token = m->token;
    auto const sent = c.body_json();
    settle_secret(*after, (*sent)->get_object(), known);
    auto const done = co_await s.records(c).replace_client(c.realm().name(), *after);
    if (!done) co_return told_to_client(done.error());
    co_return client_information(c, 200, *after, known);
}

// RFC 7592 §2.3: the client, its token and all that it was granted are gone.
endpoint_result delete_client_endpoint(server& s, http::context& c) {
    auto const m = co_await caller(s, c);
    if (!m) co_return m.error();
    auto const& realm = c.realm().name();
    // Before the client goes: should the store fail here, it can ask once more. What is being
    // issued meanwhile finds the group dead and is refused.
    auto const revoked = co_await s.records(c).revoke_client(realm, m->who.id);
    if (!revoked) co_return revoked.error();
    auto const erased = co_await s.records(c).erase_client(realm, m->who.id);
    if (!erased) co_return told_to_client(erased.error());
    if (*erased) s.budget().clients.give_back(c.realm().id(), m->who.id);
    c.note("revoked", std::to_string(*revoked) + " records of a deleted client");
    http::reply r(204);
    r.headers.set("Cache-Control", "no-store");
    r.headers.set("Pragma", "no-cache");
    co_return r;
}

}  // namespace tollgate::oauth
