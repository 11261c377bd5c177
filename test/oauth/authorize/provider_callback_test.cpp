// Broker mode, the way back: whose login it was, and what the client is told.
#include "base/crypto.hpp"
#include "oauth/broker/broker_return.hpp"
#include "oauth/fetch/basic_credentials.hpp"

using namespace test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(broker_callback, coming_back)

// RFC 6749 §10.12: the client's redirection URI is protected by state that is bound to the browser
BOOST_AUTO_TEST_CASE(shows_a_page_for_a_state_that_is_unknown_missing_or_of_another_browser) {
    auto const sent = leave();
    auto const good = good_answer(sent);
    BOOST_TEST(lost(come_back(with(good, "state", ""))) == "400 did not say");
    BOOST_TEST(lost(come_back(with(good, "state", "guessed"))) == "400 not known here");
    browser thief(*this);
    BOOST_TEST(lost(come_back(thief, good)) == "400 another browser");
    leave(thief, request());
    BOOST_TEST(lost(come_back(thief, good)) == "400 another browser");
    BOOST_TEST(upstream.token_requests().empty());
    // Which cost the one whose login it is nothing.
    upstream.nonce = parameter(sent, "nonce");
    redeem(come_back(good));
}

BOOST_AUTO_TEST_CASE(shows_a_page_for_a_state_that_was_used_or_is_older_than_ten_minutes) {
    auto const good = good_answer(leave());
    redeem(come_back(good));
    BOOST_TEST(lost(come_back(good)) == "400 completed before");
    BOOST_TEST(upstream.token_requests().size() == 1u);
    auto const slow = good_answer(leave(with(request(), "prompt", "consent")));
    later(10min);
    BOOST_TEST(lost(come_back(slow)) == "400 not known here");
}

// RFC 9110 §9.2.1: HEAD is safe. Scanners of links send one before the person comes.
BOOST_AUTO_TEST_CASE(a_head_request_of_the_same_address_uses_nothing_up) {
    auto const good = good_answer(leave());
    auto const a = web.send(http::verb::head, "/callback?" + encode(good), "", {});
    BOOST_TEST(a.status == 405u);
    BOOST_TEST(a.header("Allow") == "GET, OPTIONS");
    BOOST_TEST(web.send(http::verb::head, "/authorize?" + encode(request()), "", {}).status ==
               405u);
    redeem(come_back(good));
}

BOOST_AUTO_TEST_CASE(lets_two_logins_of_one_browser_overlap) {
    auto const first = leave();
    auto const first_nonce = upstream.nonce;
    auto const second = leave(with(request(), "prompt", "consent"));
    redeem(come_back(good_answer(second)));
    upstream.nonce = first_nonce;
    redeem(come_back(good_answer(first)));
}

BOOST_AUTO_TEST_CASE(looks_at_the_request_again_when_the_person_comes_back) {
    auto const good = good_answer(leave());
    run(server.records().erase_client("default", id));
    auto const a = come_back(good);
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.header("Location").empty());
    id = public_client();
    auto const denied = good_answer(leave());
    policy([](auto& p) { p.deny_consent = true; });
    BOOST_TEST(told(come_back(denied)).starts_with("access_denied"));
}

// OAuth 2.0 Form Post Response Mode §2, OpenID Connect Core §3.1.3.6, RFC 9449 §10: what the
// request asked for holds after the way through the provider
BOOST_AUTO_TEST_CASE(keeps_what_the_client_asked_for) {
    auto const jkt = tollgate::digest_of("a key");
    auto r = with(with(request(), "response_mode", "form_post"), "nonce", "the client's");
    r = with(with(r, "scope", "openid mcp:tools"), "dpop_jkt", jkt);
    auto const home = come_back(good_answer(leave(r)));
    BOOST_REQUIRE_EQUAL(home.status, 200);
    auto const form = hidden_fields(home);
    auto const value = [&](std::string const& name) {
        for (auto const& [n, v] : form)
            if (n == name) return v;
        return std::string("(none)");
    };
    BOOST_TEST(value("state") == "xyz&=\xc3\xa9");
    BOOST_TEST(value("iss") == "http://localhost:9100");
    auto const code = run(server.records().redeem_code("default", value("code")));
    BOOST_REQUIRE(code.has_value());
    BOOST_TEST(code->code.nonce == "the client's");
    BOOST_TEST(code->code.challenge == challenge);
    BOOST_TEST(code->code.grant.key == jkt);
    BOOST_TEST(code->code.grant.subject == alice());
}

BOOST_AUTO_TEST_CASE(forgets_logins_under_way_and_agreements_with_a_reset) {
    auto const good = good_answer(leave());
    run(server.reset(*web.realm));
    BOOST_TEST(lost(come_back(good)) == "400 not known here");
    BOOST_TEST(person.open(request()).status == 200u);
}

