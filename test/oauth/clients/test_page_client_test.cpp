// The test page as a client of our own authorization server.
#include <boost/test/unit_test.hpp>

#include "oauth/test_page/test_page_bench.hpp"

using namespace test;

namespace {

struct own_bench : test_page_bench {
    own_bench() { configured = {}; }

    static fields request(std::string const& redirect_uri) {
        return with(authorization_bench::authorize_request("tollgate-test-page"), "redirect_uri",
                    redirect_uri);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(test_page_client, own_bench)

BOOST_AUTO_TEST_CASE(shows_our_own_server_where_no_other_is_named) {
    auto const a = get("/oauth");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(fact(a, "Provider") == "this server");
    BOOST_TEST(fact(a, "Issuer") == "http://localhost:9100");
    BOOST_TEST(fact(a, "Client ID") == "tollgate-test-page");
    BOOST_TEST(fact(a, "Scopes") == "mcp:tools openid profile");
    BOOST_TEST(says(a, "Start login"));
}

BOOST_AUTO_TEST_CASE(asks_it_by_its_internal_address) {
    auto const sent = login();
    std::string const location(sent.header("Location"));
    BOOST_TEST(location.starts_with("http://localhost:9100/authorize?"));
    as.web.where.at = http::site::authorization_server;
    auto const answered = as.web.get(location.substr(location.find("/authorize")));
    BOOST_REQUIRE_EQUAL(answered.status, 302u);
    std::string const back(answered.header("Location"));
    BOOST_TEST(back.starts_with("http://localhost:9101/oauth/callback?"));
    as.web.where.at = http::site::mcp_server;
    userinfo_body = R"({"sub":"demo"})";
    auto const a = get(back.substr(back.find("/oauth/callback")));
    BOOST_TEST(a.status == 200u);
    BOOST_TEST((sent_to("/own/token").one("code") == parameter(answered, "code")));
    BOOST_TEST(asked("/own/token")->authorization == "");
    BOOST_TEST((sent_to("/own/token").one("client_id") == "tollgate-test-page"));
    BOOST_TEST(asked("/own/userinfo")->authorization == "Bearer tok-1");
}

BOOST_AUTO_TEST_CASE(demands_our_own_issuer) {
    BOOST_TEST(title(whole_login()) == "The answer does not name its issuer");
}

BOOST_AUTO_TEST_CASE(is_known_for_its_own_redirect_alone) {
    BOOST_TEST(as.authorize(request("http://localhost:9101/oauth/callback")).status == 302u);
    for (auto const* other :
         {"http://localhost:9102/oauth/callback", "http://127.0.0.1:9101/oauth/callback",
          "http://localhost:9101/oauth/callback/", "https://evil.example/oauth/callback"})
        BOOST_TEST(as.authorize(request(other)).status == 400u, other);
}

BOOST_AUTO_TEST_CASE(is_unknown_where_the_page_is_off) {
    offered = false;
    auto const a = as.authorize(request("http://localhost:9101/oauth/callback"));
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(says(a, "the client is unknown here"));
}

BOOST_AUTO_TEST_CASE(is_counted_nowhere_and_cannot_be_changed) {
    as.authorize(request("http://localhost:9101/oauth/callback"));
    auto const counted = as.run(as.server.count(*as.web.realm));
    BOOST_REQUIRE(bool(counted));
    BOOST_TEST(counted->clients == 0u);
    for (auto const verb : {http::verb::get, http::verb::put, http::verb::delete_}) {
        auto const a =
            as.web.send(verb, "/register/tollgate-test-page", "{}",
                        {{"Authorization", "Bearer x"}, {"Content-Type", "application/json"}});
        BOOST_TEST(a.status == 401u);
    }
}

BOOST_AUTO_TEST_CASE(gets_tokens_and_a_refresh_token_by_pkce_alone) {
    auto const uri = "http://localhost:9101/oauth/callback";
    auto const code = as.code_for(request(uri));
    auto const form =
        with(authorization_bench::code_request("tollgate-test-page", code), "redirect_uri", uri);
    auto const wrong = as.token(with(form, "code_verifier", std::string(43, 'x')));
    BOOST_TEST(refusal(wrong) == "400 invalid_grant");
    auto const again = with(form, "code", as.code_for(request(uri)));
    auto const a = as.token(again);
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(text(a.json(), "refresh_token") != "(none)");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(test_page_client_by_configuration)

BOOST_AUTO_TEST_CASE(gives_way_to_a_configured_client_of_its_name) {
    oauth::server_options o;
    o.test_page_client = [] { return true; };
    oauth::configured_client c;
    c.client_id = "tollgate-test-page";
    c.redirect_uris = {"http://localhost:6274/its/own"};
    o.clients.push_back(c);
    authorization_bench b(std::move(o));
    auto const its = authorization_bench::authorize_request(c.client_id);
    BOOST_TEST(b.authorize(with(its, "redirect_uri", c.redirect_uris[0])).status == 302u);
    BOOST_TEST(
        b.authorize(with(its, "redirect_uri", "http://localhost:9101/oauth/callback")).status ==
        400u);
}

BOOST_AUTO_TEST_SUITE_END()
