// The page at which a person enters the code of a device (RFC 8628 section 3.3).
#include "base/crypto.hpp"
#include "oauth/device/device_bench.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(device_page_suite, devices)

// RFC 8628 §3.3: the person enters the code at the verification_uri.
BOOST_AUTO_TEST_CASE(asks_for_the_code_on_a_page) {
    auto const page = web.get("/device");
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.header("Content-Type").starts_with("text/html"));
    BOOST_TEST(page.header("Content-Security-Policy").find("default-src 'none'") !=
               std::string_view::npos);
    BOOST_TEST(page.body.find("name=\"user_code\"") != page.body.npos);
    BOOST_TEST(web.post_form("/device", {{"x", "y"}}).status == 400);
}

// RFC 8628 §5.4: the page shows the code to compare with the device, and who asks for what.
BOOST_AUTO_TEST_CASE(asks_a_person_before_it_approves) {
    with_page();
    auto const d = begun();
    auto const page = web.get("/device?user_code=" + text(d, "user_code"));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body.find(text(d, "user_code")) != page.body.npos);
    BOOST_TEST(page.body.find("mcp:tools") != page.body.npos);
    BOOST_TEST(page.body.find("A &lt;b&gt;TV") != page.body.npos);
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    fields const form{{"form_seal", hidden(page, "form_seal")}, {"decision", "approve"}};
    BOOST_TEST(enter(d, form, {{"Cookie", cookie_of(page)}}).status == 200);
    later(std::chrono::seconds(5));
    BOOST_TEST(poll(d).status == 200);
}

// RFC 9700 §4.16: the page cannot be framed; no other site decides for the person.
// RFC 8628 §5.4: nor does a form of somebody else's device or browser.
BOOST_AUTO_TEST_CASE(takes_a_decision_from_its_own_page_only) {
    with_page();
    auto const d = begun();
    auto const other = begun();
    auto const page = enter(d);
    BOOST_TEST(page.header("X-Frame-Options") == "DENY");
    auto const seal = hidden(page, "form_seal");
    auto const cookie = cookie_of(page);
    auto const name = cookie.substr(0, cookie.find('=') + 1);
    auto const made_up = std::string(43, 'A');
    enter(d, {{"decision", "approve"}});
    enter(d, {{"decision", "approve"}, {"form_seal", seal}});
    enter(d, {{"decision", "approve"}, {"form_seal", "x"}}, {{"Cookie", cookie}});
    enter(d, {{"decision", "approve"}, {"form_seal", made_up}}, {{"Cookie", name + made_up}});
    enter(d, {{"decision", "approve"}, {"guard", made_up}}, {{"Cookie", name + made_up}});
    // That of another code, in the same browser.
    auto const others = enter(other, {}, {{"Cookie", cookie}});
    BOOST_TEST(cookie_of(others) == cookie);
    enter(d, {{"decision", "approve"}, {"form_seal", hidden(others, "form_seal")}},
          {{"Cookie", cookie}});
    web.get("/device?decision=approve&form_seal=" + seal + "&user_code=" + text(d, "user_code"),
            {{"Cookie", cookie}});
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    // The page of the other code has not ended this one.
    enter(d, {{"decision", "deny"}, {"form_seal", seal}}, {{"Cookie", cookie}});
    later(std::chrono::seconds(5));
    BOOST_TEST(refusal(poll(d)) == "400 access_denied");
}

BOOST_AUTO_TEST_CASE(says_what_is_wrong_with_a_form) {
    with_page();
    auto const d = begun({{"client_id", "tv"}});
    auto const page = enter(d);
    fields const form{{"decision", "approve"}, {"form_seal", hidden(page, "form_seal")}};
    BOOST_TEST(enter(d, form).body.find("sent no cookie of ours") != std::string::npos);
    auto const other = cookie_of(enter(d));
    BOOST_TEST(enter(d, form, {{"Cookie", other}}).body.find("not made for this code") !=
               std::string::npos);
    later(std::chrono::minutes(10) - std::chrono::seconds(1));
    auto const in_time = enter(d);
    BOOST_TEST(in_time.status == 200);
}

