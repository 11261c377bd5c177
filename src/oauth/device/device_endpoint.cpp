// The verification page (RFC 8628 §3.3): where a person enters the code of a device and decides.
//
// The decision is a form that only our own page can have made: it is sealed for the user code and
// for the browser, which a cookie names (page_seal.hpp), so that no other site can decide for
// the person.
#include <optional>
#include <utility>

#include "http/pipeline/cookie.hpp"
#include "http/pipeline/cors.hpp"
#include "http/realm/peer.hpp"
#include "oauth/device/device_page.hpp"
#include "oauth/device/user_code.hpp"
#include "oauth/model/errors.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/user_claims.hpp"
#include "oauth/pages/browser_name.hpp"
#include "oauth/pages/page_errors.hpp"
#include "oauth/pages/page_seal.hpp"
#include "oauth/pages/password.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

using decision = device_authorization::decision;

constexpr std::string_view wrong_code = "That code is unknown, was used or has expired.";

// RFC 8628 §5.1: a user code is short, so guessing is made slow.
http::reply too_many_guesses(http::context const& c, http::rate_budget::answer const& spent) {
    auto const why = too_many_wrong_codes(spent);
    auto const wait = std::to_string(spent.wait.count());
    auto r = ask_for_code(c, why.status(),
                          "There were too many wrong codes. Try again in " + wait + " seconds.");
    r.headers.set("Retry-After", wait);
    return r;
}

// Who guesses. Where nobody but this machine's own tests can, each realm has its own count.
http::account guesser(http::context const& c) {
    auto who = http::account_of(c.request(), c.place());
    if (who.local) who.peer = "local " + c.realm().name();
    return who;
}

// The same guess again is none: a page that is loaded again, a link that is opened twice.
void count_guess(server& s, http::context const& c, std::string_view code) {
    auto const who = guesser(c);
    auto one = who;
    one.peer += ' ';
    one.peer += code;
    auto const fresh = s.budget().tried_codes.take(one, c.real_now());
    if (fresh.used_up == http::rate_budget::spent::by_peer) return;
    s.budget().user_codes.take(who, c.real_now());
}

// Whoever has a code of their own could guess passwords with it: so many for one code.
http::account guesser_with(http::context const& c, found_device const& found) {
    return {"device of " + c.realm().name() + ' ' + found.key, false};
}

struct entry {
    found_device found;
    client_ptr asking;  // null: none was found
};

// The open authorization that a typed code stands for; 404 when there is none.
task<outcome<entry>> look_up(server& s, http::context& c, std::string code) {
    problem const none(404, "not_found", {});
    entry e;
    if (!code.empty()) {
        auto found = co_await s.records(c).find_device_of(c.realm().name(), code);
        if (!found && found.error().status() != 404) co_return found.error();
        bool const open = found && found->device.decided == decision::pending &&
                          c.now() < found->device.expires_at;
        if (open) {
            auto asking = co_await s.find_client_of_realm(c, found->device.grant.client_id);
            bool const gone = !asking && asking.error().status() == 404;
            if (!asking && !gone) co_return not_a_client(asking.error());
            if (asking) {
                e.found = std::move(*found);
                e.asking = std::move(*asking);
                co_return e;
            }
        }
    }
    count_guess(s, c, code);
    c.note("user_code", "wrong");
    co_return none;
}

// Writes the decision down; false when somebody else was faster.
task<outcome<bool>> decide(server& s, http::context& c, entry const& e, bool yes,
                           std::string subject) {
    auto found = e.found;
    for (;;) {
        if (found.device.decided != decision::pending) co_return false;
        found.device.decided = yes ? decision::approved : decision::denied;
        found.device.grant.subject = subject;
        found.device.grant.authenticated_at = to_epoch(c.now());
        auto const written = co_await s.records(c).replace_device(c.realm().name(), found);
        if (written) {
            c.facts().client_id = found.device.grant.client_id;
            c.facts().decision = yes ? "approve" : "deny";
            co_return true;
        }
        if (written.error().status() == 404) co_return false;
        if (written.error().error() != "conflict") co_return written.error();
        // A poll was written down meanwhile.
        auto const& code = e.found.device.user_code;
        auto again = co_await s.records(c).find_device_of(c.realm().name(), code);
        if (!again) co_return again.error();
        found = std::move(*again);
    }
}

endpoint_result finish(server& s, http::context& c, entry const& e, bool yes, std::string subject) {
    auto const done = co_await decide(s, c, e, yes, std::move(subject));
    if (!done) co_return done.error().as(problem::shown_as::page);
    if (!*done) co_return ask_for_code(c, 400, wrong_code);
    co_return say_decided(yes, *e.asking);
}

constexpr std::string_view cookie_purpose = "device";

// The browser that asks, and whether that name is one that it did not bring.
struct visitor {
    form_binding binding;
    bool is_new = false;
};

visitor visitor_of(server& s, http::context const& c) {
    visitor v;
    v.binding.key = s.logins(c.realm()).form_key();
    auto const cookie = http::cookie_value(c.request(), http::cookie_name(c, cookie_purpose));
    v.is_new = !cookie || !is_browser_name(v.binding.key, cookie_purpose, *cookie);
    v.binding.cookie =
        v.is_new ? new_browser_name(v.binding.key, cookie_purpose) : std::string(*cookie);
    return v;
}

// What the form of a device's page is sealed over. No authorization request looks like that.
std::string sealed_text(entry const& e) {
    return "device " + e.found.device.user_code;
}

