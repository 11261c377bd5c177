// A person is asked: consent = "page".
#include "oauth/authorize/browser.hpp"

using namespace test;

namespace {

struct asked : authorization_bench {
    std::string id;
    fields good;
    browser person{*this};

    asked() {
        policy([](auto& p) { p.consent = oauth::consent_mode::page; });
        json::object m;
        m["client_name"] = "<b>Editor</b>";
        id = text(register_client(m), "client_id");
        good = authorize_request(id);
    }
    std::string redeemed(answer const& a) {
        return std::to_string(token(code_request(id, parameter(a, "code"))).status);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(consent, asked)

// RFC 6749 §4.1.1, §4.1.2: the resource owner decides, and an approval sends code and state to the
// client.
BOOST_AUTO_TEST_CASE(a_person_approves_and_the_client_gets_a_code) {
    auto const page = person.open(good);
    BOOST_TEST(page.status == 200);
    BOOST_TEST(!page.headers.has("Location"));
    BOOST_TEST(buttons(page) == "approve deny wrong-code wrong-state");
    auto const a = person.press(page, "approve");
    BOOST_TEST(a.status == 303);
    BOOST_TEST(a.header("Location").starts_with(callback + "?code="));
    BOOST_TEST(parameter(a, "state") == "xyz&=\xc3\xa9");
    BOOST_TEST(parameter(a, "iss") == "http://localhost:9100");
    BOOST_TEST(redeemed(a) == "200");
}

// RFC 6749 §4.1.2.1: access_denied when the resource owner denies the request.
// RFC 9207 §2: the issuer stands in error responses, too.
BOOST_AUTO_TEST_CASE(a_person_denies_and_the_client_is_told) {
    auto const a = person.press(person.open(good), "deny");
    BOOST_TEST(a.status == 303);
    BOOST_TEST(parameter(a, "error") == "access_denied");
    BOOST_TEST(parameter(a, "state") == "xyz&=\xc3\xa9");
    BOOST_TEST(parameter(a, "iss") == "http://localhost:9100");
    BOOST_TEST(parameter(a, "code") == "(none)");
}

// RFC 7591 §2.2: a name without a language is shown as it is.
BOOST_AUTO_TEST_CASE(the_page_names_client_redirect_host_scopes_and_resource_and_escapes_them) {
    auto request = with(good, "scope", "openid mcp:admin");
    request.emplace_back("resource", mcp_url);
    auto const page = person.open(request);
    BOOST_TEST(says(page, "&lt;b&gt;Editor&lt;/b&gt;"));
    BOOST_TEST(!says(page, "<b>Editor"));
    BOOST_TEST(says(page, id));
    BOOST_TEST(says(page, "localhost:6274 (this computer)"));
    BOOST_TEST(says(page, "know who you are <code><bdi>openid</bdi></code>"));
    BOOST_TEST(says(page, "<bdi>mcp:admin</bdi>"));
    BOOST_TEST(says(page, "<bdi>" + mcp_url + "</bdi>"));
    BOOST_TEST(says(page, "<strong><bdi>demo</bdi></strong>"));
    BOOST_TEST(says(page, "Nobody has verified this application."));
    BOOST_TEST(!says(page, "xyz"));  // what is not for people stays sealed
}

// RFC 6749 §10.13: clickjacking is prevented
// RFC 9700 §4.16: the page may not be framed
BOOST_AUTO_TEST_CASE(the_page_is_protected_and_needs_no_script) {
    auto const page = person.open(good);
    auto const policy = page.header("Content-Security-Policy");
    BOOST_TEST(policy.find("default-src 'none'") != policy.npos);
    BOOST_TEST(policy.find("frame-ancestors 'none'") != policy.npos);
    BOOST_TEST(policy.find("script-src") == policy.npos);
    BOOST_TEST(!says(page, "<script"));
    BOOST_TEST(page.header("Cache-Control") == "no-store");
    BOOST_TEST(page.header("Referrer-Policy") == "no-referrer");
    // So that a browser says whose form it is.
    BOOST_TEST(says(page, "<meta name=\"referrer\" content=\"same-origin\">"));
    BOOST_TEST(page.header("Set-Cookie").find("; HttpOnly; SameSite=Lax") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sends_a_code_that_will_not_redeem_to_test_the_client) {
    auto const a = person.press(person.open(good), "wrong-code");
    BOOST_TEST(parameter(a, "code").size() == 43u);
    BOOST_TEST(parameter(a, "state") == "xyz&=\xc3\xa9");
    BOOST_TEST(refusal(token(code_request(id, parameter(a, "code")))) == "400 invalid_grant");
}

BOOST_AUTO_TEST_CASE(sends_a_state_that_is_not_the_clients_to_test_it) {
    auto const a = person.press(person.open(good), "wrong-state");
    BOOST_TEST(parameter(a, "state") != "xyz&=\xc3\xa9");
    BOOST_TEST(parameter(a, "state") != "(none)");
    BOOST_TEST(redeemed(a) == "200");  // a client that does not look gets in
    // Also where none was sent.
    auto const none = person.press(person.open(with(good, "state", "")), "wrong-state");
    BOOST_TEST(parameter(none, "state") != "(none)");
}

BOOST_AUTO_TEST_CASE(offers_no_wrong_answers_where_the_policy_says_so) {
    policy([](auto& p) { p.test_buttons = false; });
    auto const page = person.open(good);
    BOOST_TEST(buttons(page) == "approve deny");
    for (auto const* decision : {"wrong-code", "wrong-state", "switch-account", "maybe", ""}) {
        auto const a = person.press(page, decision);
        BOOST_TEST(a.status == 400, decision);
        BOOST_TEST(!a.headers.has("Location"));
    }
}

BOOST_AUTO_TEST_CASE(offers_no_wrong_answers_where_a_url_is_public_unless_told_to) {
    BOOST_TEST(buttons(person.open(good)) == "approve deny wrong-code wrong-state");
    web.where.has_public_url = true;
    auto const page = person.open(good);
    BOOST_TEST(buttons(page) == "approve deny");
    BOOST_TEST(person.press(page, "wrong-code").status == 400);
    policy([](auto& p) { p.test_buttons = true; });
    BOOST_TEST(buttons(person.open(good)) == "approve deny wrong-code wrong-state");
}

// RFC 6749 §10.12: the authorization endpoint is protected against cross-site request forgery.
BOOST_AUTO_TEST_CASE(refuses_an_answer_that_another_site_made_up) {
    // Without the cookie: an attacker who fetched a page of their own.
    auto const theirs = browser(*this).open(good);
    auto const a = person.press(theirs, "approve");
    BOOST_TEST(a.status == 403);
    BOOST_TEST(!a.headers.has("Location"));
    BOOST_TEST(says(a, "role=\"alert\""));
    // And the page that came instead is the person's own.
    BOOST_TEST(person.press(a, "approve").status == 303);
    // No seal at all.
    auto const bare =
        person.post("/authorize", with(hidden_fields(person.open(good)), "form_seal", ""));
    BOOST_TEST(bare.status == 403);
}

BOOST_AUTO_TEST_CASE(refuses_an_answer_to_another_request) {
    auto const page = person.open(good);
    auto const other = person.open(with(good, "scope", "mcp:admin"));
    auto form = with(hidden_fields(page), "form_request", hidden_fields(other)[0].second);
    form.emplace_back("decision", "approve");
    auto const a = person.post("/authorize", form);
    BOOST_TEST(a.status == 403);
    BOOST_TEST(says(a, "mcp:admin"));  // asked about what was really sent
}

BOOST_AUTO_TEST_CASE(takes_no_answer_from_a_link) {
    auto form = hidden_fields(person.open(good));
    form.emplace_back("decision", "approve");
    BOOST_TEST(person.open(form).status == 400);
    auto mixed = good;
    mixed.insert(mixed.end(), form.begin(), form.end());
    BOOST_TEST(person.open(mixed).status == 200);  // a page again
}

BOOST_AUTO_TEST_CASE(answers_a_broken_form_with_a_page) {
    for (auto const* broken : {"%", "a", "YSVieg", ""}) {
        auto const a =
            person.post("/authorize", {{"form_request", broken}, {"decision", "approve"}});
        BOOST_TEST(a.status == 400, broken);
        BOOST_TEST(a.header("Content-Type").starts_with("text/html"));
    }
}

BOOST_AUTO_TEST_CASE(a_page_lasts_ten_minutes) {
    auto const page = person.open(good);
    later(std::chrono::seconds(599));
    auto const in_time = person.open(good);
    later(std::chrono::seconds(1));
    BOOST_TEST(person.press(page, "approve").status == 403);
    BOOST_TEST(person.press(in_time, "approve").status == 303);
}

// A browser throws the answer to the first click away when it sends the second.
BOOST_AUTO_TEST_CASE(a_double_click_gets_the_same_code_and_any_other_repetition_a_page) {
    auto const page = person.open(good);
    auto const before = person.cookies;
    auto const first = person.press(page, "approve");
    person.cookies = before;
    auto const second = person.press(page, "approve");
    BOOST_TEST(second.status == 303);
    BOOST_TEST(parameter(second, "code") == parameter(first, "code"));
    for (auto const* decision : {"deny", "wrong-code"}) {
        person.cookies = before;
        BOOST_TEST(person.press(page, decision).status == 400, decision);
    }
    person.cookies = before;
    later(std::chrono::seconds(11));
    auto const late = person.press(page, "approve");
    BOOST_TEST(late.status == 400);
    BOOST_TEST(says(late, "answered before"));
    BOOST_TEST(redeemed(first) == "200");
}

// Or it has taken the cookie of that answer, and nothing else of it.
BOOST_AUTO_TEST_CASE(a_double_click_gets_the_same_code_when_only_the_cookie_of_the_first_arrived) {
    auto const page = person.open(good);
    auto const first = person.press(page, "approve");
    auto const known = person.cookies;
    for (auto const* click : {"second", "third"}) {
        auto const a = person.press(page, "approve");
        BOOST_TEST(a.status == 303, click);
        BOOST_TEST(parameter(a, "code") == parameter(first, "code"), click);
        BOOST_TEST((person.cookies == known), click);
    }
    BOOST_TEST(person.press(page, "deny").status == 403);
    BOOST_TEST(redeemed(first) == "200");
}

// Several clients of one editor open a page each: none of them ends another.
BOOST_AUTO_TEST_CASE(every_open_page_is_good_once_in_any_order) {
    std::vector<answer> pages;
    for (int i = 0; i < 4; ++i)
        pages.push_back(person.open(with(good, "state", "tab" + std::to_string(i))));
    for (std::size_t const i : {2u, 0u, 3u}) {
        auto const a = person.press(pages[i], "approve");
        BOOST_REQUIRE_MESSAGE(a.status == 303, a.body);
        BOOST_TEST(parameter(a, "state") == "tab" + std::to_string(i));
        BOOST_TEST(redeemed(a) == "200");
        // Another answer to that one is none.
        auto const again = person.press(pages[i], "deny");
        BOOST_TEST(again.status == 403);
        BOOST_TEST(says(again, "answered before"));
    }
    BOOST_TEST(parameter(person.press(pages[1], "deny"), "error") == "access_denied");
}

BOOST_AUTO_TEST_CASE(a_page_of_before_a_login_lasts_no_longer_for_it) {
    auto const page = person.open(good);
    later(std::chrono::seconds(599));
    person.press(person.open(good), "approve");
    BOOST_TEST(person.press(person.open(good), "approve").status == 303);
    later(std::chrono::seconds(1));
    auto const a = person.press(page, "approve");
    BOOST_TEST(a.status == 403);
    BOOST_TEST(says(a, "too old"));
}

// RFC 6749 §10.12: what is wrong with an answer is said as it is.
BOOST_AUTO_TEST_CASE(tells_no_cookie_from_a_page_of_another_browser_and_from_one_that_is_over) {
    auto const page = person.open(good);
    auto const cookies = person.cookies;
    person.cookies.clear();
    BOOST_TEST(says(person.press(page, "approve"), "sent no cookie"));
    browser other(*this);
    other.open(good);
    BOOST_TEST(says(other.press(page, "approve"), "shown to another browser"));
    person.cookies = cookies;
    later(std::chrono::minutes(10));
    BOOST_TEST(says(person.press(page, "approve"), "too old"));
}

// MCP Security Best Practices, Confused Deputy: a browser is known by nothing that it made up.
BOOST_AUTO_TEST_CASE(takes_no_cookie_that_the_server_never_gave) {
    person.open(good);
    auto& cookie = person.cookies.begin()->second;
    auto const given = cookie;
    auto const forged = given.substr(0, 42) + (given.back() == 'A' ? 'E' : 'A');
    for (auto const& planted :
         {std::string(43, 'A'), forged, given + "AAAA", std::string("chosen"), std::string()}) {
        cookie = planted;
        person.open(good);
        BOOST_TEST(cookie != planted);
        BOOST_TEST(cookie.size() == 43u);
    }
    cookie = given;
    BOOST_TEST(!person.open(good).headers.has("Set-Cookie"));
}

// RFC 9700 §4.7, MCP Security Best Practices, Confused Deputy: no other page decides for the
// person.
BOOST_AUTO_TEST_CASE(refuses_an_answer_that_a_page_of_another_site_sent) {
    auto const page = person.open(good);
    auto form = hidden_fields(page);
    auto const cookie = person.cookies.begin()->first + '=' + person.cookies.begin()->second;
    auto const sent = [&](std::string const& decision, fields headers) {
        headers.emplace_back("Cookie", cookie);
        return web.post_form("/authorize", with(form, "decision", decision), std::move(headers));
    };
    std::vector<fields> const foreign{
        {{"Origin", "https://evil.example"}},
        {{"Origin", "null"}},
        {{"Origin", ""}},
        {{"Origin", "http://localhost:3000"}, {"Sec-Fetch-Site", "same-site"}},
        {{"Origin", "https://localhost:9100"}},
        {{"Origin", "http://localhost:9100"}, {"Origin", "https://evil.example"}},
        {{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}},
        {{"Sec-Fetch-Site", "cross-site"}},
        {{"Sec-Fetch-Site", "same-site"}}};
    for (auto const* decision : {"approve", "deny", "wrong-code"}) {
        for (auto const& headers : foreign) {
            auto const a = sent(decision, headers);
            BOOST_TEST(a.status == 403, decision << ' ' << headers.front().second);
            BOOST_TEST(!a.headers.has("Location"));
            BOOST_TEST(a.header("Content-Type").starts_with("text/html"));
            BOOST_TEST(a.header("Cache-Control") == "no-store");
            BOOST_TEST(hidden_fields(a).empty());
        }
    }
    // It was not answered by that.
    BOOST_TEST(
        sent("approve", {{"Origin", "http://localhost:9100"}, {"Sec-Fetch-Site", "same-origin"}})
            .status == 303);
}

BOOST_AUTO_TEST_CASE(takes_an_answer_from_its_own_origins_and_from_programs) {
    web.where.as_origin = "https://as.example";
    for (fields const& own : std::vector<fields>{{{"Origin", "https://as.example"}},
                                                 {{"Origin", "http://localhost:9100"}},
                                                 {{"Sec-Fetch-Site", "same-origin"}},
                                                 {{"Sec-Fetch-Site", "none"}},
                                                 {}}) {
        browser somebody(*this);
        auto const page = somebody.open(good);
        auto headers = own;
        headers.emplace_back("Host", "localhost:9100");
        auto const& [name, value] = *somebody.cookies.begin();
        headers.emplace_back("Cookie", name + '=' + value);
        auto const a =
            web.post_form("/authorize", with(hidden_fields(page), "decision", "approve"), headers);
        BOOST_TEST(a.status == 303, (own.empty() ? "" : own.front().second) << a.body);
    }
}

// OpenID Connect Core §3.1.2.1: a client may send the request itself as a form.
BOOST_AUTO_TEST_CASE(a_request_that_another_site_posts_is_asked_about) {
    auto const a = web.post_form(
        "/authorize", good, {{"Origin", "https://app.example"}, {"Sec-Fetch-Site", "cross-site"}});
    BOOST_TEST(a.status == 200);
    BOOST_TEST(buttons(a) == "approve deny wrong-code wrong-state");
}

BOOST_AUTO_TEST_CASE(an_answered_page_shown_again_by_the_back_button_asks_anew) {
    auto const page = person.open(good);
    person.press(page, "approve");
    later(std::chrono::seconds(11));
    auto const again = person.press(page, "approve");
    BOOST_TEST(again.status == 403);
    BOOST_TEST(says(again, "answered before"));
    auto const other = person.press(again, "approve");
    BOOST_TEST(other.status == 303);
    BOOST_TEST(redeemed(other) == "200");
}

BOOST_AUTO_TEST_CASE(what_changed_while_the_page_was_open_counts) {
    auto const page = person.open(with(good, "scope", "mcp:admin"));
    policy([](auto& p) { p.scopes = {"mcp:tools"}; });
    BOOST_TEST(parameter(person.press(page, "approve"), "error") == "invalid_scope");
    auto const denied = person.open(with(good, "scope", "mcp:tools"));
    policy([](auto& p) { p.deny_consent = true; });
    BOOST_TEST(parameter(person.press(denied, "approve"), "error") == "access_denied");
    policy([](auto& p) {
        p.deny_consent = false;
        p.consent = oauth::consent_mode::automatic;
    });
    // Nobody needs to be asked any more, but who said no has said it.
    BOOST_TEST(parameter(person.press(denied, "deny"), "error") == "access_denied");
    run(kept->erase_kinds("default", {oauth::kind::client}));
    auto const gone = person.press(denied, "approve");
    BOOST_TEST(gone.status == 400);
    BOOST_TEST(!gone.headers.has("Location"));
}

BOOST_AUTO_TEST_CASE(control_denies_without_a_page) {
    policy([](auto& p) { p.deny_consent = true; });
    BOOST_TEST(parameter(person.open(good), "error") == "access_denied");
}

BOOST_AUTO_TEST_CASE(names_the_cookie_after_realm_and_issuer) {
    person.open(good);
    web.where.at = http::site::mcp_server;
    person.open(good);
    BOOST_TEST(person.cookies.size() == 2u);
}

BOOST_AUTO_TEST_CASE(sends_the_form_below_the_realms_base) {
    web.where.base = "/r/alpha";
    auto const page = person.open(good);
    BOOST_TEST(attribute(tags(page.body, "<form")[0], "action") == "/r/alpha/authorize");
    BOOST_TEST(page.header("Set-Cookie").find("; Path=/r/alpha;") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(asks_about_a_request_that_came_as_a_form) {
    auto const page = person.post("/authorize", good);
    BOOST_TEST(page.status == 200);
    BOOST_TEST(redeemed(person.press(page, "approve")) == "200");
}

BOOST_AUTO_TEST_SUITE_END()
