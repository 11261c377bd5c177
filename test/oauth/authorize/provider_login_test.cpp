// Broker mode, the way out: our checks and our page first, then the provider.
#include "base/crypto.hpp"
#include "oauth/broker/broker_bench.hpp"

using namespace test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(broker_login, broker_bench)

// RFC 7636 §4.3: the challenge and its method go to the provider's authorization endpoint
// RFC 6749 §4.1.1: response_type, client_id, redirect_uri, scope and state
// RFC 6749 §3.1: a query that the endpoint's URL has is retained
BOOST_AUTO_TEST_CASE(sends_an_approved_request_to_the_provider_as_a_client_of_its_own) {
    auto const sent = leave(with(request(), "nonce", "the client's"));
    BOOST_TEST(
        std::string(sent.header("Location"))
            .starts_with(upstream.peer.url() + "/authorize?tenant=a%26b&response_type=code&"));
    BOOST_TEST(parameter(sent, "client_id") == our_client_id);
    BOOST_TEST(parameter(sent, "redirect_uri") == "http://localhost:9100/callback");
    BOOST_TEST(parameter(sent, "scope") == "openid profile");
    BOOST_TEST(parameter(sent, "code_challenge_method") == "S256");
    BOOST_TEST(parameter(sent, "code_challenge").size() == 43u);
    BOOST_TEST(parameter(sent, "code_challenge") != challenge);
    BOOST_TEST(parameter(sent, "state").size() == 43u);
    BOOST_TEST(parameter(sent, "state") != "xyz&=\xc3\xa9");
    BOOST_TEST(parameter(sent, "nonce") != "the client's");
    BOOST_TEST(parameter(sent, "nonce").size() == 43u);
    BOOST_TEST(parameter(sent, "resource") == "(none)");
    BOOST_TEST(sent.header("Referrer-Policy") == "no-referrer");
    BOOST_TEST(sent.header("Cache-Control") == "no-store");
    std::string const all(sent.header("Location"));
    BOOST_TEST(all.find(id) == std::string::npos);
    BOOST_TEST(all.find(our_secret) == std::string::npos);
}

// RFC 6749 §4.1.2: the client gets a code of ours, its own state, and (RFC 9207 §2) our iss
// RFC 7636 §4.5: the provider's code is redeemed with the verifier of that challenge
BOOST_AUTO_TEST_CASE(gives_the_client_a_code_of_its_own_when_the_person_comes_back) {
    auto const sent = leave();
    auto const home = come_back(good_answer(sent));
    BOOST_REQUIRE_EQUAL(home.status, 302);
    BOOST_TEST(std::string(home.header("Location")).starts_with(callback + "?"));
    BOOST_TEST(parameter(home, "state") == "xyz&=\xc3\xa9");
    BOOST_TEST(parameter(home, "iss") == "http://localhost:9100");
    BOOST_TEST(parameter(home, "code") != "upstream-code-1");
    auto const asked = upstream.token_requests();
    BOOST_REQUIRE_EQUAL(asked.size(), 1u);
    BOOST_TEST(asked[0].one("code").value() == "upstream-code-1");
    BOOST_TEST(asked[0].one("redirect_uri").value() == parameter(sent, "redirect_uri"));
    BOOST_TEST(tollgate::digest_of(asked[0].one("code_verifier").value()) ==
               parameter(sent, "code_challenge"));
    auto const tokens = redeem(home);
    auto const told = introspect(text(tokens, "access_token"));
    BOOST_TEST(text(told, "sub") == alice());
    BOOST_TEST(text(told, "aud") == mcp_url);
    BOOST_TEST(json::serialize(tokens).find("upstream-") == std::string::npos);
}

// MCP 2025-11-25, Security Best Practices, "Confused Deputy Problem": consent per client before the
// third party is asked
BOOST_AUTO_TEST_CASE(asks_the_person_first_and_says_where_they_will_log_in) {
    auto const page = person.open(request());
    BOOST_TEST(page.status == 200u);
    BOOST_TEST(buttons(page) == "approve deny");
    BOOST_TEST(says(page, "Signs you in at"));
    BOOST_TEST(says(page, upstream.peer.url().substr(7)));
    BOOST_TEST(!says(page, "in the name of"));
    BOOST_TEST(upstream.peer.count() == 0u);
    auto const denied = person.press(page, "deny");
    BOOST_TEST(parameter(denied, "error") == "access_denied");
    BOOST_TEST(parameter(denied, "iss") == "http://localhost:9100");
    BOOST_TEST(upstream.peer.count() == 0u);
}

