// The start of the test page: what it shows, what it names as missing, where a login goes.
#include <boost/test/unit_test.hpp>

#include "oauth/test_page/logins.hpp"
#include "oauth/test_page/test_page_bench.hpp"

using namespace test;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(test_page_suite, test_page_bench)

BOOST_AUTO_TEST_CASE(shows_what_is_configured_and_no_secret) {
    auto const a = get("/oauth");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(title(a) == "OAuth test page");
    BOOST_TEST(fact(a, "Mode") == "builtin");
    BOOST_TEST(fact(a, "Issuer") == peer.url());
    BOOST_TEST(fact(a, "Authorization endpoint") == peer.url() + "/authorize");
    BOOST_TEST(fact(a, "Token endpoint") == peer.url() + "/token");
    BOOST_TEST(fact(a, "Userinfo endpoint") == peer.url() + "/userinfo");
    BOOST_TEST(fact(a, "Client ID") == "us");
    BOOST_TEST(fact(a, "Client secret") == "set, and never shown");
    BOOST_TEST(fact(a, "Scopes") == "openid profile");
    BOOST_TEST(fact(a, "Redirect URI") == "http://localhost:9101/oauth/callback");
    BOOST_TEST(fact(a, "Resource") == "none is named");
    BOOST_TEST(fact(a, "MCP URL") == mcp_url);
    BOOST_TEST(fact(a, "SSE URL") == "http://localhost:9101/sse");
    BOOST_TEST(!says(a, "hush-hush"));
    BOOST_TEST(says(a, "href=\"http://localhost:9101/oauth/login\">Start login</a>"));
}