// RFC 8628 §5.4, RFC 9700 §4.7: a code that another site enters, or a decision, is none.
BOOST_AUTO_TEST_CASE(refuses_what_a_page_of_another_site_sent) {
    std::vector<fields> const foreign{{{"Origin", "https://evil.example"}},
                                      {{"Origin", "http://localhost:3000"}},
                                      {{"Origin", "null"}},
                                      {{"Sec-Fetch-Site", "cross-site"}},
                                      {{"Sec-Fetch-Site", "same-site"}}};
    auto const d = begun();  // nobody is asked here: the code alone would do
    for (auto const& headers : foreign) {
        auto const a = enter(d, {}, headers);
        BOOST_TEST(a.status == 403, headers.front().second);
        BOOST_TEST(a.header("Content-Type").starts_with("text/html"));
    }
    with_page();
    auto const page = enter(d, {}, {{"Origin", "http://localhost:9100"}});
    fields const form{{"decision", "approve"}, {"form_seal", hidden(page, "form_seal")}};
    for (auto headers : foreign) {
        headers.emplace_back("Cookie", cookie_of(page));
        BOOST_TEST(enter(d, form, headers).status == 403, headers.front().second);
    }
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    // Guesses of other sites do not shut the page for people either.
    json::object guess;
    guess["user_code"] = "BBBB-BBBB";
    for (int i = 0; i < 20; ++i)
        enter(guess, {}, foreign.front());
    BOOST_TEST(
        enter(d, form, {{"Cookie", cookie_of(page)}, {"Origin", "http://localhost:9100"}}).status ==
        200);
    later(std::chrono::seconds(5));
    BOOST_TEST(poll(d).status == 200);
}

