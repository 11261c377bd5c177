#include "oauth/authorize/consent.hpp"

#include <algorithm>

#include "base/crypto.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/user_claims.hpp"

namespace tollgate::oauth {

namespace {

consent_step refuse(problem const& why) {
    consent_step s;
    s.why = why;
    return s;
}

consent_step step(step_kind kind, user const* who, std::int64_t authenticated_at) {
    consent_step s;
    s.kind = kind;
    s.who = who;
    s.suggested = who;
    s.authenticated_at = authenticated_at;
    return s;
}

bool prompts(authorize_request const& r, std::string_view value) {
    return has_scope(r.prompt, value);
}

// Who the client believes the person to be; nullptr when it does not say or names nobody.
user const* hinted(authorize_request const& r) {
    if (!r.hinted_subject.empty()) return find_user(r.rules, r.hinted_subject);
    auto const hint = r.parameters.one("login_hint");
    return hint ? find_hinted_user(r.rules, *hint) : nullptr;
}

// OpenID Connect Core §3.1.2.1, max_age: older than that is not logged in.
bool is_stale(authorize_request const& r, account const& a, time_point now) {
    return r.max_age && to_epoch(now) - a.authenticated_at > *r.max_age;
}

// The latest login in this browser that is still of a user of ours; of `only`, if that is given.
account const* latest(login_session const* session, policy const& rules, user const* only) {
    if (!session) return nullptr;
    for (auto a = session->accounts.rbegin(); a != session->accounts.rend(); ++a) {
        auto const* u = find_user(rules, a->subject);
        if (u && (!only || u == only)) return &*a;
    }
    return nullptr;
}

std::ptrdiff_t known_accounts(login_session const& session, policy const& rules) {
    return std::ranges::count_if(
        session.accounts, [&](account const& a) { return find_user(rules, a.subject) != nullptr; });
}

// prompt=none: "The Authorization Server MUST NOT display any authentication or consent user
// interface pages."
consent_step without_a_page(authorize_request const& r, login_session const* session,
                            user const* wanted, time_point now) {
    bool const login = r.rules.consent == consent_mode::login;
    auto const* a = latest(session, r.rules, wanted);
    if (!a) return refuse(login ? errors::login_required : errors::consent_required);
    // Which of several people it is, only a page could ask (OpenID Connect Core §3.1.2.6).
    if (!wanted && login && known_accounts(*session, r.rules) > 1)
        return refuse(errors::account_selection_required);
    if (is_stale(r, *a, now)) return refuse(errors::login_required);
    auto const* who = find_user(r.rules, a->subject);
    if (!session->covers(agreement_of(r, *who))) return refuse(errors::consent_required);
    return step(step_kind::grant, who, a->authenticated_at);
}

// A person is always asked otherwise (RFC 8252 §8.6: a client whose identity nobody can vouch
// for gets nothing without interaction), but need not log in each time.
consent_step with_a_login(authorize_request const& r, login_session const* session,
                          user const* wanted, time_point now) {
    auto const* a = latest(session, r.rules, wanted);
    auto const* who = a ? find_user(r.rules, a->subject) : nullptr;
    bool const again = prompts(r, "login") || prompts(r, "select_account");
    if (who && !again && !is_stale(r, *a, now))
        return step(step_kind::ask, who, a->authenticated_at);
    auto s = step(step_kind::ask, nullptr, 0);
    s.suggested = wanted ? wanted : who;
    return s;
}

// Broker mode. Who it is will be known when the provider has been asked: the agreement is that of
// the browser. A client that any program on this machine can pose as is asked about each time.
consent_step before_the_provider(authorize_request const& r, login_session const* session,
                                 time_point now) {
    // Static, because the step points at it.
    static user const whoever{};
    bool const agreed = r.rules.consent == consent_mode::automatic ||
                        (session && session->covers(agreement_of(r, whoever)) &&
                         !r.who.can_be_impersonated() && !prompts(r, "consent"));
    if (agreed) return step(step_kind::grant, &whoever, to_epoch(now));
    if (prompts(r, "none")) return refuse(errors::consent_required);
    return step(step_kind::ask, &whoever, to_epoch(now));
}

}  // namespace

account const* standing_login(authorize_request const& r, login_session const* session,
                              std::string_view subject, time_point now) {
    auto const* a = session ? session->find(subject) : nullptr;
    bool const again = prompts(r, "login") || prompts(r, "select_account");
    if (!a || again || is_stale(r, *a, now) || !find_user(r.rules, a->subject)) return nullptr;
    return a;
}

// The scopes stand apart: an agreement covers every request for less (login_session::covers).
agreement agreement_of(authorize_request const& r, user const& who) {
    auto text = who.name + '\n' + r.who.id + '\n' + r.redirect_uri;
    for (auto const& resource : r.resources)
        text += '\n' + resource;
    return agreement{digest_of(text), r.scopes};
}

consent_step decide(authorize_request const& r, login_session const* session, time_point now) {
    if (r.rules.brokered) return before_the_provider(r, session, now);
    auto const* wanted = hinted(r);
    bool const silent = prompts(r, "none");
    // Who is named by an ID Token and does not exist cannot be the one who answers.
    if (silent && !r.hinted_subject.empty() && !wanted) return refuse(errors::login_required);
    // Neither mode has a login: the person is whom the client names, else the first user.
    if (r.rules.consent == consent_mode::automatic || r.rules.consent == consent_mode::page) {
        auto const* who = wanted || r.rules.users.empty() ? wanted : &r.rules.users.front();
        if (!who) return refuse(errors::login_required);
        if (r.rules.consent == consent_mode::automatic)
            return step(step_kind::grant, who, to_epoch(now));
        if (silent) return without_a_page(r, session, who, now);
        return step(step_kind::ask, who, to_epoch(now));
    }
    if (silent) return without_a_page(r, session, wanted, now);
    return with_a_login(r, session, wanted, now);
}

}  // namespace tollgate::oauth
