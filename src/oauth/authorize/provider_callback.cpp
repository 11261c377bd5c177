// The way back from the provider (RFC 6749 §4.1.2, as its client): whose login it was, who logged
// in, and the client's code.
#include <algorithm>
#include <array>
#include <utility>

#include "base/crypto.hpp"
#include "base/log/log.hpp"
#include "http/pipeline/cookie.hpp"
#include "oauth/authorize/authorize.hpp"
#include "oauth/authorize/provider_login.hpp"
#include "oauth/authorize/response.hpp"
#include "oauth/fetch/provider_failure.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/pages/page_errors.hpp"
#include "oauth/upstream/broker/broker.hpp"
#include "oauth/upstream/identity.hpp"

namespace tollgate::oauth {

namespace {

// For the person: there is no login that this answer belongs to, so there is nobody to send it to.
problem lost(std::string_view why, std::string_view check) {
    auto const text = std::string(why) + " Go back to the application and sign in again.";
    return shown(errors::invalid_request.because(text), check);
}

// RFC 6749 §10.12: the login that this very browser was sent out with, once.
task<outcome<pending_login>> login_of(server& s, http::context& c, http::form const& f) {
    auto const state = f.one("state");
    if (!state) {
        co_return lost("The sign-in service did not say which sign-in it answers (state).",
                       "state");
    }
    auto& logins = s.upstream()->logins();
    auto const& realm = c.realm().name();
    auto found = co_await logins.find(realm, *state);
    if (!found && found.error().status() != 404)
        co_return found.error().as(problem::shown_as::page);
    if (!found) {
        co_return lost("This sign-in is not known here, or it took longer than ten minutes.",
                       "unknown state");
    }
    // Before the login is used up: whoever is sent to this address by another must not end it.
    auto const name = http::cookie_name(c, upstream_cookie);
    auto const cookie = http::cookie_value(c.request(), name).value_or("");
    if (!equal_in_constant_time(digest_of(cookie), found->login.browser)) {
        co_return lost("This sign-in was started in another browser, or this one keeps no cookies.",
                       "state of another browser");
    }
    if (found->used) co_return lost("This sign-in was completed before.", "state used twice");
    // A reload may arrive at the same time: one of the two goes on.
    auto const first = co_await logins.redeem(realm, *state);
    if (!first) co_return first.error().as(problem::shown_as::page);
    if (!*first) co_return lost("This sign-in was completed before.", "state used twice");
    co_return std::move(found->login);
}

// RFC 9207 §2.4: another server's answer is none.
std::optional<problem> wrong_issuer(http::form const& f, provider_metadata const& m) {
    if (m.issuer.empty() || (!m.sends_issuer && !f.has("iss"))) return std::nullopt;
    if (f.one("iss") == m.issuer) return std::nullopt;
    return errors::server_error.because(
        f.has("iss") ? "The answer of the provider's authorization endpoint names another issuer."
                     : "The answer of the provider's authorization endpoint lacks iss, which its "
                       "metadata promise.");
}

// What the provider said instead of a code. To the client it is we who are the server: what went
// wrong between us and the provider is no mistake of its own.
problem provider_said(std::string_view error, std::optional<std::string_view> description,
                      authorize_request const& r) {
    static constexpr std::array<std::string_view, 3> of_its_own{
        "access_denied", "temporarily_unavailable", "server_error"};
    // OpenID Connect Core §3.1.2.6: what a client hears that allows no page.
    static constexpr std::array<std::string_view, 4> of_silence{
        "login_required", "interaction_required", "consent_required", "account_selection_required"};
    auto const among = [&](auto const& names) { return std::ranges::count(names, error) != 0; };
    bool const silent = has_scope(r.prompt, "none");
    auto text = "The provider's authorization endpoint answered " + printable(error);
    if (description) text += ": " + printable(*description);
    bool const pass = among(of_its_own) || (silent && among(of_silence));
    std::string const code(pass ? error : std::string_view("server_error"));
    return problem(400, code, text).log(text);
}

// One return from the provider whose login is known.
struct homecoming {
    server& s;
    http::context& c;
    http::form const& answer;
    pending_login const& login;
    authorize_request const& r;
    broker& b;
    provider_metadata const* m = nullptr;
};

id_token_wish wish_of(homecoming const& h) {
    id_token_wish w;
    w.issuer = h.m->issuer;
    w.client_id = h.b.upstream().options().client_id;
    w.nonce = h.login.nonce;
    w.now = h.c.now();
    return w;
}

provider_grant grant_of(provider_tokens t, std::string subject, time_point now) {
    provider_grant g;
    g.access_token = std::move(t.access_token);
    g.refresh_token = std::move(t.refresh_token);
    g.subject = std::move(subject);
    g.issued_at = now;
    if (t.expires_in) g.expires_at = now + *t.expires_in;
    return g;
}

// A provider that says nothing of who it was: nobody comes back under the same name.
std::string subject_of(homecoming const& h, provider_identity const& who) {
    auto const& provider = broker::name_of(*h.m);
    if (!who.subject.empty()) return brokered_subject(who.subject, provider);
    log(log_level::warning, "provider_names_nobody",
        {{"provider", provider},
         {"hint", "no id_token and no userinfo with sub: this login has a name of its own"}});
    return brokered_subject("anonymous-" + random_token(12), provider);
}

// OpenID Connect Core §3.1.2.1: who is not the one that the client means, or logged in too long
// ago, has not logged in.
bool is_another_login(homecoming const& h, std::string const& subject, std::int64_t at) {
    if (!h.r.hinted_subject.empty() && h.r.hinted_subject != subject) return true;
    return h.r.max_age && to_epoch(h.c.now()) - at > *h.r.max_age;
}

endpoint_result welcome(homecoming& h, provider_tokens tokens) {
    auto const flaw = flaw_of_type(tokens);
    if (!flaw.empty()) {
        co_return refuse(h.c, h.r, errors::server_error.because(flaw), "provider token");
    }
    auto wanted = wish_of(h);
    auto const who =
        co_await identify(h.b.upstream(), h.s.key_sets(), *h.m, tokens, std::move(wanted));
    if (!who) {
        co_return refuse(h.c, h.r, told_to_client(who.error()), "provider identity");
    }
    auto const subject = subject_of(h, *who);
    // A provider that sends no auth_time: the person has come from it just now.
    auto const at = who->authenticated_at != 0 ? who->authenticated_at : to_epoch(h.c.now());
    if (is_another_login(h, subject, at))
        co_return refuse(h.c, h.r, errors::login_required, "provider login");

    auto code = make_code(h.c, h.r, subject, at);
    code.grant.brokered = true;
    auto const grant = grant_of(std::move(tokens), who->subject, h.c.now());
    // For as long as any token of ours may come of this login.
    auto const until = h.c.now() + std::max(h.r.rules.refresh_ttl, h.r.rules.access_ttl);
    // Before the code is sent, which the client may redeem at once.
    auto const kept = co_await h.b.tokens().add(h.c.realm().name(), code.grant, grant, until);
    if (!kept) co_return refuse(h.c, h.r, errors::temporarily_unavailable, "provider token");
    h.c.facts().subject = subject;
    auto secret = random_token();
    auto decision = h.login.decision;
    co_return co_await send_code(h.s, h.c, h.r, code, std::move(secret), std::move(decision));
}

endpoint_result receive(homecoming& h) {
    auto const known = co_await h.b.upstream().metadata();
    if (!known) co_return refuse(h.c, h.r, told_to_client(known.error()), "provider");
    h.m = known->get();
    // Before the error is believed: it, too, may be another server's.
    auto const other = wrong_issuer(h.answer, *h.m);
    if (other) co_return refuse(h.c, h.r, *other, "iss");
    auto const error = h.answer.one("error");
    if (error) {
        auto const why = provider_said(*error, h.answer.one("error_description"), h.r);
        co_return refuse(h.c, h.r, why, "provider");
    }
    auto const code = h.answer.one("code");
    if (!code) {
        auto const why = errors::server_error.because(
            "The provider's authorization endpoint answered with neither a code nor an error.");
        co_return refuse(h.c, h.r, why, "provider");
    }
    std::string sent(*code);
    // Empty: as upstream.client_id, with its secret.
    std::string as_ourselves;
    auto tokens = co_await h.b.upstream().redeem(std::move(sent), h.login.verifier,
                                                 h.login.redirect_uri, std::move(as_ourselves));
    if (!tokens) {
        co_return refuse(h.c, h.r, told_to_client(tokens.error()), "provider token request");
    }
    co_return co_await welcome(h, std::move(*tokens));
}

}  // namespace

endpoint_result callback_endpoint(server& s, http::context& c) {
    auto const answer = c.query();
    if (!answer) co_return shown(answer.error(), "form");
    auto const login = co_await login_of(s, c, **answer);
    if (!login) co_return login.error();
    auto const asked = http::form::parse(login->request);
    if (!asked) co_return shown(asked.error(), "form");
    // The client's request is looked at again from the start: it may have been deleted meanwhile,
    // or its redirect.
    auto const who = co_await client_of_request(s, c, *asked);
    if (!who) co_return who.error();
    c.facts().client_id = (*who)->id;
    auto const& rules = s.rules(c);
    authorize_request r{*asked, c.place(), rules, **who};
    auto const unproven = first_failure(checks_that_are_shown(), r);
    if (unproven) co_return shown(unproven->why, unproven->name);
    auto const failed = first_redirecting_failure(s, c, r);
    if (failed) co_return refuse(c, r, failed->why, failed->name);
    homecoming h{s, c, **answer, *login, r, *s.upstream()};
    co_return co_await receive(h);
}

}  // namespace tollgate::oauth
