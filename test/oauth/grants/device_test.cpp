// The device authorization grant (RFC 8628): the endpoint and the polls.
#include "base/crypto.hpp"
#include "oauth/device/device_bench.hpp"

using namespace test;

BOOST_FIXTURE_TEST_SUITE(device_grant_suite, devices)

// RFC 8628 §3.2: device_code, user_code, verification_uri, expires_in, interval; not to be cached.
BOOST_AUTO_TEST_CASE(hands_out_two_codes_and_an_address) {
    auto const a = ask();
    BOOST_REQUIRE_EQUAL(a.status, 200);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    auto const d = a.json();
    BOOST_TEST(text(d, "device_code").size() >= 43u);
    auto const code = text(d, "user_code");
    BOOST_TEST(code.size() == 9u);
    BOOST_TEST(text(d, "verification_uri") == "http://localhost:9100/device");
    BOOST_TEST(text(d, "verification_uri_complete") ==
               "http://localhost:9100/device?user_code=" + code);
    BOOST_TEST(d.at("expires_in").as_int64() == 600);
    BOOST_TEST(d.at("interval").as_int64() == 5);
}

// RFC 8628 §3.1: clients authenticate here as they do at the token endpoint.
BOOST_AUTO_TEST_CASE(knows_its_clients_and_what_they_may) {
    BOOST_TEST(refusal(ask({})) == "401 invalid_client");
    BOOST_TEST(refusal(ask({{"client_id", "box"}})) == "401 invalid_client");
    BOOST_TEST(ask({}, basic(tollgate::to_base64("box:secret"))).status == 200);
    BOOST_TEST(refusal(ask({{"client_id", "page"}})) == "400 unauthorized_client");
    BOOST_TEST(refusal(ask({{"client_id", "tv"}, {"scope", "nothing:known"}})) ==
               "400 invalid_scope");
    BOOST_TEST(refusal(ask({{"client_id", "tv"}, {"resource", "https://a.example"}})) ==
               "400 invalid_target");
    BOOST_TEST(refusal(ask({{"client_id", "tv"}, {"scope", "a"}, {"scope", "b"}})) ==
               "400 invalid_request");
    BOOST_TEST(web.get("/device_authorization").status == 405);
    policy([](auto& p) { std::erase(p.grant_types, device_grant); });
    BOOST_TEST(refusal(ask()) == "400 unauthorized_client");
}

// RFC 8628 §3.5: authorization_pending until the person has decided.
// RFC 8628 §3.4: the grant type is urn:ietf:params:oauth:grant-type:device_code.
BOOST_AUTO_TEST_CASE(waits_for_the_person_and_then_gives_tokens_once) {
    auto const d = begun({{"client_id", "tv"}, {"scope", "openid mcp:tools"}});
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    later(std::chrono::seconds(5));
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    auto const page = enter(d);
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body.find("Device connected") != page.body.npos);
    BOOST_TEST(page.body.find("<b>TV") == page.body.npos);  // nothing unescaped
    later(std::chrono::seconds(5));
    auto const a = poll(d);
    BOOST_REQUIRE_EQUAL(a.status, 200);
    auto const tokens = a.json();
    BOOST_TEST(text(tokens, "scope") == "openid mcp:tools");
    BOOST_TEST(text(tokens, "id_token") != "(none)");
    auto const told = introspect(text(tokens, "access_token"));
    BOOST_TEST(text(told, "sub") == "demo");
    BOOST_TEST(text(told, "aud") == mcp_url);
    BOOST_TEST(token(refresh_request("tv", text(tokens, "refresh_token"))).status == 200);
    BOOST_TEST(refusal(poll(d)) == "400 invalid_grant");
}

// RFC 8628 §3.5: slow_down adds 5 seconds to the interval of this and all later requests.
BOOST_AUTO_TEST_CASE(slows_a_hasty_device_down_for_good) {
    auto const d = begun();
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
    later(std::chrono::seconds(4));
    BOOST_TEST(refusal(poll(d)) == "400 slow_down");
    later(std::chrono::seconds(9));
    BOOST_TEST(refusal(poll(d)) == "400 slow_down");
    later(std::chrono::seconds(14));
    BOOST_TEST(refusal(poll(d)) == "400 slow_down");
    later(std::chrono::seconds(20));
    BOOST_TEST(refusal(poll(d)) == "400 authorization_pending");
}

