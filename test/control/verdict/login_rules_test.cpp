// Rules about a login and a client, at their edges: what just breaks them, and what just does not.
#include <algorithm>

#include <boost/test/unit_test.hpp>

#include "control/verdict/exchanges.hpp"
#include "control/verdict/rule.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

using enum finding_status;

finding judged(std::string_view id, story const& s) {
    conversation const c(s.events());
    auto const at = std::ranges::find(all_rules(), id, &rule::id);
    BOOST_REQUIRE(at != all_rules().end());
    return judge_rule(*at, c);
}

// What a login and its redemption come to.
finding of_login(std::string_view id, pairs other, pairs drop = {}, pairs redeemed_with = {},
                 pairs redeemed_without = {}) {
    story s;
    s.login("code-1", std::move(other), std::move(drop));
    s.add(story::redemption("code-1", std::move(redeemed_with), std::move(redeemed_without)));
    return judged(id, s);
}

finding_status with_verifier(std::string const& v) {
    return of_login("pkce.verifier", {}, {}, {{"code_verifier", v}}).status;
}

finding_status registered_at(std::string const& uris) {
    auto x = story::registration();
    x.body = R"({"redirect_uris":)" + uris + '}';
    story s;
    return judged("redirect.allowed", s.add(x)).status;
}
finding_status redirected_to(std::string const& uri) {
    return registered_at("[\"" + uri + "\"]");
}

// Registered, then `between`, then registered again.
finding_status registered_around(auto between) {
    story s;
    s.add(story::registration());
    between(s);
    return judged("client.kept", s.add(story::registration())).status;
}

finding_status resource_named(std::string const& uri) {
    story s;
    return judged("resource.form", s.login("code-1", {{"resource", uri}})).status;
}

std::string const peer = R"( (from 127.0.0.1, "test").)";

}  // namespace

BOOST_AUTO_TEST_SUITE(verdict_rules_of_logins)

// Exchanges are recorded in the order of their answers.
BOOST_AUTO_TEST_CASE(tell_the_first_exchange_that_broke_them_however_they_find_it) {
    story s;
    s.add(story::call()).add(story::call()).add(story::call());
    conversation const c(s.events());
    assessment a;
    BOOST_TEST(!a.was_met());
    a.broken(c.all()[1], "second");
    a.broken(c.all()[2], "third");
    a.broken(c.all()[0], "first");
    BOOST_TEST(a.was_met());
    BOOST_TEST(a.at() == &c.all()[0]);
    BOOST_TEST(a.text() == "first");
    BOOST_TEST(a.times() == 3u);
}

BOOST_AUTO_TEST_CASE(call_a_login_without_a_method_of_pkce_plain) {
    BOOST_TEST(of_login("pkce.s256", {}, {{"code_challenge_method", ""}}).text ==
               R"(The login used the PKCE method "plain" in the place of S256)" + peer);
    BOOST_TEST(of_login("pkce.s256", {}, {{"code_challenge", ""}}).text ==
               "The login was without PKCE: no code_challenge was sent" + peer);
    BOOST_TEST((of_login("pkce.s256", {{"code_challenge_method", "s256"}}).status == fail));
}

// It stands in terminals and in reports.
BOOST_AUTO_TEST_CASE(show_a_method_that_a_client_made_up_short_and_without_control_characters) {
    auto const text =
        of_login("pkce.s256", {{"code_challenge_method", "\x1b[31m" + std::string(1000, 'x')}})
            .text;
    BOOST_TEST(text.find('\x1b') == std::string::npos);
    BOOST_TEST(text.size() < 200u, text);
}

// RFC 7636 §4.1: 43*128unreserved.
BOOST_AUTO_TEST_CASE(take_a_verifier_of_43_to_128_unreserved_characters) {
    for (std::size_t const size : {43u, 128u})
        BOOST_TEST((with_verifier(std::string(size, 'a')) == pass), size);
    for (std::size_t const size : {42u, 129u})
        BOOST_TEST((with_verifier(std::string(size, 'a')) == fail), size);
    BOOST_TEST((with_verifier("AZaz09-._~" + std::string(33, 'a')) == pass));
    for (char const c : {'+', '/', '=', ' ', '%'})
        BOOST_TEST((with_verifier(c + std::string(43, 'a')) == fail), c);
    BOOST_TEST(of_login("pkce.verifier", {}, {}, {{"code_verifier", std::string(42, 'a')}}).text ==
               "The code verifier has 42 characters, or one that is not allowed" + peer);
}

BOOST_AUTO_TEST_CASE(say_nothing_of_the_form_of_a_verifier_that_is_missing) {
    auto const f = of_login("pkce.verifier", {}, {}, {}, {{"code_verifier", ""}});
    BOOST_TEST((f.status == not_reached));
    BOOST_TEST(of_login("pkce.matches", {}, {}, {}, {{"code_verifier", ""}}).text ==
               "The code was redeemed without its code verifier" + peer);
}