// RFC 8628 §3.3.1: verification_uri_complete is a link. RFC 9110 §9.2.1: HEAD decides nothing.
BOOST_AUTO_TEST_CASE(takes_a_code_from_a_link_and_not_from_an_image_or_a_page_fetched_in_advance) {
    auto const d = begun();  // nobody is asked here: the code alone would do
    auto const at = "/device?user_code=" + text(d, "user_code");
    std::vector<fields> const unseen{
        {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Dest", "image"}},
        {{"Sec-Fetch-Site", "same-site"}, {"Sec-Fetch-Dest", "iframe"}},
        {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Purpose", "prefetch;prerender"}},
        {{"Origin", "https://evil.example"}}};
    for (auto const& headers : unseen) {
        BOOST_TEST(web.get(at, headers).status == 403);
        // Nor do their guesses shut the page for people.
        for (int i = 0; i < 20; ++i)
            web.get("/device?user_code=BBBB-BBBB", headers);
    }
    BOOST_TEST(web.send(http::verb::head, at, "", {}).status == 405);
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    BOOST_TEST(
        web.get(at, {{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Dest", "document"}}).status ==
        200);
    later(std::chrono::seconds(5));
    BOOST_TEST(poll(d).status == 200);
}

BOOST_AUTO_TEST_CASE(lets_the_person_say_who_they_are) {
    policy([](auto& p) {
        p.consent = oauth::consent_mode::login;
        p.users = {{"alice", {}, ""}, {"bob", {}, tollgate::digest_of("hunter2")}};
    });
    auto const d = begun();
    auto const page = enter(d);
    BOOST_TEST(page.body.find("value=\"bob\"") != page.body.npos);
    fields form{{"form_seal", hidden(page, "form_seal")}, {"decision", "approve"}, {"user", "bob"}};
    fields const cookie{{"Cookie", cookie_of(page)}};
    BOOST_TEST(enter(d, form, cookie).status == 400);
    BOOST_TEST(enter(d, with(form, "user", "carol"), cookie).status == 400);
    auto const again = enter(d, with(form, "password", "wrong"), cookie);
    BOOST_TEST(again.status == 400);
    form = {{"form_seal", hidden(again, "form_seal")},
            {"decision", "approve"},
            {"user", "bob"},
            {"password", "hunter2"}};
    BOOST_TEST(enter(d, form, {{"Cookie", cookie_of(again)}}).status == 200);
    auto const tokens = poll(d).json();
    BOOST_TEST(text(introspect(text(tokens, "access_token")), "sub") == "bob");
}

// RFC 8628 §3.5: access_denied when the request was denied.
BOOST_AUTO_TEST_CASE(says_no_where_consent_is_denied) {
    policy([](auto& p) { p.deny_consent = true; });
    auto const d = begun();
    BOOST_TEST(enter(d).body.find("Denied") != std::string::npos);
    BOOST_TEST(refusal(poll(d)) == "400 access_denied");
}

// RFC 8628 §5.1: user codes are short, so attempts are limited.
BOOST_AUTO_TEST_CASE(lets_nobody_guess_codes_for_long) {
    auto const d = begun();
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(enter(guess(i)).status == 400);
    auto const refused = enter(d);
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(refused.header("Retry-After") == "60");
    later(std::chrono::seconds(60));
    BOOST_TEST(enter(d).status == 200);
}

// A link to an expired code that is opened again and again is one attempt.
BOOST_AUTO_TEST_CASE(counts_the_same_wrong_code_once) {
    for (int i = 0; i < 30; ++i)
        BOOST_TEST(enter(guess(0)).status == 400);
    BOOST_TEST(enter(begun()).status == 200);
}

// RFC 8628 §5.1: a stranger's guesses shut the page for the stranger alone, directly and behind a
// tunnel.
BOOST_AUTO_TEST_CASE(one_strangers_wrong_codes_refuse_nobody_else) {
    auto const d = begun();
    web.where.has_public_url = true;
    fields const stranger{{"X-Forwarded-For", "10.0.0.1, 192.0.2.66"}};
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(enter(guess(i), {}, stranger).status == 400);
    BOOST_TEST(enter(d, {}, stranger).status == 429);
    // What stands before the last entry is anybody's claim.
    BOOST_TEST(enter(d, {}, {{"X-Forwarded-For", "10.9.9.9, 192.0.2.66"}}).status == 429);
    BOOST_TEST(enter(d, {}, {{"X-Forwarded-For", "192.0.2.67"}}).status == 200);
    web.peer_is_loopback = false;
    auto const direct = begun();
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(enter(guess(i)).status == 400);
    BOOST_TEST(enter(direct).status == 429);
}

BOOST_AUTO_TEST_CASE(guesses_of_all_together_have_a_bound) {
    auto const d = begun();
    web.where.has_public_url = true;  // and a tunnel that does not say whom it brings
    for (int i = 0; i < 1000; ++i)
        BOOST_REQUIRE(enter(guess(i)).status == 400);
    BOOST_TEST(enter(d).status == 503);
}

BOOST_AUTO_TEST_CASE(lets_nobody_guess_passwords_with_a_code_of_their_own) {
    policy([](auto& p) {
        p.consent = oauth::consent_mode::login;
        p.users = {{"bob", {}, tollgate::digest_of("hunter2")}};
    });
    web.where.has_public_url = true;
    auto const d = begun();
    auto const attempt = [&](std::string const& password, int from) {
        fields const peer{{"X-Forwarded-For", "192.0.2." + std::to_string(from)}};
        auto const page = enter(d, {}, peer);
        if (page.status != 200) return page;
        return enter(d,
                     {{"form_seal", hidden(page, "form_seal")},
                      {"decision", "approve"},
                      {"user", "bob"},
                      {"password", password}},
                     {{"Cookie", cookie_of(page)}, peer.front()});
    };
    for (int i = 0; i < 10; ++i)
        BOOST_TEST(attempt("wrong" + std::to_string(i), i).status == 400);
    BOOST_TEST(attempt("hunter2", 99).status == 429);
    later(std::chrono::seconds(60));
    BOOST_TEST(attempt("hunter2", 99).status == 200);
}

BOOST_AUTO_TEST_CASE(decides_once) {
    auto const d = begun();
    BOOST_TEST(enter(d).status == 200);
    BOOST_TEST(enter(d, {{"decision", "deny"}}).status == 400);
    BOOST_TEST(poll(d).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
