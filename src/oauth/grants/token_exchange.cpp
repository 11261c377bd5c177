// Token exchange (RFC 8693): a token of this realm for another one, of less; for another audience
// only where the configuration says so. Without an actor_token the new token is the subject's own
// (impersonation, §1.1); with one it says in `act` who acts for the subject (delegation).
#include <algorithm>
#include <utility>

#include "oauth/grants/exchanged_token.hpp"
#include "oauth/grants/grants.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/requested_scope.hpp"
#include "oauth/model/resource_indicator.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

// RFC 8693 §2.2.2: what is wrong with either token is invalid_request.
problem refused_exchange(std::string sentence) {
    return errors::invalid_request.because(sentence).log("token exchange: " + sentence);
}

// §2.1: actor_token_type is there exactly when actor_token is.
outcome<void> check_parameters(http::form const& f) {
    if (!f.one("subject_token")) return refused_exchange("subject_token is missing");
    if (!f.one("subject_token_type")) return refused_exchange("subject_token_type is missing");
    if (f.has("actor_token") != f.has("actor_token_type"))
        return refused_exchange(
            "actor_token and actor_token_type belong together (RFC 8693 section 2.1)");
    return {};
}

// The type of the new token: an access token, which is a JWT where the realm issues such.
outcome<std::string_view> requested_type(http::form const& f, policy const& p) {
    auto const asked = f.one("requested_token_type");
    if (!asked || *asked == token_type::access) return token_type::access;
    bool const jwt = *asked == token_type::jwt && p.format == token_format::jwt;
    if (jwt) return token_type::jwt;
    return refused_exchange("requested_token_type cannot be issued here");
}

bool is_covered(std::vector<std::string> const& granted, std::string_view wanted,
                http::place const& where) {
    return std::ranges::any_of(
        granted, [&](std::string const& g) { return where.covers_resource(g, wanted); });
}

// RFC 8693 §2.1: audience is a logical name, resource a URI; the new token is for all of them, and
// without any for what the subject's token is for. The audience of a token is there to keep it from
// others (RFC 9700 §2.3), so what neither that token nor the configuration of the client covers is
// invalid_target (§2.2.2).
outcome<std::vector<std::string>> targets(http::form const& f, http::place const& where,
                                          client const& who, grant const& subject) {
    auto wanted = named_resources(f);
    if (!wanted) return wanted;
    for (auto const name : f.all("audience")) {
        if (!name.empty() && std::ranges::find(*wanted, name) == wanted->end())
            wanted->emplace_back(name);
        if (wanted->size() > most_resources)
            return errors::invalid_target.because("more than 10 targets were requested");
    }
    for (auto const& target : *wanted) {
        if (is_covered(subject.audience, target, where) ||
            is_covered(who.exchange_audience, target, where))
            continue;
        return errors::invalid_target
            .because(
                "a requested resource or audience is none that the subject_token is for; only "
                "exchange_audience of the client in the configuration can allow more")
            .log("token exchange: wider audience");
    }
    return wanted->empty() ? subject.audience : std::move(*wanted);
}

// §1.1: never more than the subject's token was good for.
outcome<scope_list> scopes_within(http::form const& f, scope_list const& subject,
                                  scope_list const& limit) {
    if (limit.empty() && !subject.empty()) {
        return errors::invalid_scope.because(
            "none of the scopes of the subject_token can be granted to this client");
    }
    auto scopes = requested_scopes(f, limit, subject);
    if (scopes || limit.empty()) return scopes;
    return errors::invalid_scope.because(
        scopes.error().description() + "; of this subject_token can be had: " + scope_text(limit));
}

// RFC 8693 §4.4: a subject may say who alone may act for it. Ours say so among their claims.
bool may_act(policy const& p, std::string const& subject, std::string const& actor) {
    auto const u = std::ranges::find(p.users, subject, &user::name);
    if (u == p.users.end()) return true;
    auto const* allowed = u->claims.if_contains("may_act");
    if (!allowed) return true;
    auto const* sub = allowed->is_object() ? allowed->get_object().if_contains("sub") : nullptr;
    return sub && sub->is_string() && std::string_view(sub->get_string()) == actor;
}

// RFC 8693 §4.1: the current actor, and inside of it those that acted before.
json::object actor_claim(grant const& actor, json::object const& before) {
    json::object act;
    act["sub"] = actor.subject;
    if (!actor.client_id.empty()) act["client_id"] = actor.client_id;
    if (!before.empty()) act["act"] = before;
    return act;
}

outcome<token_order> ordered(http::form const& f, http::context const& c, policy const& p,
                             client const& who, access_token const& subject) {
    auto const limit = intersection(subject.grant.scopes, grantable_scopes(p, who.scope_limit));
    auto scopes = scopes_within(f, subject.grant.scopes, limit);
    if (!scopes) return scopes.error();
    auto audience = targets(f, c.place(), who, subject.grant);
    if (!audience) return audience.error();
    auto what = exchanged_grant(subject, who);
    if (!what) return refused_exchange("subject_token: " + what.error().description());
    token_order order;
    order.grant = std::move(*what);
    order.first_of_client = who.unused;
    order.grant.scopes = *scopes;
    order.grant.audience = *audience;
    order.scopes = std::move(*scopes);
    order.audience = std::move(*audience);
    // Or a token could be exchanged for ever, each time before it expires.
    order.not_after = subject.expires_at;
    return order;
}

task<outcome<json::object>> acting_party(token_request const& r, access_token const& subject) {
    // An impersonation of a delegation goes on to say who acted.
    if (!r.form.has("actor_token")) co_return subject.grant.actor;
    auto const token = *r.form.one("actor_token");
    auto const type = *r.form.one("actor_token_type");
    auto const actor = co_await find_exchanged_token(r.as, r.http, token, type, r.who);
    if (!actor) {
        if (actor.error().status() != 400) co_return actor.error();
        co_return refused_exchange("actor_token: " + actor.error().description());
    }
    if (!may_act(r.rules, subject.grant.subject, actor->grant.subject))
        co_return refused_exchange("the subject lets somebody else act for it (may_act)");
    co_return actor_claim(actor->grant, subject.grant.actor);
}

}  // namespace

task<outcome<issued_tokens>> issue_for_exchange(token_request const& r) {
    auto const complete = check_parameters(r.form);
    if (!complete) co_return complete.error();
    auto const type = requested_type(r.form, r.rules);
    if (!type) co_return type.error();
    auto const token = *r.form.one("subject_token");
    auto const said_type = *r.form.one("subject_token_type");
    auto const subject = co_await find_exchanged_token(r.as, r.http, token, said_type, r.who);
    if (!subject) {
        // A store that is away is no mistake in the token.
        if (subject.error().status() != 400) co_return subject.error();
        co_return refused_exchange("subject_token: " + subject.error().description());
    }
    auto order = ordered(r.form, r.http, r.rules, r.who, *subject);
    if (!order) co_return order.error();
    auto actor = co_await acting_party(r, *subject);
    if (!actor) co_return actor.error();
    order->grant.actor = std::move(*actor);
    auto issued = co_await issue_tokens(r.as, r.http, std::move(*order));
    if (issued) issued->issued_type = std::string(*type);
    co_return issued;
}

}  // namespace tollgate::oauth
