#include "oauth/authorize/interaction.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "base/crypto.hpp"
#include "http/pipeline/cookie.hpp"
#include "oauth/authorize/consent_page.hpp"
#include "oauth/authorize/provider_login.hpp"
#include "oauth/authorize/response.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/user_claims.hpp"
#include "oauth/pages/browser_name.hpp"
#include "oauth/pages/page_errors.hpp"
#include "oauth/pages/password.hpp"
#include "oauth/upstream/broker/broker.hpp"

namespace tollgate::oauth {

namespace {

// How long a second click may come after the first.
constexpr std::chrono::milliseconds second_click{10'000};
constexpr std::string_view cookie_purpose = "login";

std::chrono::milliseconds second_click_of(authorize_request const& r) {
    // A click after that would bring a code that is over.
    return std::min(second_click, r.rules.code_ttl);
}

// Who answered a page.
struct answerer {
    user const* who = nullptr;  // nullptr: nobody we know
    std::int64_t authenticated_at = 0;
    std::string wrong;  // why nobody
};

// A page that asked somebody is answered by them, whoever has logged in since.
answerer whom_it_asked(interaction const& v, page_seal const& page) {
    answerer a;
    auto const* login = standing_login(v.r, v.session(), page.who, v.c.now());
    if (!login || page.who.empty()) {
        a.wrong = "Please say who you are.";
        return a;
    }
    a.who = find_user(v.r.rules, page.who);
    a.authenticated_at = login->authenticated_at;
    return a;
}

// Where people log in: whoever does so with this answer, or else whom the page asked. Everywhere
// else the realm knows who it is.
answerer who_answers(interaction const& v, consent_step const& step, page_seal const& page) {
    answerer a;
    auto const name = v.sent.answer->one("user");
    if (v.r.rules.brokered || v.r.rules.consent != consent_mode::login) {
        a.who = step.who;
        a.authenticated_at = step.authenticated_at;
    } else if (!name) {
        return whom_it_asked(v, page);
    } else {
        auto const* u = find_user(v.r.rules, *name);
        auto const password = v.sent.answer->one("password").value_or("");
        a.wrong = u ? wrong_password(v.s, v.c, *u, password, v.browser_of(*u))
                    : "The user or the password is wrong.";
        if (!a.wrong.empty()) return a;
        a.who = u;
        a.authenticated_at = to_epoch(v.c.now());
    }
    return a;
}

bool is_decision(authorize_request const& r, std::string_view d) {
    auto const& p = r.rules;
    if (d == decision_approve || d == decision_deny) return true;
    if (d == decision_switch) return p.consent == consent_mode::login;
    return offers_test_buttons(p, r.where) &&
           (d == decision_wrong_code || d == decision_wrong_state);
}

http::reply denied(interaction const& v) {
    v.c.facts().decision = decision_deny;
    return send_error(v.c, v.r, errors::access_denied);
}

outcome<http::reply> deny(interaction& v, page_seal const& page, consent_step const& step) {
    if (!v.claim(page, decision_deny)) return v.answered_before(step);
    return denied(v);
}

endpoint_result approve(interaction& v, answerer const& a, page_seal const& page,
                        consent_step const& step) {
    std::string decision(v.sent.answer->one("decision").value_or(""));
    // With what was answered and by whom: a second click of the same button gets the same code.
    auto secret = v.claim(page, decision + ' ' + a.who->name);
    // A broker remembers the agreement by then, and needs no page: another login.
    bool const agreed = v.r.rules.brokered && step.kind == step_kind::grant;
    if (agreed && v.repeated()) co_return co_await grant_at_once(v, step);
    if (!secret) co_return v.answered_before(step);
    v.c.facts().decision = decision;
    if (v.r.rules.brokered) {
        auto sent = co_await ask_provider(v, std::move(*secret), std::move(decision));
        if (sent) co_await v.log_in(*a.who, a.authenticated_at, *sent);
        co_return sent;
    }
    // OpenID Connect Core §3.1.2.1: an answer for another user than the ID Token names is none.
    if (!v.r.hinted_subject.empty() && v.r.hinted_subject != a.who->name)
        co_return send_error(v.c, v.r, errors::login_required);
    auto const code = make_code(v.c, v.r, a.who->name, a.authenticated_at);
    auto reply = co_await send_code(v.s, v.c, v.r, code, std::move(*secret), std::move(decision));
    if (reply) co_await v.log_in(*a.who, a.authenticated_at, *reply);
    co_return reply;
}

// What came is no answer to a page of this browser.
endpoint_result without_a_page(interaction& v, consent_step const& step, seal_flaw why) {
    // The realm stopped asking while the page was open: a request like any other, but who said no
    // has said it.
    bool const asks = step.kind != step_kind::grant;
    if (asks) co_return v.ask(step, std::string(v.sentence_of(why)), 403);
    if (v.sent.answer->one("decision") == decision_deny) co_return denied(v);
    co_return co_await grant_at_once(v, step);
}

}  // namespace

interaction::interaction(server& server_, http::context& context, sent_request const& request,
                         authorize_request& checked)
    : s(server_), c(context), sent(request), r(checked) {
    auto& logins = s.logins(c.realm());
    binding_.key = logins.form_key();
    auto const cookie =
        c.request().has("Cookie") ? http::cookie_value(c.request(), cookie_name()) : std::nullopt;
    brought_cookie_ = cookie.has_value();
    // A value that we never gave may have been planted by somebody who knows it.
    new_cookie_ = !cookie || !is_browser_name(logins.name_key(), cookie_purpose, *cookie);
    if (new_cookie_) return;
    binding_.cookie = *cookie;
    session_ = logins.find(binding_.cookie, c.now());
}

std::string const& interaction::cookie_name() const {
    if (cookie_name_.empty()) cookie_name_ = http::cookie_name(c, cookie_purpose);
    return cookie_name_;
}

form_binding const& interaction::binding() const {
    auto const& key = s.logins(c.realm()).name_key();
    if (binding_.cookie.empty()) binding_.cookie = new_browser_name(key, cookie_purpose);
    return binding_;
}

std::string_view interaction::browser_of(user const& u) const noexcept {
    return session_ && session_->find(u.name) ? std::string_view(binding_.cookie)
                                              : std::string_view();
}

http::reply interaction::ask(consent_step const& step, std::string wrong, unsigned status) const {
    auto const until = c.now() + browser_sessions::page_life;
    auto const asked = step.who ? std::string_view(step.who->name) : std::string_view();
    consent_question q(r, hidden_request(binding(), sent.text, asked, until));
    q.who = step.who;
    q.suggested = step.suggested;
    q.wrong = std::move(wrong);
    q.status = status;
    if (r.rules.brokered) q.next = s.upstream()->spoken_name();
    auto reply = consent_page(q);
    if (new_cookie_)
        reply.headers.add("Set-Cookie", http::set_cookie(c, cookie_name(), binding().cookie));
    return reply;
}

// Pages that are open in other tabs when a login changes the browser's name are good until their
// own end: their seal says whom they asked, and grants nothing in the name of who has logged in
// since.
opened_page interaction::opened() {
    auto const page = opened_seal(binding(), sent, c.now());
    if (page || !session_) return page;
    auto with = binding();
    for (auto f = session_->former.rbegin(); f != session_->former.rend(); ++f) {
        with.cookie = f->cookie;
        auto const earlier = opened_seal(with, sent, c.now());
        by_former_name_ = earlier || earlier.error() == seal_flaw::over;
        if (by_former_name_) return earlier;
    }
    return page;
}

std::string_view interaction::sentence_of(seal_flaw f) const {
    if (f == seal_flaw::over) return "This page was too old. Please decide again.";
    if (!brought_cookie_)
        return "Your browser sent no cookie with its answer, so that nothing says that it was "
               "shown this page. Please allow cookies for this site and decide again.";
    return "This page was shown to another browser, or before this server was restarted or reset. "
           "Please decide again.";
}

std::optional<std::string> interaction::claim(page_seal const& page, std::string_view answer) {
    auto claimed = s.logins(c.realm()).claim_page(page.page, answer, c.now(), second_click_of(r));
    // It may leave the browser with the cookie that the first one brought.
    repeated_ = by_former_name_ && (!claimed || claimed->again);
    if (!claimed) return std::nullopt;
    return std::move(claimed->code);
}

outcome<http::reply> interaction::answered_before(consent_step const& step) const {
    if (by_former_name_) {
        return ask(step, "This page was answered before. If you mean another answer, give it here.",
                   403);
    }
    auto const why = errors::invalid_request.because(
        "this page was answered before; go back to the application and start again");
    return shown(why, "claim_page");
}

task<void> interaction::log_in(user const& who, std::int64_t authenticated_at,
                               http::reply& reply) const {
    if (repeated_) co_return;
    auto& logins = s.logins(c.realm());
    // A new name at each login: whoever planted the old cookie knows nothing of this one.
    auto const next = new_browser_name(logins.name_key(), cookie_purpose);
    kept_browser known;
    known.session = logins.log_in(binding().cookie, next, account{who.name, authenticated_at},
                                  agreement_of(r, who), c.now());
    known.until = c.now() + browser_sessions::session_life;
    reply.headers.add("Set-Cookie", http::set_cookie(c, cookie_name(), next));
    if (!s.browsers()) co_return;
    // The code is there. Where this cannot be written, somebody is asked once more after a restart.
    [[maybe_unused]] auto const kept =
        co_await s.browsers()->keep(c.realm().name(), binding_.cookie, next, std::move(known));
}

task<outcome<void>> recall_browser(server& s, http::context& c) {
    if (!c.request().has("Cookie")) co_return outcome<void>();
    auto const cookie = http::cookie_value(c.request(), http::cookie_name(c, cookie_purpose));
    auto& logins = s.logins(c.realm());
    if (!cookie || !is_browser_name(logins.name_key(), cookie_purpose, *cookie))
        co_return outcome<void>();
    if (logins.find(*cookie, c.now())) co_return outcome<void>();
    auto kept = co_await s.browsers()->find(c.realm().name(), std::string(*cookie));
    if (!kept) co_return kept.error().as(problem::shown_as::page);
    if (*kept) logins.recall(*cookie, std::move((*kept)->session), (*kept)->until);
    co_return outcome<void>();
}

endpoint_result grant_at_once(interaction& v, consent_step const& step) {
    auto secret = random_token();
    std::string decision(decision_approve);
    if (v.r.rules.brokered)
        co_return co_await ask_provider(v, std::move(secret), std::move(decision));
    auto const code = make_code(v.c, v.r, step.who->name, step.authenticated_at);
    co_return co_await send_code(v.s, v.c, v.r, code, std::move(secret), std::move(decision));
}

endpoint_result answer_page(interaction& v, consent_step const& step) {
    auto const page = v.opened();
    if (!page) co_return co_await without_a_page(v, step, page.error());
    auto const decision = v.sent.answer->one("decision").value_or("");
    if (!is_decision(v.r, decision)) {
        auto const why = errors::invalid_request.because("decision must be approve or deny");
        co_return shown(why, "decision");
    }
    // No answer yet: the page is not claimed and stays good.
    if (decision == decision_switch) {
        consent_step another;
        another.suggested = step.suggested;
        co_return v.ask(another);
    }
    // Nobody has to say who they are to say no.
    if (decision == decision_deny) co_return deny(v, *page, step);
    auto const answered = who_answers(v, step, *page);
    // Before the page is claimed: a wrong password does not use it up.
    if (!answered.who) {
        consent_step again;
        auto const name = v.sent.answer->one("user");
        again.suggested = name ? find_user(v.r.rules, *name) : step.suggested;
        co_return v.ask(again, answered.wrong, 403);
    }
    co_return co_await approve(v, answered, *page, step);
}

}  // namespace tollgate::oauth
