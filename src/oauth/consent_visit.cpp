#include "oauth/consent_visit.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "http/cookie.hpp"
#include "oauth/authorize_answer.hpp"
#include "oauth/broker.hpp"
#include "oauth/broker_login.hpp"
#include "oauth/code_answer.hpp"
#include "oauth/consent_page.hpp"
#include "oauth/crypto.hpp"
#include "oauth/errors.hpp"
#include "oauth/identity.hpp"
#include "oauth/password.hpp"

namespace tollgate::oauth {

namespace {

// How long a second click may come after the first.
constexpr std::chrono::milliseconds second_click{10'000};
constexpr std::size_t cookie_size = 43;  // of random_token()

std::chrono::milliseconds second_click_of(authorize_request const& r) {
    return std::min(second_click, r.rules.code_ttl);
}

bool is_our_cookie(std::optional<std::string_view> value) {
    return value && value->size() == cookie_size && from_base64url(*value);
}

// Who answered a page.
struct answerer {
    user const* who = nullptr;  // nullptr: nobody we know
    std::int64_t authenticated_at = 0;
    std::string wrong;  // why nobody
};

answerer who_answers(consent_visit const& v, consent_step const& step) {
    answerer a;
    auto const name = v.sent.answer->one("user");
    if (v.r.rules.consent != consent_mode::login || (!name && step.who)) {
        a.who = step.who;
        a.authenticated_at = step.authenticated_at;
    } else if (!name) {
        a.wrong = "Please say who you are.";
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

// RFC 6749 §10.12 and common sense: one page, one answer. The code that belongs to it.
outcome<std::string> claim(consent_visit const& v, std::string_view page, std::string const& what) {
    auto code = v.s.logins(v.c.realm()).claim_page(page, what, v.c.now(), second_click_of(v.r));
    if (!code) {
        auto const why = errors::invalid_request.because(
            "this page was answered before; go back to the application and start again");
        return shown(why, "claim_page");
    }
    return std::move(*code);
}

outcome<http::reply> deny(consent_visit const& v, std::string_view page) {
    std::string const what(decision_deny);
    auto const claimed = claim(v, page, what);
    if (!claimed) return claimed.error();
    v.c.note("decision", what);
    return send_error(v.c, v.r, errors::access_denied);
}

endpoint_result approve(consent_visit& v, answerer const& a, std::string const& page,
                        std::string decision) {
    auto claimed = claim(v, page, decision + ' ' + a.who->name);
    if (!claimed) co_return claimed.error();
    v.c.note("decision", decision);
    if (v.r.rules.brokered) {
        auto sent = co_await ask_provider(v, std::move(*claimed), std::move(decision));
        if (sent) v.log_in(*a.who, a.authenticated_at, *sent);
        co_return sent;
    }
    // OpenID Connect Core §3.1.2.1: an answer for another user than the ID Token names is none.
    if (!v.r.hinted_subject.empty() && v.r.hinted_subject != a.who->name)
        co_return send_error(v.c, v.r, errors::login_required);
    auto const code = make_code(v.c, v.r, a.who->name, a.authenticated_at);
    auto reply = co_await send_code(v.s, v.c, v.r, code, std::move(*claimed), std::move(decision));
    if (reply) v.log_in(*a.who, a.authenticated_at, *reply);
    co_return reply;
}

}  // namespace

problem shown(problem const& why, std::string_view check) {
    return why.at(400)
        .as(problem::shown_as::page)
        .log(std::string(check) + ": " + why.description());
}

consent_visit::consent_visit(server& server_, http::context& context, sent_request const& request,
                             authorize_request& checked)
    : s(server_),
      c(context),
      sent(request),
      r(checked),
      cookie_name_(http::cookie_name(context, "login")) {
    auto& logins = s.logins(c.realm());
    binding_.key = logins.form_key();
    auto const cookie = http::cookie_value(c.request(), cookie_name_);
    new_cookie_ = !is_our_cookie(cookie);
    binding_.cookie = new_cookie_ ? random_token() : std::string(*cookie);
    if (!new_cookie_) session_ = logins.find(binding_.cookie, c.now());
}

std::string_view consent_visit::browser_of(user const& u) const noexcept {
    return session_ && session_->find(u.name) ? std::string_view(binding_.cookie)
                                              : std::string_view();
}

http::reply consent_visit::ask(consent_step const& step, std::string wrong, unsigned status) const {
    auto const until = c.now() + login_state::page_life;
    consent_question q(r, hidden_request(binding_, sent.text, until));
    q.who = step.who;
    q.suggested = step.suggested;
    q.wrong = std::move(wrong);
    q.status = status;
    if (s.upstream()) q.next = s.upstream()->spoken_name();
    auto reply = consent_page(q);
    if (new_cookie_)
        reply.headers.add("Set-Cookie", http::set_cookie(c, cookie_name_, binding_.cookie));
    return reply;
}

// The second click may leave the browser with the cookie that the first one brought. Only an answer
// that was given already counts then: whoever planted the former cookie can have made its pages.
// A broker remembers the agreement by then, and needs no page.
std::optional<std::string> consent_visit::opened() {
    auto page = opened_seal(binding_, sent, c.now());
    bool const known = session_ && !session_->former_cookie.empty();
    if (page || !known || r.rules.brokered) return page;
    page = opened_seal(form_binding{binding_.key, session_->former_cookie}, sent, c.now());
    if (!page) return page;
    auto const decision = sent.answer->one("decision").value_or("");
    second_click_ =
        s.logins(c.realm()).answered_lately(*page, decision, c.now(), second_click_of(r));
    return second_click_ ? page : std::nullopt;
}

void consent_visit::log_in(user const& who, std::int64_t authenticated_at,
                           http::reply& reply) const {
    if (second_click_) return;
    auto const next = random_token();
    s.logins(c.realm()).log_in(binding_.cookie, next, account{who.name, authenticated_at},
                               agreement_of(r, who), c.now());
    reply.headers.add("Set-Cookie", http::set_cookie(c, cookie_name_, next));
}

endpoint_result grant_at_once(consent_visit& v, consent_step const& step) {
    auto secret = random_token();
    std::string decision(decision_approve);
    if (v.r.rules.brokered)
        co_return co_await ask_provider(v, std::move(secret), std::move(decision));
    auto const code = make_code(v.c, v.r, step.who->name, step.authenticated_at);
    co_return co_await send_code(v.s, v.c, v.r, code, std::move(secret), std::move(decision));
}

endpoint_result answer_page(consent_visit& v, consent_step const& step) {
    auto const page = v.opened();
    if (!page) {
        // The realm stopped asking while the page was open: a request like any other.
        if (step.what == consent_step::kind::grant) co_return co_await grant_at_once(v, step);
        co_return v.ask(step,
                        "This page was too old, or your browser keeps no cookies. Please decide "
                        "again.",
                        403);
    }
    std::string decision(v.sent.answer->one("decision").value_or(""));
    if (!is_decision(v.r, decision)) {
        auto const why = errors::invalid_request.because("decision must be approve or deny");
        co_return shown(why, "decision");
    }
    if (decision == decision_switch) {
        consent_step another;
        another.suggested = step.suggested;
        co_return v.ask(another);
    }
    if (decision == decision_deny) co_return deny(v, *page);
    auto const answered = who_answers(v, step);
    if (!answered.who) {
        consent_step again;
        auto const name = v.sent.answer->one("user");
        again.suggested = name ? find_user(v.r.rules, *name) : step.suggested;
        co_return v.ask(again, answered.wrong, 403);
    }
    co_return co_await approve(v, answered, *page, std::move(decision));
}

}  // namespace tollgate::oauth