// RFC 9207 §2.4: iss is compared, and must be there where the metadata promise it
BOOST_AUTO_TEST_CASE(takes_no_answer_of_another_issuer) {
    for (std::string const iss : {"https://evil.example", ""}) {
        auto const good = good_answer(leave(with(request(), "prompt", "consent")));
        auto const said = told(come_back(with(good, "iss", iss)));
        BOOST_TEST(said.starts_with("server_error: "));
        BOOST_TEST(contains(said, iss.empty() ? "lacks iss" : "another issuer"));
    }
    BOOST_TEST(upstream.token_requests().empty());
}

BOOST_AUTO_TEST_CASE(asks_for_no_iss_where_the_provider_promises_none_but_checks_one_that_comes) {
    upstream.document["authorization_response_iss_parameter_supported"] = false;
    redeem(come_back(with(good_answer(leave()), "iss", "")));
    auto const again = good_answer(leave(with(request(), "prompt", "consent")));
    BOOST_TEST(
        told(come_back(with(again, "iss", "https://evil.example"))).starts_with("server_error: "));
}

// RFC 6749 §4.1.2.1: what the client is told of an error
BOOST_AUTO_TEST_CASE(maps_the_errors_of_the_provider) {
    struct {
        char const* said;
        char const* told;
    } const rows[] = {
        {"access_denied", "access_denied"},
        {"temporarily_unavailable", "temporarily_unavailable"},
        {"server_error", "server_error"},
        {"invalid_scope", "server_error"},
        {"unauthorized_client", "server_error"},
        {"invalid_request", "server_error"},
        {"login_required", "server_error"},  // the client did not ask for prompt=none
    };
    for (auto const& row : rows) {
        policy([](auto& p) { p.consent = oauth::consent_mode::automatic; });
        auto const sent = person.open(request());
        auto const back = come_back({{"error", row.said},
                                     {"error_description", "in \"words\""},
                                     {"state", parameter(sent, "state")},
                                     {"iss", upstream.peer.url()}});
        auto const said = told(back);
        BOOST_TEST(said.starts_with(std::string(row.told) + ": "), said);
        BOOST_TEST(contains(said, "authorization endpoint"));
        BOOST_TEST(contains(said, "in ?words?"));
    }
    BOOST_TEST(upstream.token_requests().empty());
}

BOOST_AUTO_TEST_CASE(says_when_the_provider_sent_neither_code_nor_error) {
    BOOST_TEST(contains(told_of({}), "neither a code nor an error"));
}

BOOST_AUTO_TEST_CASE(says_which_leg_failed_and_nothing_secret) {
    upstream.on_token = [](http::form const& f) {
        auto const all = "code " + std::string(*f.one("code")) + " verifier " +
                         std::string(*f.one("code_verifier"));
        return scripted_provider::refuse("invalid_grant", 400, all);
    };
    auto const refused = told_of({{"code", "upstream-code-1"}});
    BOOST_TEST(refused.starts_with("server_error: The provider refused the token request"));
    BOOST_TEST(contains(refused, "code *** verifier ***"));
    upstream.on_token = [](http::form const&) {
        auto const field = oauth::basic_credentials(our_client_id, our_secret);
        return scripted_provider::refuse("invalid_client", 401, "you sent " + field);
    };
    auto const unknown = good_answer(leave(with(request(), "prompt", "consent")));
    BOOST_TEST(contains(told(come_back(unknown)), "you sent Basic ***"));
    upstream.on_token = [](http::form const&) { return http::reply(500, "text/plain", "oops"); };
    auto const broken = good_answer(leave(with(request(), "prompt", "consent")));
    auto const said = told(come_back(broken));
    BOOST_TEST(said.starts_with("temporarily_unavailable: "));
    BOOST_TEST(contains(said, "token request"));
}

BOOST_AUTO_TEST_CASE(names_userinfo_when_that_fails) {
    upstream.token_members["id_token"] = nullptr;
    upstream.on_userinfo = [](heard const&) { return http::reply(503, "text/html", "<p>"); };
    auto const said = told_of({{"code", "c"}});
    BOOST_TEST(said.starts_with("temporarily_unavailable: "));
    BOOST_TEST(contains(said, "userinfo request"));
}

BOOST_AUTO_TEST_CASE(is_not_there_in_other_modes) {
    authorization_bench plain;
    BOOST_TEST(plain.web.get("/callback?state=x").status == 404u);
    BOOST_TEST(plain.web.get("/api/callback?state=x").status == 404u);
    BOOST_TEST(lost(person.visit("/api/callback?code=x&state=y")) == "400 not known here");
}

BOOST_AUTO_TEST_SUITE_END()
