#include "control/access.hpp"

#include <boost/test/unit_test.hpp>

#include "base/metrics.hpp"
#include "control/support/plane.hpp"

using namespace test;

namespace {

struct token_plane : plane {
    token_plane() : plane(&control::control_plane::add_shared_routes, {}, access()) {}
    static control::access_options access() {
        control::access_options o;
        o.token = "open-sesame";
        return o;
    }
    answer with(std::string const& authorization) {
        return b.get("/control/state", {{"Authorization", authorization}});
    }
};
struct bounded_plane : plane {
    explicit bounded_plane(std::string token = "open-sesame")
        : plane(&control::control_plane::add_shared_routes, {}, access(std::move(token))) {}
    static control::access_options access(std::string token) {
        control::access_options o;
        o.token = std::move(token);
        o.guesses = {3, 8};
        return o;
    }
    answer with(std::string const& token) {
        return b.get("/control/state", {{"Authorization", "Bearer " + token}});
    }
    void guess(int times) {
        for (int i = 0; i < times; ++i)
            BOOST_REQUIRE(with("guess").status == 401u);
    }
};
struct long_token_plane : bounded_plane {
    long_token_plane() : bounded_plane("0123456789abcdef") {}
};
struct public_plane : plane {
    public_plane() { b.where.has_public_url = true; }
};
struct closed_plane : plane {
    closed_plane() : plane(&control::control_plane::add_shared_routes, {}, access()) {}
    static control::access_options access() {
        control::access_options o;
        o.enabled = false;
        o.token = "open-sesame";
        return o;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(control_access)

BOOST_FIXTURE_TEST_CASE(lets_local_requests_in_without_a_token, plane) {
    for (auto const* host : {"localhost:9100", "127.0.0.1", "[::1]:9100", "alpha.localhost:9100"})
        BOOST_TEST(b.get("/control/state", {{"Host", host}}).status == 200u, host);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_peer_on_another_machine_and_says_how_to_enable_it, plane) {
    b.peer_is_loopback = false;
    auto const a = get("state");
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(described(a) ==
               "this request comes from another machine; set control.token and send it as a "
               "bearer token to use the control plane");
    BOOST_TEST(post("reset").status == 403u);
    BOOST_TEST(oauth.resets.empty());
}

BOOST_FIXTURE_TEST_CASE(refuses_a_host_that_is_no_loopback_name, plane) {
    for (auto const* host : {"tollgate.example", "localhost.example", "127.0.0.1.nip.io",
                             "10.0.0.1", "notlocalhost", ""}) {
        BOOST_TEST(b.get("/control/state", {{"Host", host}}).status == 403u, host);
    }
}

BOOST_FIXTURE_TEST_CASE(refuses_what_a_proxy_passed_on, plane) {
    for (auto const* name : {"Forwarded",
                             "X-Forwarded-For",
                             "x-forwarded-host",
                             "X-Forwarded-Proto",
                             "X-Real-IP",
                             "Via",
                             "CF-Connecting-IP",
                             "X-Forwarded-Anything",
                             "CF-Ray",
                             "Cdn-Loop",
                             "Fastly-Client-IP",
                             "Fly-Client-IP",
                             "X-Original-Forwarded-For",
                             "X-Original-Host",
                             "X-Cluster-Client-IP",
                             "X-Azure-ClientIP",
                             "X-Envoy-External-Address",
                             "Tailscale-User-Login",
                             "X-ProxyUser-Ip",
                             "WL-Proxy-Client-IP",
                             "Proxy-Client-IP",
                             "True-Client-IP",
                             "X-Client-IP",
                             "Client-IP"}) {
        BOOST_TEST(b.get("/control/state", {{name, "x"}}).status == 403u, name);
    }
    BOOST_TEST(b.get("/control/state", {{"X-Forward", "x"}}).status == 200u);
}

BOOST_FIXTURE_TEST_CASE(is_off_behind_a_public_url_without_a_token, public_plane) {
    auto const a = get("state");
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(described(a).find("control.token") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(lets_in_whoever_has_the_token_from_wherever, token_plane) {
    b.peer_is_loopback = false;
    BOOST_TEST(with("Bearer open-sesame").status == 200u);
    BOOST_TEST(with("bearer  open-sesame ").status == 200u);  // RFC 9110 §11.1: case-insensitive
    auto const forwarded = b.get("/control/state", {{"Authorization", "Bearer open-sesame"},
                                                    {"X-Forwarded-For", "192.0.2.1"}});
    BOOST_TEST(forwarded.status == 200u);
}

// RFC 9110 §15.5.2: a 401 names the scheme.
BOOST_FIXTURE_TEST_CASE(refuses_everybody_else_when_a_token_is_set, token_plane) {
    auto const none = get("state");
    BOOST_TEST(none.status == 401u);
    BOOST_TEST(none.header("WWW-Authenticate") == "Bearer");
    for (auto const* value : {"Bearer open-sesam", "Bearer open-sesame2", "Bearer ", "Bearer",
                              "open-sesame", "Basic open-sesame", ""}) {
        auto const a = with(value);
        BOOST_TEST(a.status == 401u, value);
        BOOST_TEST(a.body.find("open-sesame") == std::string::npos);
    }
    auto const twice = b.get("/control/state", {{"Authorization", "Bearer open-sesame"},
                                                {"Authorization", "Bearer open-sesame"}});
    BOOST_TEST(twice.status == 401u);
}

// RFC 6585 §4: 429 may say when to come back.
BOOST_FIXTURE_TEST_CASE(nobody_searches_for_a_short_token, bounded_plane) {
    guess(2);
    // All realms have the same one.
    enter(realms.look("default"));
    b.where.base = "/r/other";
    guess(1);
    auto const a = with("open-sesame");
    BOOST_TEST(a.status == 429u);
    BOOST_TEST(a.header("Retry-After") == "60");
    BOOST_TEST(described(a).find("16 characters") != std::string::npos);
    b.peer = "192.0.2.7";
    BOOST_TEST(with("open-sesame").status == 200u);
    b.peer = "";
    b.clock.advance(std::chrono::seconds(60));
    BOOST_TEST(with("open-sesame").status == 200u);
}

BOOST_FIXTURE_TEST_CASE(a_request_without_a_token_is_no_guess, bounded_plane) {
    for (int i = 0; i < 5; ++i)
        BOOST_REQUIRE(get("state").status == 401u);
    BOOST_TEST(with("open-sesame").status == 200u);
}

BOOST_FIXTURE_TEST_CASE(a_long_token_is_never_shut, long_token_plane) {
    guess(20);
    BOOST_TEST(with("0123456789abcdef").status == 200u);
    auto const metrics = tollgate::render_metrics();
    BOOST_TEST(metrics.find("\ntollgate_wrong_secrets_total{of=\"control_token\"} ") !=
               std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(refuses_any_other_origin_for_any_method, plane) {
    for (auto const* origin :
         {"http://localhost:9101", "http://127.0.0.1:9100", "https://localhost:9100",
          "http://evil.example", "null", "http://localhost:9100.evil.example", ""}) {
        BOOST_TEST(b.get("/control/state", {{"Origin", origin}}).status == 403u, origin);
        BOOST_TEST(b.send(http::verb::post, "/control/reset", "", {{"Origin", origin}}).status ==
                   403u);
    }
    auto const twice = b.get(
        "/control/state", {{"Origin", "http://localhost:9100"}, {"Origin", "http://evil.example"}});
    BOOST_TEST(twice.status == 403u);
    BOOST_TEST(b.get("/control/state", {{"Origin", "http://localhost:9100"}}).status == 200u);
    BOOST_TEST(oauth.resets.empty());
}

BOOST_FIXTURE_TEST_CASE(compares_with_the_origin_that_was_called, plane) {
    b.where.at = http::site::mcp_server;
    BOOST_TEST(b.get("/control/state", {{"Origin", "http://localhost:9101"}}).status == 200u);
    BOOST_TEST(b.get("/control/state", {{"Origin", "http://localhost:9100"}}).status == 403u);
}

BOOST_FIXTURE_TEST_CASE(refuses_another_origin_even_with_the_token, token_plane) {
    auto const a = b.get("/control/state", {{"Authorization", "Bearer open-sesame"},
                                            {"Origin", "http://evil.example"}});
    BOOST_TEST(a.status == 403u);
}

BOOST_FIXTURE_TEST_CASE(is_not_there_when_it_is_disabled, closed_plane) {
    BOOST_TEST(get("state").status == 404u);
    BOOST_TEST(b.get("/control/state", {{"Authorization", "Bearer open-sesame"}}).status == 404u);
}

BOOST_FIXTURE_TEST_CASE(guards_the_control_plane_alone, public_plane) {
    b.peer_is_loopback = false;
    BOOST_TEST(token().status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