BOOST_AUTO_TEST_CASE(remembers_what_this_browser_agreed_to_for_this_client_and_redirect) {
    leave();
    auto const again = person.open(request());
    BOOST_TEST(again.status == 302u);
    BOOST_TEST(std::string(again.header("Location")).starts_with(upstream.peer.url()));
    // Another client, another redirect, more scopes, another browser, or a wish to be asked.
    auto const other = public_client();
    BOOST_TEST(person.open(authorize_request(other)).status == 200u);
    BOOST_TEST(person.open(with(request(), "scope", "mcp:tools mcp:admin")).status == 200u);
    BOOST_TEST(person.open(with(request(), "prompt", "consent")).status == 200u);
    json::object two;
    two["redirect_uris"] = json::array{callback, "http://localhost:6274/other"};
    auto const both = text(register_client(two), "client_id");
    leave(authorize_request(both));
    BOOST_TEST(person.open(authorize_request(both)).status == 302u);
    BOOST_TEST(
        person.open(with(authorize_request(both), "redirect_uri", "http://localhost:6274/other"))
            .status == 200u);
    browser stranger(*this);
    BOOST_TEST(stranger.open(request()).status == 200u);
}

// OpenID Connect Core §3.1.2.1: prompt=none shows no page, and §3.1.2.6 says why it could not
BOOST_AUTO_TEST_CASE(shows_no_page_for_prompt_none) {
    auto const silent = with(request(), "prompt", "none");
    auto const refused = person.open(silent);
    BOOST_TEST(refused.status == 302u);
    BOOST_TEST(parameter(refused, "error") == "consent_required");
    leave();
    auto const sent = person.open(silent);
    BOOST_TEST(std::string(sent.header("Location")).starts_with(upstream.peer.url()));
    BOOST_TEST(parameter(sent, "prompt") == "none");
    auto answer = good_answer(sent);
    answer[0] = {"error", "login_required"};
    BOOST_TEST(parameter(come_back(answer), "error") == "login_required");
}

BOOST_AUTO_TEST_CASE(asks_nobody_where_the_configuration_says_auto) {
    policy([](auto& p) { p.consent = oauth::consent_mode::automatic; });
    auto const sent = person.open(request());
    BOOST_REQUIRE_EQUAL(sent.status, 302);
    upstream.nonce = parameter(sent, "nonce");
    auto const told = introspect(text(redeem(come_back(good_answer(sent))), "access_token"));
    BOOST_TEST(text(told, "sub") == alice());
}

BOOST_AUTO_TEST_CASE(passes_on_what_the_client_wants_of_the_login) {
    auto r = with(with(request(), "login_hint", "alice@example.org"), "max_age", "60");
    auto const sent = leave(with(r, "prompt", "login consent"));
    BOOST_TEST(parameter(sent, "login_hint") == "alice@example.org");
    BOOST_TEST(parameter(sent, "max_age") == "60");
    BOOST_TEST(parameter(sent, "prompt") == "login");
}

BOOST_AUTO_TEST_CASE(asks_the_provider_nothing_for_a_request_that_is_wrong) {
    auto const wrong = person.open(with(request(), "code_challenge", "short"));
    BOOST_TEST(parameter(wrong, "error") == "invalid_request");
    BOOST_TEST(person.open(with(request(), "redirect_uri", "https://evil.example/")).status ==
               400u);
    BOOST_TEST(upstream.peer.count() == 0u);
    policy([](auto& p) { p.deny_consent = true; });
    BOOST_TEST(parameter(person.open(request()), "error") == "access_denied");
    BOOST_TEST(upstream.peer.count() == 0u);
}

// An editor that signs in at several servers opens a page for each.
BOOST_AUTO_TEST_CASE(every_open_page_leads_to_a_login_of_its_own) {
    auto const first = person.open(with(request(), "state", "1"));
    auto const second = person.open(with(authorize_request(public_client()), "state", "2"));
    auto const third = person.open(with(request(), "scope", "mcp:tools mcp:admin"));
    for (auto const& page : {second, first}) {
        auto const sent = person.press(page, "approve");
        BOOST_REQUIRE_MESSAGE(sent.status == 303, sent.body);
        BOOST_TEST(std::string(sent.header("Location")).starts_with(upstream.peer.url()));
        upstream.nonce = parameter(sent, "nonce");
        auto const home = come_back(good_answer(sent));
        BOOST_TEST(parameter(home, "code") != "(none)");
    }
    BOOST_TEST(parameter(person.press(third, "deny"), "error") == "access_denied");
}

