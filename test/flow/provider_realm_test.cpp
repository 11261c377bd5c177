// The provider's leg: the upstream of a broker or a proxy is another realm of the same server,
// whose faults it then has.
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;

// Free a moment ago: the provider must be named before the server is bound.
std::string free_origin() {
    boost::asio::io_context io;
    boost::asio::ip::tcp::acceptor a(io, {boost::asio::ip::address_v4::loopback(), 0});
    return "localhost:" + std::to_string(a.local_endpoint().port());
}

std::vector<std::string> in_front_of(std::string const& mode, std::string const& origin,
                                     std::string const& base) {
    return {"authorization_server.listen=" + origin,
            "authorization_server.mode=" + mode,
            "authorization_server.consent=auto",
            "authorization_server.resources=any",
            "upstream.issuer=http://" + origin + base,
            "upstream.client_id=front",
            "upstream.client_secret=the-front-s-own-secret",
            "clients=[{client_id=\"front\",client_secret=\"the-front-s-own-secret\","
            "redirect_uris=[\"http://localhost/callback\"]}]"};
}

std::vector<std::string> with_userinfo(std::vector<std::string> all) {
    all.emplace_back("validation.strategy=userinfo");
    return all;
}

std::string subject_at(program const& p, login const& client) {
    auto const session = open_session(p.mcp(), client.now.access);
    auto const a = json_of(call_tool(p.mcp(), client.now.access, session, "whoami", "{}"));
    return text_of(a.at("result").at("structuredContent"), "subject");
}

void expect_status(std::string const& what, raw_reply const& a, unsigned status) {
    BOOST_TEST(a.status == status, what << ": " << a.status << ' ' << a.body);
}

auto const bases = boost::unit_test::data::make({"/r/idp", "/s/plain/idp"});

BOOST_AUTO_TEST_SUITE(provider_realm_flow)

BOOST_DATA_TEST_CASE(a_broker_logs_people_in_at_another_realm_of_its_own, bases, base) {
    auto const origin = free_origin();
    program p(in_front_of("broker", origin, base));
    if (std::string_view(base).starts_with("/r/"))
        expect_status("made", post_json(p.issuer() + "/control/realms", R"({"name":"idp"})"), 201);
    login client(p.mcp());
    BOOST_TEST(client.issuer == p.issuer());
    BOOST_TEST(subject_at(p, client) == "demo@" + origin + base);

    auto const idp = "http://" + origin + base;
    auto const state = json_of(get(idp + "/control/state")).at("tokenCalls").as_int64();
    BOOST_TEST(state == 1);  // the code of the login there
    BOOST_TEST(json_of(get(p.issuer() + "/control/state")).at("tokenCalls").as_int64() == 1);
}

BOOST_AUTO_TEST_CASE(the_login_at_a_provider_that_fails_comes_back_with_an_error) {
    auto const origin = free_origin();
    program p(in_front_of("broker", origin, "/r/idp"));
    post_json(p.issuer() + "/control/realms", R"({"name":"idp"})");
    login const first(p.mcp());
    auto const idp = p.issuer() + "/r/idp";
    post_json(idp + "/control/deny-consent", R"({"on":true})");
    // The browser's way, as far as the provider: it says no, and the client is told.
    auto const registered = post_json(
        p.issuer() + "/register",
        R"({"redirect_uris":["http://127.0.0.1:33418/callback"],"token_endpoint_auth_method":"none"})");
    auto url =
        p.issuer() +
        "/authorize?response_type=code&redirect_uri=http%3A%2F%2F127.0.0.1%3A33418%2Fcallback"
        "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
        "&client_id=" +
        text_of(json_of(registered), "client_id");
    fields cookies;
    for (int hops = 0; hops < 6 && !url.starts_with("http://127.0.0.1:33418"); ++hops) {
        auto const answer = get(url, cookies);
        BOOST_REQUIRE_MESSAGE(answer.status == 302u, answer.status << ": " << answer.body);
        std::string const cookie(answer.header("Set-Cookie"));
        if (!cookie.empty()) cookies.emplace_back("Cookie", cookie.substr(0, cookie.find(';')));
        url = std::string(answer.header("Location"));
    }
    BOOST_TEST(url.find("error=access_denied") != std::string::npos, url);
}

// The provider realm moves on by itself: its clock is its own.
BOOST_AUTO_TEST_CASE(the_providers_tokens_live_by_the_clock_of_its_realm) {
    auto const origin = free_origin();
    program p(in_front_of("broker", origin, "/r/idp"));
    post_json(p.issuer() + "/control/realms", R"({"name":"idp"})");
    login client(p.mcp());
    for (auto const& base : {p.issuer(), p.issuer() + "/r/idp"})
        expect_status("clock", post_json(base + "/control/clock", R"({"advance":"25h"})"), 200);
    client.refresh();  // and with it what the provider gave
    BOOST_TEST(subject_at(p, client) == "demo@" + origin + "/r/idp");
    auto const calls = json_of(get(p.issuer() + "/r/idp/control/state")).at("tokenCalls");
    BOOST_TEST(calls.as_int64() == 2);
}

BOOST_DATA_TEST_CASE(a_proxy_stands_in_front_of_another_realm_of_its_own, bases, base) {
    auto const origin = free_origin();
    program p(with_userinfo(in_front_of("proxy", origin, base)));
    auto const idp = "http://" + origin + base;
    if (std::string_view(base).starts_with("/r/"))
        expect_status("made", post_json(p.issuer() + "/control/realms", R"({"name":"idp"})"), 201);
    auto const metadata = get(p.issuer() + "/.well-known/oauth-authorization-server");
    expect_status("metadata", metadata, 200);
    // Nothing of the proxy's own can be switched; of the provider everything can.
    expect_status("proxy", post_json(p.issuer() + "/control/revoke-access", ""), 409);
    expect_status("provider", post_json(idp + "/control/revoke-access", ""), 200);

    auto const asked = [&] {
        return post_form(p.issuer() + "/token", {{"grant_type", "refresh_token"},
                                                 {"refresh_token", "from-a-test"},
                                                 {"client_id", "front"}});
    };
    expect_status("seed", post_json(idp + "/control/seed-refresh", R"({"token":"from-a-test"})"),
                  200);
    auto const given = asked();
    expect_status("token", given, 200);
    auto const userinfo =
        get(p.issuer() + "/userinfo", bearer(text_of(json_of(given), "access_token")));
    expect_status("userinfo", userinfo, 200);
    expect_status(
        "fault",
        post_json(idp + "/control/faults", R"({"name":"token.unavailable","trigger":{"next":1}})"),
        201);
    expect_status("away", asked(), 503);
}

BOOST_AUTO_TEST_CASE(a_proxy_that_points_at_itself_says_so_still) {
    auto const origin = free_origin();
    program p(with_userinfo(in_front_of("proxy", origin, "")));
    auto const a = get(p.issuer() + "/authorize?client_id=x");
    BOOST_TEST(a.status == 502u);
    BOOST_TEST(a.body.find("leads back to this very server") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