// RFC 7636 §4.3: the method defaults to plain.
BOOST_AUTO_TEST_CASE(compare_a_plain_verifier_with_its_challenge_as_it_is) {
    for (pairs const& dropped : {pairs{}, pairs{{"code_challenge_method", ""}}}) {
        pairs login{{"code_challenge", verifier}};
        if (dropped.empty()) login.emplace_back("code_challenge_method", "plain");
        BOOST_TEST((of_login("pkce.matches", login, dropped).status == pass));
        login[0].second = challenge;
        BOOST_TEST((of_login("pkce.matches", login, dropped).status == fail));
    }
}

BOOST_AUTO_TEST_CASE(judge_no_verifier_of_a_login_that_nobody_saw_or_that_had_no_challenge) {
    story s;
    s.add(story::redemption());
    for (auto const* id : {"pkce.matches", "redirect.equal", "code.server", "resource.same"})
        BOOST_TEST((judged(id, s).status == not_reached), id);
    BOOST_TEST((of_login("pkce.matches", {}, {{"code_challenge", ""}}).status == not_reached));
}

BOOST_AUTO_TEST_CASE(want_the_redirect_uri_again_letter_by_letter_where_the_login_named_one) {
    BOOST_TEST(of_login("redirect.equal", {}, {}, {}, {{"redirect_uri", ""}}).text ==
               "The token request did not repeat the redirect_uri of the login" + peer);
    BOOST_TEST(
        (of_login("redirect.equal", {}, {}, {{"redirect_uri", redirect + '/'}}).status == fail));
    BOOST_TEST((of_login("redirect.equal", {}, {{"redirect_uri", ""}}).status == not_reached));
}

// A state that says nothing is none (RFC 6749 §3.1).
BOOST_AUTO_TEST_CASE(take_an_empty_state_for_none) {
    BOOST_TEST((of_login("state.sent", {{"state", ""}}).status == warning));
    BOOST_TEST((of_login("state.fresh", {}, {{"state", ""}}).status == not_reached));
}

BOOST_AUTO_TEST_CASE(let_a_code_be_tried_again_that_the_server_never_got_to_use) {
    for (auto const* error : {"", "use_dpop_nonce"}) {
        auto first = refused(story::redemption(), 400, error);
        if (*error == '\0') first.faults = {"token.unavailable"};
        story s;
        s.login().add(first).add(story::redemption());
        BOOST_TEST((judged("code.once", s).status == pass), error);
    }
}

BOOST_AUTO_TEST_CASE(let_no_code_be_tried_again_that_was_refused) {
    story s;
    s.login().add(refused(story::redemption(), 400, "invalid_grant")).add(story::redemption());
    auto const f = judged("code.once", s);
    BOOST_TEST(f.text == "A code was used a second time" + peer);
    BOOST_TEST(f.event == 3u);
}