// MCP Security Best Practices, Confused Deputy: neither the approval nor the login takes a browser
// for known by a cookie that we never gave, and no other page approves.
BOOST_AUTO_TEST_CASE(takes_no_planted_cookie_and_no_approval_of_another_site) {
    auto const page = person.open(request());
    auto const& [name, value] = *person.cookies.begin();
    auto const form = with(hidden_fields(page), "decision", "approve");
    for (auto const* origin : {"https://evil.example", "http://localhost:3000", "null"}) {
        auto const a =
            web.post_form("/authorize", form, {{"Cookie", name + '=' + value}, {"Origin", origin}});
        BOOST_TEST(a.status == 403u, origin);
        BOOST_TEST(!a.headers.has("Location"));
    }
    auto upstream_name = name;
    upstream_name.replace(upstream_name.find("login"), 5, "upstream");
    std::string const planted(43, 'C');
    person.cookies[upstream_name] = planted;
    BOOST_TEST(person.press(page, "approve").status == 303u);
    BOOST_TEST(person.cookies[upstream_name] != planted);
    auto const given = person.cookies[upstream_name];
    leave(with(request(), "prompt", "consent"));
    BOOST_TEST(person.cookies[upstream_name] == given);  // one for all that are under way
}

BOOST_AUTO_TEST_CASE(a_second_click_is_the_same_login) {
    auto const page = person.open(request());
    browser at_once = person;  // sends the form again before the first answer is there
    auto const first = person.press(page, "approve");
    auto const second = at_once.press(page, "approve");
    BOOST_TEST(first.header("Location") == second.header("Location"));
    upstream.nonce = parameter(second, "nonce");
    redeem(come_back(at_once, good_answer(second)));
    // Later the page leads on once more, to a login of its own.
    auto const third = person.press(page, "approve");
    BOOST_TEST(parameter(third, "state") != parameter(first, "state"));
    upstream.nonce = parameter(third, "nonce");
    redeem(come_back(good_answer(third)));
}

// RFC 6749 §4.1.2.1: the client learns that the server cannot go on
BOOST_AUTO_TEST_CASE(tells_the_client_when_the_provider_cannot_be_found) {
    upstream.silent = true;
    auto const page = person.open(request());
    auto const failed = person.press(page, "approve");
    BOOST_REQUIRE_EQUAL(failed.status, 303);
    BOOST_TEST(std::string(failed.header("Location")).starts_with(callback));
    BOOST_TEST(parameter(failed, "error") == "temporarily_unavailable");
    BOOST_TEST(parameter(failed, "error_description").find("discovery") != std::string::npos);
    BOOST_TEST(parameter(failed, "state") == "xyz&=\xc3\xa9");
    BOOST_TEST(parameter(failed, "iss") == "http://localhost:9100");
}

BOOST_AUTO_TEST_CASE(keeps_no_request_that_is_too_long_and_not_too_many) {
    auto r = request();
    for (int i = 0; i < 5; ++i)
        r.emplace_back("extra" + std::to_string(i), std::string(4000, 'x'));
    auto const page = person.open(r);
    BOOST_TEST(parameter(person.press(page, "approve"), "error") == "invalid_request");
    policy([](auto& p) { p.consent = oauth::consent_mode::automatic; });
    answer last;
    for (int i = 0; i < 1001; ++i)
        last = authorize(request());
    BOOST_TEST(parameter(last, "error") == "temporarily_unavailable");
    later(61s);
    BOOST_TEST(
        std::string(authorize(request()).header("Location")).starts_with(upstream.peer.url()));
}

// One stranger's scripted approvals send nobody else away.
BOOST_AUTO_TEST_CASE(one_peer_begins_so_many_logins_and_others_go_on) {
    policy([](auto& p) { p.consent = oauth::consent_mode::automatic; });
    web.where.has_public_url = true;
    auto const login_of = [&](std::string const& peer) {
        return web.get("/authorize?" + encode(request()), {{"X-Forwarded-For", peer}});
    };
    for (int i = 0; i < 100; ++i) {
        auto const away = login_of("192.0.2.66");
        BOOST_REQUIRE(std::string(away.header("Location")).starts_with(upstream.peer.url()));
    }
    auto const refused = login_of("192.0.2.66");
    BOOST_TEST(parameter(refused, "error") == "temporarily_unavailable");  // RFC 6749 §4.1.2.1
    BOOST_TEST(parameter(refused, "error_description").find("limits.peer_logins") !=
               std::string::npos);
    auto const other = login_of("192.0.2.67");
    BOOST_TEST(std::string(other.header("Location")).starts_with(upstream.peer.url()));
}

BOOST_AUTO_TEST_CASE(shows_nothing_of_the_provider_in_its_own_metadata) {
    for (auto const* path :
         {"/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"}) {
        auto const a = web.get(path);
        BOOST_TEST(text(a.json(), "issuer") == "http://localhost:9100");
        BOOST_TEST(a.body.find(upstream.peer.url()) == std::string::npos);
        BOOST_TEST(a.body.find(our_client_id) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