// RFC 8628 §3.5: expired_token, access_denied; RFC 6749 §5.2: invalid_grant for the rest.
BOOST_AUTO_TEST_CASE(ends_with_the_error_of_its_end) {
    auto const denied = begun();
    BOOST_TEST(enter(denied, {{"decision", "deny"}}).status == 200);
    BOOST_TEST(refusal(poll(denied)) == "400 access_denied");
    auto const late = begun();
    later(std::chrono::seconds(600));
    BOOST_TEST(refusal(poll(late)) == "400 expired_token");
    BOOST_TEST(enter(late).status == 400);
    later(std::chrono::seconds(600));
    BOOST_TEST(refusal(poll(late)) == "400 invalid_grant");
    json::object guess;
    guess["device_code"] = "guess";
    BOOST_TEST(refusal(poll(guess)) == "400 invalid_grant");
    BOOST_TEST(refusal(token({{"grant_type", device_grant}, {"client_id", "tv"}})) ==
               "400 invalid_request");
}

// RFC 8628 §3.4: the device_code is that of the client that asks with it.
BOOST_AUTO_TEST_CASE(belongs_to_the_client_that_began) {
    auto const d = begun();
    enter(d);
    BOOST_TEST(refusal(poll(d, "other")) == "400 invalid_grant");
    BOOST_TEST(refusal(poll(d, "page")) == "400 unauthorized_client");
    BOOST_TEST(poll(d).status == 200);
}

// RFC 8707 §2.2: a poll may ask for fewer resources than the device did.
BOOST_AUTO_TEST_CASE(narrows_the_resource_and_never_widens_it) {
    auto const d = begun();
    enter(d);
    fields f{
        {"grant_type", device_grant}, {"device_code", text(d, "device_code")}, {"client_id", "tv"}};
    BOOST_TEST(refusal(token(with(f, "resource", "https://a.example"))) == "400 invalid_target");
    BOOST_TEST(token(with(f, "resource", "http://localhost:9101/sse")).status == 200);
}

// RFC 8628 §3.3.1: verification_uri_complete carries the code along.
BOOST_AUTO_TEST_CASE(approves_at_the_complete_address_where_nobody_is_asked) {
    auto const d = begun();
    auto const page = web.get("/device?user_code=" + text(d, "user_code"));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.header("Cache-Control") == "no-store");
    BOOST_TEST(poll(d).status == 200);
}

// RFC 8628 §4: device_authorization_endpoint.
BOOST_AUTO_TEST_CASE(is_in_the_metadata_where_it_is_offered) {
    auto const path = "/.well-known/oauth-authorization-server";
    BOOST_TEST(text(web.get(path).json(), "device_authorization_endpoint") ==
               "http://localhost:9100/device_authorization");
    policy([](auto& p) { std::erase(p.grant_types, device_grant); });
    BOOST_TEST(text(web.get(path).json(), "device_authorization_endpoint") == "(none)");
}

BOOST_AUTO_TEST_CASE(bounds_the_authorizations_that_wait_for_a_person) {
    int taken = 0;
    while (ask().status == 200)
        ++taken;
    BOOST_TEST(taken == 1000);
    auto const refused = ask();
    BOOST_TEST(refusal(refused) == "503 temporarily_unavailable");
    BOOST_TEST(refused.header("Retry-After") == "60");
    BOOST_TEST(begun({{"client_id", "other"}}).is_object());  // another client's are its own
    later(std::chrono::minutes(11));
    BOOST_TEST(ask().status == 200);
}

BOOST_AUTO_TEST_CASE(one_peer_cannot_begin_all_the_authorizations_of_a_client) {
    web.where.has_public_url = true;
    fields const stranger{{"X-Forwarded-For", "2001:db8::1"}};
    for (int i = 0; i < 200; ++i)
        BOOST_REQUIRE(ask({{"client_id", "tv"}}, stranger).status == 200);
    BOOST_TEST(refusal(ask({{"client_id", "tv"}}, stranger)) == "503 temporarily_unavailable");
    // RFC 4291 §2.5.4: whoever has one address of a /64 has them all.
    fields const neighbour{{"X-Forwarded-For", "2001:db8::ffff:2"}};
    BOOST_TEST(refusal(ask({{"client_id", "tv"}}, neighbour)) == "503 temporarily_unavailable");
    BOOST_TEST(ask({{"client_id", "tv"}}, {{"X-Forwarded-For", "192.0.2.1"}}).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