BOOST_AUTO_TEST_CASE(is_never_stored_framed_or_told_to_others) {
    for (auto const* target : {"/oauth", "/oauth/callback?state=x"}) {
        auto const a = get(target);
        BOOST_TEST(a.header("Cache-Control") == "no-store");
        BOOST_TEST(a.header("Referrer-Policy") == "no-referrer");
        std::string const policy(a.header("Content-Security-Policy"));
        BOOST_TEST(policy.starts_with("default-src 'none'"));
        BOOST_TEST(policy.find("unsafe") == std::string::npos);
        BOOST_TEST(policy.find("frame-ancestors 'none'") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(names_a_missing_client_id_and_how_to_set_it) {
    configured.client_id.clear();
    auto const a = get("/oauth");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(says(a, "Missing OAUTH_CLIENT_ID"));
    BOOST_TEST(says(a, "<code>upstream.client_id</code>"));
    BOOST_TEST(says(a, "<details open>"));
    BOOST_TEST(!says(a, "Start login"));
    auto const login = get("/oauth/login");
    BOOST_TEST(login.status == 400u);
    BOOST_TEST(says(login, "Missing OAUTH_CLIENT_ID"));
    BOOST_TEST(login.header("Location") == "");
}

BOOST_AUTO_TEST_CASE(names_missing_endpoints) {
    configured.issuer.clear();
    configured.userinfo_endpoint = peer.url() + "/userinfo";
    auto const a = get("/oauth");
    BOOST_TEST(says(a, "Missing OAUTH_AUTH_URL"));
    BOOST_TEST(says(a, "<code>upstream.authorization_endpoint</code>"));
    BOOST_TEST(says(a, "Missing OAUTH_TOKEN_URL"));
    BOOST_TEST(says(a, "<code>OAUTH_ISSUER</code>"));
    BOOST_TEST(fact(a, "Issuer") == "not named");
    BOOST_TEST(get("/oauth/login").status == 400u);
}

BOOST_AUTO_TEST_CASE(shows_why_the_provider_cannot_be_found_and_stays_there) {
    document["issuer"] = "http://elsewhere.example";
    for (auto const* target : {"/oauth", "/oauth/login"}) {
        auto const a = get(target);
        BOOST_TEST(a.status == 502u);
        BOOST_TEST(says(a, "names the issuer &quot;http://elsewhere.example&quot;"));
        BOOST_TEST(fact(a, "Client ID") == "us");
        BOOST_TEST(!says(a, "Start login"));
    }
}

BOOST_AUTO_TEST_CASE(answers_504_where_discovery_takes_too_long) {
    configured.timeout = 50ms;
    peer.delay = 500ms;
    auto const a = get("/oauth");
    BOOST_TEST(a.status == 504u);
    BOOST_TEST(says(a, "did not answer in time (discovery"));
}

// RFC 7636 §4.3: the challenge and its method go with the authorization request
// RFC 6749 §10.12: state binds the answer to the browser
// OpenID Connect Core §3.1.2.1: a nonce binds the id_token to the login
BOOST_AUTO_TEST_CASE(sends_the_browser_to_the_provider_with_state_pkce_and_nonce) {
    auto const a = login();
    BOOST_TEST(std::string(a.header("Location")).starts_with(peer.url() + "/authorize?"));
    BOOST_TEST(parameter(a, "response_type") == "code");
    BOOST_TEST(parameter(a, "client_id") == "us");
    BOOST_TEST(parameter(a, "redirect_uri") == "http://localhost:9101/oauth/callback");
    BOOST_TEST(parameter(a, "scope") == "openid profile");
    BOOST_TEST(parameter(a, "state").size() == 43u);
    BOOST_TEST(parameter(a, "nonce").size() == 43u);
    BOOST_TEST(parameter(a, "code_challenge").size() == 43u);
    BOOST_TEST(parameter(a, "code_challenge_method") == "S256");
    BOOST_TEST(parameter(a, "resource") == "(none)");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    std::string const set(a.header("Set-Cookie"));
    BOOST_TEST(set.starts_with("tollgate-test-page-"));
    BOOST_TEST(set.find("HttpOnly; SameSite=Lax") != std::string::npos);
    BOOST_TEST(set.find("Max-Age=600") != std::string::npos);
    auto const again = login();
    BOOST_TEST(parameter(again, "state") != parameter(a, "state"));
}

BOOST_AUTO_TEST_CASE(pins_the_cookie_to_the_host_with_https) {
    as.web.where.mcp_origin = "https://mcp.example";
    get("/oauth");
    auto const a = as.web.get("/oauth/login", {{"Host", "mcp.example"}});
    std::string const set(a.header("Set-Cookie"));
    BOOST_TEST(set.starts_with("__Host-tollgate-test-page-"));
    BOOST_TEST(set.find("; Secure") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(sends_no_nonce_where_no_id_token_is_asked_for) {
    configured.scopes = {"mcp:tools"};
    BOOST_TEST(parameter(login(), "nonce") == "(none)");
}

BOOST_AUTO_TEST_CASE(leaves_the_resource_out_or_names_another_on_request) {
    auto const page = get("/oauth?resource=");
    BOOST_TEST(fact(page, "Resource") == "none is named");
    BOOST_TEST(says(page, "/oauth/login?resource=\">Start login"));
    BOOST_TEST(parameter(login("?resource="), "resource") == "(none)");
    BOOST_TEST(parameter(login("?resource=urn:x"), "resource") == "urn:x");
}

BOOST_AUTO_TEST_CASE(asks_for_an_agent_where_there_are_many) {
    as.web.where.paths.mcp = "/{agent}/mcp";
    as.web.where.paths.sse = "/{agent}/sse";
    auto const page = get("/oauth");
    BOOST_TEST(says(page, "No agent is named."));
    BOOST_TEST(parameter(login(), "resource") == "(none)");
    BOOST_TEST(says(whole_login(), "Put the name of an agent for <code>{agent}</code>"));
}

BOOST_AUTO_TEST_CASE(logs_in_as_the_client_in_the_address_without_the_secret) {
    auto const page = get("/oauth?client_id=somebody%20else");
    BOOST_TEST(fact(page, "Client ID") == "somebody else (from the address)");
    BOOST_TEST(fact(page, "Client secret") == "none: a public client");
    BOOST_TEST(says(page, "/oauth/login?client_id=somebody%20else\">Start login"));
    auto const sent = login("?client_id=somebody%20else");
    BOOST_TEST(parameter(sent, "client_id") == "somebody else");
    BOOST_TEST(come_back(sent).status == 200u);
    BOOST_TEST(asked("/token")->authorization == "");
    auto const form = sent_to("/token");
    BOOST_TEST((form.one("client_id") == "somebody else"));
    BOOST_TEST(!form.has("client_secret"));
}

BOOST_AUTO_TEST_CASE(takes_a_client_id_that_is_the_configured_one_for_no_other) {
    BOOST_TEST(whole_login("?client_id=us").status == 200u);
    BOOST_TEST(asked("/token")->authorization == "Basic " + tollgate::to_base64("us:hush-hush"));
}

BOOST_AUTO_TEST_CASE(shows_what_stands_in_the_address_as_text) {
    auto const a = get("/oauth?client_id=" + http::percent_encode("\"><script>alert(1)</script>"));
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.body.find("<script>alert") == std::string::npos);
    BOOST_TEST(says(a, "&lt;script&gt;alert(1)&lt;/script&gt;"));
}

BOOST_AUTO_TEST_CASE(refuses_an_address_that_is_too_long_or_says_a_thing_twice) {
    for (auto const& query :
         {"client_id=" + std::string(2049, 'a'), std::string("client_id=a&client_id=b"),
          std::string("client_id=%C3%A9"), std::string("client_id=%zz")}) {
        for (std::string const path : {"/oauth?", "/oauth/login?", "/oauth/callback?"}) {
            auto const a = get(path + query);
            BOOST_TEST(a.status == 400u, path + query);
            BOOST_TEST(says(a, "<h1>"));
        }
    }
}

BOOST_AUTO_TEST_CASE(is_not_there_where_it_is_switched_off) {
    auto const sent = login();
    offered = false;
    for (auto const* path : {"/oauth", "/oauth/login", "/oauth/callback?state=x"}) {
        auto const a = get(path);
        BOOST_TEST(a.status == 404u);
        BOOST_TEST(says(a, "mcp.test_page"));
        BOOST_TEST(!says(a, peer.url()));
    }
    BOOST_TEST(come_back(sent).status == 404u);
}

BOOST_AUTO_TEST_CASE(asks_our_own_server_in_broker_mode_and_where_no_other_is_named) {
    using oauth::test_page;
    oauth::provider_options none;
    none.client_id = "us";
    BOOST_TEST(test_page::asks_own("builtin", none));
    BOOST_TEST(test_page::asks_own("broker", configured));
    BOOST_TEST(!test_page::asks_own("builtin", configured));
    BOOST_TEST(!test_page::asks_own("proxy", none));
}

BOOST_AUTO_TEST_CASE(forgets_the_oldest_login_where_there_are_too_many) {
    oauth::test_page_logins logins;
    tollgate::manual_clock time;
    for (std::size_t i = 0; i <= oauth::test_page_logins::most; ++i)
        logins.begin(std::to_string(i), "browser", {}, time.now());
    using enum oauth::test_page_logins::finding;
    BOOST_TEST((logins.take("0", "browser", time.now()).result == unknown));
    BOOST_TEST((logins.take("1", "browser", time.now()).result == good));
    BOOST_TEST((logins.take("1", "browser", time.now()).result == replayed));
    time.advance(10min);
    BOOST_TEST((logins.take("2", "browser", time.now()).result == unknown));
    BOOST_TEST(!logins.knows("browser", time.now()));
}

BOOST_AUTO_TEST_SUITE_END()