BOOST_AUTO_TEST_CASE(name_both_servers_where_a_code_went_to_another) {
    story s;
    s.login();
    s.host = "localhost:9101";
    BOOST_TEST(judged("code.server", s.add(story::redemption())).text ==
               "A code of localhost:9100 was redeemed at localhost:9101" + peer);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(verdict_rules_of_clients)

BOOST_AUTO_TEST_CASE(allow_redirects_to_https_to_this_machine_and_to_apps) {
    for (auto const* uri : {"https://a.example/cb", "http://localhost/cb", "http://127.0.0.1:1/cb",
                            "http://127.9.9.9/cb", "http://[::1]:1/cb", "HTTP://LOCALHOST/cb",
                            "cursor://cb", "com.example.app:/cb"})
        BOOST_TEST((redirected_to(uri) == pass), uri);
    for (auto const* uri : {"http://a.example/cb", "http://localhost.a.example/cb",
                            "http://192.168.0.1/cb", "http://", "javascript:alert(1)",
                            "data:text/html,x", "file:///etc/passwd", "about:blank", "vbscript:x"})
        BOOST_TEST((redirected_to(uri) == fail), uri);
}

// RFC 3986 §3.1: schemes are the same in any case.
BOOST_AUTO_TEST_CASE(refuse_a_redirect_whatever_the_case_of_its_scheme_is) {
    for (auto const* uri : {"HTTP://a.example/cb", "JavaScript:alert(1)", "DATA:text/html,x"})
        BOOST_TEST((redirected_to(uri) == fail), uri);
}

BOOST_AUTO_TEST_CASE(look_at_every_redirect_of_a_registration) {
    BOOST_TEST((registered_at(R"(["https://a.example/cb","http://a.example/cb"])") == fail));
    for (auto const* uris : {"[]", "null", R"("http://a.example/cb")", "[7]"})
        BOOST_TEST((registered_at(uris) == pass), uris);
}

BOOST_AUTO_TEST_CASE(find_a_secret_that_comes_in_two_ways) {
    auto const proven = [](pairs form, bool basic, std::string const& endpoint = "token") {
        auto x = story::redemption("code-1", std::move(form));
        x.endpoint = endpoint;
        if (basic) x = with_header(x, "Authorization", "basic YzpzZWNyZXQ=");
        story s;
        return judged("client.one_method", s.add(x)).status;
    };
    BOOST_TEST((proven({{"client_secret", "s"}, {"client_assertion", "a"}}, false) == fail));
    BOOST_TEST((proven({{"client_assertion", "a"}}, true) == fail));
    BOOST_TEST((proven({{"client_secret", "s"}}, true, "revoke") == fail));
    BOOST_TEST((proven({}, true) == pass));
    BOOST_TEST((proven({{"client_secret", ""}}, true) == pass));
    BOOST_TEST((proven({{"client_secret", "s"}}, true, "userinfo") == not_reached));
}

BOOST_AUTO_TEST_CASE(allow_a_new_registration_where_the_first_is_lost_or_forgotten) {
    BOOST_TEST((registered_around([](story&) {}) == warning));
    BOOST_TEST((registered_around([](story& s) { s.note(event_type::control, "reset"); }) == pass));
    for (auto const* error : {"invalid_client", "unauthorized_client"})
        BOOST_TEST((registered_around([&](story& s) {
                        s.add(refused(story::redemption(), 401, error));
                    }) == pass),
                   error);
    BOOST_TEST((registered_around([](story& s) {
                    s.add(refused(story::redemption(), 400, "invalid_grant"));
                }) == warning));
    BOOST_TEST((registered_around([](story& s) {
                    exchange page;
                    page.endpoint = "authorize";
                    page.method = "GET";
                    page.status = 400;
                    s.add(page);
                }) == pass));
}

BOOST_AUTO_TEST_CASE(allow_a_registration_at_another_server_and_of_another_client) {
    BOOST_TEST((registered_around([](story& s) { s.host = "localhost:9200"; }) == pass));
    story other_name;
    auto x = story::registration();
    x.body = R"({"client_name":"another","redirect_uris":[")" + redirect + R"("]})";
    other_name.add(story::registration()).add(x);
    BOOST_TEST((judged("client.kept", other_name).status == pass));
}

BOOST_AUTO_TEST_CASE(allow_a_registration_again_whose_answer_was_lost_or_faulted) {
    for (bool const cut : {true, false}) {
        auto first = story::registration();
        first.cut = cut;
        if (!cut) first.faults = {"register.slow"};
        story s;
        s.add(first).add(story::registration());
        BOOST_TEST((judged("client.kept", s).status == pass));
        BOOST_TEST((judged("client.kept", s.add(story::registration())).status == warning));
    }
}

BOOST_AUTO_TEST_CASE(want_the_resource_in_login_token_request_and_refresh_since_2025_06_18) {
    for (auto const* revision : {"2025-06-18", "2025-11-25", "2026-07-28"}) {
        story s;
        s.add(story::initialize(revision)).login();
        s.add(story::redemption("code-1", {}, {{"resource", ""}}));
        auto const f = judged("resource.sent", s);
        BOOST_TEST(f.event == 3u, revision);
        s.add(story::refresh("rt-1", "at-2", "rt-2", {}, {{"resource", ""}}));
        BOOST_TEST((judged("resource.refresh", s).status == fail), revision);
    }
    story old;
    old.add(story::initialize("2025-03-26"));
    old.add(story::refresh("rt-1", "at-2", "rt-2", {}, {{"resource", ""}}));
    BOOST_TEST((judged("resource.refresh", old).status == not_reached));
}

BOOST_AUTO_TEST_CASE(want_no_resource_that_was_told_wrong_on_purpose) {
    exchange prm;
    prm.endpoint = "resource_metadata";
    prm.method = "GET";
    prm.answer = R"({"resource":")" + resource + R"("})";
    prm.faults = {"prm.resource_other"};
    story s;
    s.add(prm).login("code-1", {}, {{"resource", ""}});
    BOOST_TEST((judged("resource.sent", s).status == not_reached));
    // It has read it again, and now it knows.
    prm.faults.clear();
    s.add(prm).login("code-2", {}, {{"resource", ""}});
    BOOST_TEST(judged("resource.sent", s).event == 5u);
}

BOOST_AUTO_TEST_CASE(want_each_resource_of_the_token_request_to_be_one_of_the_login) {
    auto const asked = [](std::string const& more) {
        auto x = story::redemption();
        x.body += more;
        story s;
        return judged("resource.same", s.login().add(x)).status;
    };
    BOOST_TEST((asked("") == pass));
    BOOST_TEST((asked("&resource=http%3A%2F%2Fother") == fail));
    BOOST_TEST((of_login("resource.same", {}, {}, {}, {{"resource", ""}}).status == not_reached));
    BOOST_TEST((of_login("resource.same", {}, {{"resource", ""}}).status == not_reached));
}

// RFC 8707 §2, RFC 3986 §3.1 and §4.3.
BOOST_AUTO_TEST_CASE(want_a_resource_that_is_an_absolute_uri_without_a_fragment) {
    for (auto const* uri : {"http://a/mcp", "urn:a", "A+1-.:x", "https://a?b=c"})
        BOOST_TEST((resource_named(uri) == pass), uri);
    for (auto const* uri :
         {"http://a/mcp#", "http://a#b", "/mcp", "mcp", ":x", "1http://a", "a b:c", "a/b:c"})
        BOOST_TEST((resource_named(uri) == fail), uri);
}

BOOST_AUTO_TEST_SUITE_END()