// The page with the two buttons, and the cookie that its form belongs to.
http::reply show(server& s, http::context& c, entry const& e, policy const& p,
                 std::string_view mistake) {
    auto const v = visitor_of(s, c);
    auto const until = c.now() + browser_sessions::page_life;
    auto const seal = new_seal(v.binding, sealed_text(e), {}, until);
    auto r = ask_for_decision(c, e.found.device, *e.asking, p, seal, mistake);
    auto const name = http::cookie_name(c, cookie_purpose);
    r.headers.add("Set-Cookie", http::set_cookie(c, name, v.binding.cookie));
    return r;
}

// What is wrong with the form that came, for the person; empty when it is of our page.
std::string_view flaw_of_form(server& s, http::context const& c, http::form const& f,
                              entry const& e) {
    auto const v = visitor_of(s, c);
    auto const seal = f.one(seal_field).value_or("");
    auto const opened = open_seal(v.binding, sealed_text(e), seal, c.now());
    if (opened) return {};
    if (opened.error() == seal_flaw::over) return "Please decide again: the form was too old.";
    return v.is_new ? "Please decide again: your browser sent no cookie of ours with its answer."
                    : "Please decide again: the form was not made for this code and this browser.";
}

// Who says yes, or why nobody does.
struct decider {
    std::string subject;
    std::string wrong;
};

decider who_decides(server& s, http::context const& c, http::form const& f, policy const& p) {
    decider d;
    if (p.consent != consent_mode::login) {
        d.subject = default_user(p);
        return d;
    }
    auto const name = f.one("user");
    auto const* u = name ? find_user(p, *name) : nullptr;
    d.wrong = u ? wrong_password(s, c, *u, f.one("password").value_or(""))
                : "The user or the password is wrong.";
    if (d.wrong.empty()) d.subject = u->name;
    return d;
}

endpoint_result decided_by_form(server& s, http::context& c, http::form const& f, entry const& e,
                                policy const& p) {
    auto const choice = f.one("decision");
    if (!choice) co_return show(s, c, e, p, "");
    auto const flaw = flaw_of_form(s, c, f, e);
    if (!flaw.empty()) co_return show(s, c, e, p, flaw);
    // Nobody has to say who they are to say no.
    std::string nobody;
    if (*choice == "deny") co_return co_await finish(s, c, e, false, std::move(nobody));
    if (*choice != "approve") co_return show(s, c, e, p, "Approve or deny?");
    // Asked before the comparison: while it is shut a right password looks like a wrong one.
    auto const of_code = guesser_with(c, e.found);
    auto const may = s.budget().user_codes.ask(of_code, c.real_now());
    if (!may) co_return too_many_guesses(c, may);
    auto who = who_decides(s, c, f, p);
    if (!who.wrong.empty()) {
        s.budget().user_codes.take(of_code, c.real_now());
        s.budget().user_codes.take(guesser(c), c.real_now());
        co_return show(s, c, e, p, who.wrong);
    }
    co_return co_await finish(s, c, e, true, std::move(who.subject));
}

endpoint_result with_code(server& s, http::context& c, http::form const& f,
                          std::string_view typed) {
    auto const& p = s.rules(c);
    // Before the code is looked up: who has guessed too often learns no more.
    auto const may = s.budget().user_codes.ask(guesser(c), c.real_now());
    if (!may) co_return too_many_guesses(c, may);
    auto code = typed_user_code(typed);
    auto const found = co_await look_up(s, c, std::move(code));
    if (!found) {
        if (found.error().status() != 404) co_return found.error().as(problem::shown_as::page);
        co_return ask_for_code(c, 400, wrong_code);
    }
    std::string nobody;
    if (p.deny_consent) co_return co_await finish(s, c, *found, false, std::move(nobody));
    if (p.consent != consent_mode::automatic)
        co_return co_await decided_by_form(s, c, f, *found, p);
    bool const denies = f.one("decision") == "deny";
    co_return co_await finish(s, c, *found, !denies, default_user(p));
}

}  // namespace

// verification_uri_complete is a link (RFC 8628 §3.3.1) and may stand anywhere. An image, a frame
// or a page that is fetched in advance is none (Fetch Metadata): nobody sees it.
bool is_opened_by_a_person(http::request const& r) {
    auto const shown_in = r.header("Sec-Fetch-Dest");
    bool const in_advance = r.header("Sec-Purpose").find("prefetch") != std::string_view::npos;
    return !in_advance && !r.has("Origin") && (shown_in.empty() || shown_in == "document");
}

endpoint_result device_endpoint(server& s, http::context& c) {
    bool const posted = c.request().method == http::verb::post;
    // RFC 8628 §5.4, RFC 9700 §4.7: no other site enters a code or decides for the person.
    auto const foreign = posted || !is_opened_by_a_person(c.request())
                             ? http::sent_by_another_site(c.request(), c.place())
                             : std::nullopt;
    if (foreign) co_return *foreign;
    auto const sent = posted ? c.body_form() : c.query();
    if (!sent) co_return sent.error().as(problem::shown_as::page);
    auto const code = (*sent)->one("user_code");
    if (!code && posted) co_return ask_for_code(c, 400, "Enter the code that your device shows.");
    if (!code) co_return ask_for_code(c, 200, "");
    // A link does not decide where a person is asked.
    http::form const nothing;
    auto const& p = s.rules(c);
    bool const asks = p.consent != consent_mode::automatic;
    http::form const& f = posted || !asks ? **sent : nothing;
    co_return co_await with_code(s, c, f, *code);
}

}  // namespace tollgate::oauth
