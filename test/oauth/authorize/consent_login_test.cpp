// Who is it: consent = "login", and what prompt, max_age and the hints ask for.
#include <boost/json/parse.hpp>

#include "base/crypto.hpp"
#include "oauth/authorize/browser.hpp"

using namespace test;

namespace {

struct users : authorization_bench {
    std::string id = public_client();
    fields good = with(authorize_request(id), "scope", "openid");
    browser person{*this};

    users() {
        policy([](auto& p) {
            p.consent = oauth::consent_mode::login;
            json::object claims;
            claims["email"] = "bob@example.org";
            p.users = {oauth::user{"ada", {}}, oauth::user{"bob", claims}};
            p.users[1].password_digest = tollgate::digest_of("builder");
        });
    }
    answer sign_in(std::string const& user, fields const& request,
                   std::string const& password = "") {
        return person.press(person.open(request), "approve",
                            {{"user", user}, {"password", password}});
    }
    json::object id_claims(std::string const& id_token) {
        auto const payload = id_token.substr(id_token.find('.') + 1);
        auto const text = tollgate::from_base64url(payload.substr(0, payload.find('.')));
        BOOST_REQUIRE(text);
        return json::parse(*text).as_object();
    }
    json::object who_is(answer const& a) {
        auto const t = token(code_request(id, parameter(a, "code")));
        BOOST_REQUIRE_MESSAGE(t.status == 200, t.body << a.header("Location"));
        return id_claims(text(t.json(), "id_token"));
    }
    // An ID Token of that user, and what the browser remembers is left alone.
    std::string id_token_of(std::string const& user, std::string const& password = "") {
        browser other(*this);
        auto const a =
            other.press(other.open(good), "approve", {{"user", user}, {"password", password}});
        return text(token(code_request(id, parameter(a, "code"))).json(), "id_token");
    }
    std::string error_of(fields const& request) {
        auto const a = person.open(request);
        return a.status == 302 ? parameter(a, "error") : std::to_string(a.status);
    }
    static std::string chosen(answer const& page) {
        for (auto const& tag : tags(page.body, "<input type=\"radio\""))
            if (tag.find(" checked") != tag.npos) return attribute(tag, "value");
        return "(none)";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(login_page, users)

// RFC 6749 §3.1: who the resource owner is comes first
BOOST_AUTO_TEST_CASE(a_person_picks_a_user_and_the_tokens_are_theirs) {
    auto const page = person.open(good);
    BOOST_TEST(page.status == 200);
    BOOST_TEST(tags(page.body, "<input type=\"radio\"").size() == 2u);
    BOOST_TEST(chosen(page) == "ada");
    BOOST_TEST(says(page, "<input type=\"password\""));
    BOOST_TEST(text(who_is(sign_in("ada", good)), "sub") == "ada");
}

// RFC 6749 §3.1: the identity of the resource owner is verified
BOOST_AUTO_TEST_CASE(a_user_with_a_password_needs_it) {
    for (auto const* wrong : {"", "Builder", "builder "}) {
        auto const page = sign_in("bob", good, wrong);
        BOOST_TEST(page.status == 403, wrong);
        BOOST_TEST(says(page, "role=\"alert\""));
        BOOST_TEST(chosen(page) == "bob");
        BOOST_TEST(!says(page, "uilder"));  // not reflected
    }
    BOOST_TEST(text(who_is(sign_in("bob", good, "builder")), "sub") == "bob");
}

// RFC 6749 §3.1: the identity of the resource owner is verified
// RFC 9700 §4.11.2: nobody is sent on before they have logged in
BOOST_AUTO_TEST_CASE(nobody_else_gets_in) {
    BOOST_TEST(sign_in("eve", good).status == 403);
    BOOST_TEST(sign_in("<script>", good).status == 403);
    auto const nameless = person.press(person.open(good), "approve");
    BOOST_TEST(nameless.status == 403);
    BOOST_TEST(says(nameless, "Please say who you are."));
}

BOOST_AUTO_TEST_CASE(denying_takes_no_password) {
    BOOST_TEST(parameter(person.press(person.open(good), "deny", {{"user", "bob"}}), "error") ==
               "access_denied");
}

BOOST_AUTO_TEST_CASE(who_is_logged_in_is_asked_for_consent_alone) {
    sign_in("bob", good, "builder");
    later(std::chrono::seconds(60));
    auto const page = person.open(good);
    BOOST_TEST(tags(page.body, "<input type=\"radio\"").empty());
    BOOST_TEST(says(page, "<bdi>bob</bdi>"));
    BOOST_TEST(buttons(page) == "approve deny wrong-code wrong-state switch-account");
    auto const claims = who_is(person.press(page, "approve"));
    BOOST_TEST(text(claims, "sub") == "bob");
    // OpenID Connect Core §2, auth_time: when they logged in, not when they agreed.
    BOOST_TEST(claims.at("auth_time").as_int64() == 1'800'000'000);
}

BOOST_AUTO_TEST_CASE(another_account_can_be_used) {
    sign_in("ada", good);
    auto const list = person.press(person.open(good), "switch-account");
    BOOST_TEST(list.status == 200);
    auto const a = person.press(list, "approve", {{"user", "bob"}, {"password", "builder"}});
    BOOST_TEST(text(who_is(a), "sub") == "bob");
}

BOOST_AUTO_TEST_CASE(every_login_gives_the_browser_a_new_secret) {
    auto const page = person.open(good);
    auto const planted = person.cookies;
    person.press(page, "approve", {{"user", "ada"}});
    BOOST_TEST((person.cookies != planted));
    browser thief(*this);
    thief.cookies = planted;
    BOOST_TEST(chosen(thief.open(good)) == "ada");  // the list: not logged in
    // A cookie of somebody's own making is replaced.
    thief.cookies.begin()->second = "chosen";
    thief.open(good);
    BOOST_TEST(thief.cookies.begin()->second.size() == 43u);
}

// Pages in several tabs: each is answered in the name of whom it asked.
BOOST_AUTO_TEST_CASE(a_page_in_another_tab_grants_in_the_name_of_whom_it_asked) {
    auto const list = person.open(good);
    sign_in("ada", good);
    auto const as_ada = person.open(good);
    BOOST_TEST(says(as_ada, "<bdi>ada</bdi>"));
    auto const others = person.press(person.open(good), "switch-account");
    auto const second = person.press(others, "approve", {{"user", "bob"}, {"password", "builder"}});
    BOOST_TEST(text(who_is(second), "sub") == "bob");
    // It was shown before anybody had logged in, so that it says nothing of who answers it.
    auto const nobody = person.press(list, "approve");
    BOOST_TEST(nobody.status == 403);
    BOOST_TEST(says(nobody, "Please say who you are."));
    BOOST_TEST(text(who_is(person.press(as_ada, "approve")), "sub") == "ada");
    BOOST_TEST(text(who_is(person.press(list, "approve", {{"user", "ada"}})), "sub") == "ada");
}

// RFC 6749 §10.12: who plants a cookie of theirs, and keeps a page of it, gets nothing of the
// person who logs in with it.
BOOST_AUTO_TEST_CASE(a_page_of_a_planted_login_grants_nothing_of_who_logs_in_after) {
    browser thief(*this);
    thief.press(thief.open(good), "approve", {{"user", "ada"}});
    auto const theirs = thief.open(with(good, "scope", "openid mcp:admin"));
    person.cookies = thief.cookies;
    sign_in("bob", with(good, "prompt", "login"), "builder");
    auto const a = person.press(theirs, "approve");
    BOOST_TEST(a.status == 303);
    BOOST_TEST(text(who_is(a), "sub") == "ada");
}

BOOST_AUTO_TEST_CASE(a_login_ends_after_twelve_hours_and_with_a_reset) {
    who_is(sign_in("ada", good));  // a client without a token would go sooner
    later(std::chrono::hours(12));
    BOOST_TEST(chosen(person.open(good)) == "ada");
    sign_in("ada", good);
    run(server.reset(*web.realm));
    policy([](auto& p) { p.consent = oauth::consent_mode::login; });
    BOOST_TEST(chosen(person.open(good)) != "(none)");
}

BOOST_AUTO_TEST_CASE(a_user_who_is_gone_is_not_logged_in) {
    sign_in("ada", good);
    policy([](auto& p) { p.users.erase(p.users.begin()); });
    BOOST_TEST(chosen(person.open(good)) == "bob");
}

// OpenID Connect Core §3.1.2.1, prompt none: no page is shown, and without a login login_required
// comes back. OpenID Connect Core §3.1.2.6: login_required, consent_required,
// account_selection_required.
// RFC 9700 §4.11.2: silent authentication is the exception
BOOST_AUTO_TEST_CASE(prompt_none_never_shows_a_page) {
    auto const silent = with(good, "prompt", "none");
    BOOST_TEST(error_of(silent) == "login_required");
    sign_in("ada", good);
    later(std::chrono::seconds(30));
    auto const a = person.open(silent);
    auto const claims = who_is(a);
    BOOST_TEST(text(claims, "sub") == "ada");
    BOOST_TEST(claims.at("auth_time").as_int64() == 1'800'000'000);
    // More than was agreed to, or another client.
    BOOST_TEST(error_of(with(silent, "scope", "openid mcp:admin")) == "consent_required");
    BOOST_TEST(error_of(with(silent, "client_id", public_client())) == "consent_required");
    sign_in("bob", with(good, "prompt", "select_account"), "builder");
    BOOST_TEST(error_of(silent) == "account_selection_required");
    BOOST_TEST(text(who_is(person.open(with(silent, "login_hint", "ada"))), "sub") == "ada");
}

// OpenID Connect Core §3.1.2.1, prompt login: the End-User is asked to authenticate again.
BOOST_AUTO_TEST_CASE(prompt_login_and_select_account_show_the_list_again) {
    sign_in("bob", good, "builder");
    later(std::chrono::seconds(60));
    for (auto const* prompt : {"login", "select_account", "login consent"}) {
        auto const page = person.open(with(good, "prompt", prompt));
        BOOST_TEST(chosen(page) == "bob", prompt);
        BOOST_TEST(person.press(page, "approve").status == 403, prompt);
    }
    auto const again = with(good, "prompt", "login");
    BOOST_TEST(who_is(sign_in("bob", again, "builder")).at("auth_time").as_int64() ==
               1'800'000'060);
    BOOST_TEST(chosen(person.open(with(good, "prompt", "consent"))) == "(none)");
}

// OpenID Connect Core §3.1.2.1, max_age: who logged in longer ago is asked to authenticate again.
BOOST_AUTO_TEST_CASE(max_age_asks_for_a_fresh_login) {
    sign_in("ada", good);
    later(std::chrono::seconds(60));
    BOOST_TEST(chosen(person.open(with(good, "max_age", "60"))) == "(none)");
    BOOST_TEST(chosen(person.open(with(good, "max_age", "59"))) == "ada");
    BOOST_TEST(chosen(person.open(with(good, "max_age", "0"))) == "ada");
    BOOST_TEST(error_of(with(with(good, "max_age", "59"), "prompt", "none")) == "login_required");
    for (auto const* bad : {"-1", "1m", "1.5", "99999999999999999999"})
        BOOST_TEST(error_of(with(good, "max_age", bad)) == "invalid_request", bad);
}

// OpenID Connect Registration §2: default_max_age holds unless the request says otherwise.
BOOST_AUTO_TEST_CASE(a_registered_max_age_holds_unless_the_request_says_otherwise) {
    json::object metadata;
    metadata["default_max_age"] = 59;
    auto const strict = text(register_client(metadata), "client_id");
    auto const request = with(authorize_request(strict), "scope", "openid");
    sign_in("ada", request);
    later(std::chrono::seconds(60));
    BOOST_TEST(chosen(person.open(request)) == "ada");
    BOOST_TEST(chosen(person.open(with(request, "max_age", "60"))) == "(none)");
}

// OpenID Connect Core §3.1.2.1, login_hint: a hint about who might log in.
BOOST_AUTO_TEST_CASE(login_hint_selects_a_user_beforehand) {
    BOOST_TEST(chosen(person.open(with(good, "login_hint", "bob@example.org"))) == "bob");
    BOOST_TEST(chosen(person.open(with(good, "login_hint", "nobody"))) == "ada");
    sign_in("ada", good);
    BOOST_TEST(chosen(person.open(with(good, "login_hint", "bob"))) == "bob");
    BOOST_TEST(error_of(with(with(good, "login_hint", "bob"), "prompt", "none")) ==
               "login_required");
}

// OpenID Connect Core §3.1.2.1, id_token_hint: another user than the one it names is answered with
// an error.
BOOST_AUTO_TEST_CASE(id_token_hint_names_who_must_answer) {
    auto const ada = id_token_of("ada");
    auto const hinted = with(good, "id_token_hint", ada);
    BOOST_TEST(chosen(person.open(hinted)) == "ada");
    BOOST_TEST(error_of(with(hinted, "prompt", "none")) == "login_required");
    BOOST_TEST(parameter(sign_in("bob", hinted, "builder"), "error") == "login_required");
    sign_in("ada", good);
    later(std::chrono::hours(2));  // the ID Token is over, which a hint may be
    BOOST_TEST(text(who_is(person.open(with(hinted, "prompt", "none"))), "sub") == "ada");
}

BOOST_AUTO_TEST_CASE(id_token_hint_must_be_ours_and_this_clients) {
    auto const ada = id_token_of("ada");
    BOOST_TEST(error_of(with(good, "id_token_hint", "x.y.z")) == "invalid_request");
    BOOST_TEST(error_of(with(good, "id_token_hint", ada + "AA")) == "invalid_request");
    auto const foreign = with(authorize_request(public_client()), "id_token_hint", ada);
    BOOST_TEST(error_of(foreign) == "invalid_request");
    web.where.as_origin = "https://other.example";
    BOOST_TEST(error_of(with(good, "id_token_hint", ada)) == "invalid_request");
}

BOOST_AUTO_TEST_CASE(a_form_made_for_another_mode_asks_again) {
    policy([](auto& p) { p.consent = oauth::consent_mode::page; });
    auto const page = person.open(good);
    policy([](auto& p) { p.consent = oauth::consent_mode::login; });
    auto const a = person.press(page, "approve");
    BOOST_TEST(a.status == 403);
    BOOST_TEST(chosen(a) == "ada");
}

BOOST_AUTO_TEST_CASE(page_mode_remembers_consent_for_prompt_none) {
    policy([](auto& p) { p.consent = oauth::consent_mode::page; });
    auto const silent = with(good, "prompt", "none");
    BOOST_TEST(error_of(silent) == "consent_required");
    person.press(person.open(good), "approve");
    BOOST_TEST(parameter(person.open(silent), "code") != "(none)");
    BOOST_TEST(error_of(with(silent, "redirect_uri", "http://localhost:1/oauth/callback")) ==
               "consent_required");
    BOOST_TEST(error_of(good) == "200");  // without it a person is always asked
}

BOOST_AUTO_TEST_CASE(auto_mode_takes_the_hint_and_remembers_nothing) {
    policy([](auto& p) { p.consent = oauth::consent_mode::automatic; });
    auto const a = person.open(with(good, "login_hint", "bob"));
    BOOST_TEST(text(who_is(a), "sub") == "bob");
    BOOST_TEST(text(who_is(person.open(with(good, "prompt", "none"))), "sub") == "ada");
    BOOST_TEST(person.cookies.empty());
}

BOOST_AUTO_TEST_SUITE_END()
