#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

namespace {

struct clock_plane : plane {
    json::value at_once(std::string const& body) {
        auto const a = post("clock", body);
        BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
        BOOST_TEST(get("clock").json() == a.json());
        return a.json();
    }
    std::string refused(std::string const& body) {
        auto const before = get("clock").body;
        auto const a = post("clock", body);
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(get("clock").body == before);
        return described(a);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(api_clock)

BOOST_FIXTURE_TEST_CASE(tells_the_time_of_the_realm_and_what_it_means, clock_plane) {
    auto const a = get("clock");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.json() == json::parse(R"({"now":"2027-01-15T08:00:00Z","offset_seconds":0,
        "frozen":false,"skew_seconds":0,"meaning":"It goes with real time."})"));
}

BOOST_FIXTURE_TEST_CASE(moves_on_stands_still_and_is_wrong_when_told_so, clock_plane) {
    BOOST_TEST(at_once(R"({"advance":"8h"})") ==
               json::parse(R"({"now":"2027-01-15T16:00:00Z","offset_seconds":28800,
        "frozen":false,"skew_seconds":0,"meaning":"It runs, 8h ahead of real time."})"));
    BOOST_TEST(at_once(R"({"freeze":true})").at("frozen").as_bool());
    b.clock.advance(1h);
    BOOST_TEST(at_once(R"({"skew":"-90s"})") ==
               json::parse(R"({"now":"2027-01-15T15:58:30Z","offset_seconds":25200,
        "frozen":true,"skew_seconds":-90,"meaning":"It stands still, 7h ahead of real time, and shows a time that is 90s behind what it should show."})"));
    BOOST_TEST(at_once(R"({"skew":60})").at("skew_seconds").as_int64() == 60);
    BOOST_TEST(text(at_once(R"({"freeze":false,"skew":"0s"})"), "now") == "2027-01-15T16:00:00Z");
    b.clock.advance(1h);
    BOOST_TEST(text(get("clock").json(), "now") == "2027-01-15T17:00:00Z");
    BOOST_TEST(at_once(R"({"advance":3600.5})").at("offset_seconds").as_int64() == 28800);
}

BOOST_FIXTURE_TEST_CASE(refuses_what_no_clock_can_do, clock_plane) {
    BOOST_TEST(refused(R"({"advance":"-1h"})").find("/advance: time only moves on") == 0u);
    BOOST_TEST(refused(R"({"advance":-1})").find("/advance: ") == 0u);
    BOOST_TEST(refused(R"({"advance":"soon"})").find("/advance: expected a duration") == 0u);
    BOOST_TEST(refused(R"({"skew":"400d"})").find("/skew: expected a duration") == 0u);
    BOOST_TEST(refused(R"({"skew":null})").find("/skew: ") == 0u);
    BOOST_TEST(refused(R"({"freeze":"yes"})").find("/freeze: expected true or false") == 0u);
    BOOST_TEST(refused(R"({"advanced":"8h"})").find("\"advance\"") != std::string::npos);
    BOOST_TEST(refused("{}").find("expected at least one of") != std::string::npos);
    // All of it or nothing.
    BOOST_TEST(refused(R"({"freeze":true,"skew":"nonsense"})").find("/skew") == 0u);
    for (int i = 0; i < 9; ++i)
        at_once(R"({"advance":"3660d"})");
    at_once(R"({"advance":"3659d"})");
    BOOST_TEST(refused(R"({"advance":"2d","freeze":true})").find("a century") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(each_realm_has_a_clock_of_its_own, clock_plane) {
    post("realms", R"({"name":"alpha"})");
    at_once(R"({"advance":"8h"})");
    enter(realms.look("alpha"));
    BOOST_TEST(get("clock").json().at("offset_seconds").as_int64() == 0);
}

BOOST_FIXTURE_TEST_CASE(a_reset_of_the_authorization_server_returns_to_real_time, clock_plane) {
    at_once(R"({"advance":"8h","freeze":true,"skew":"5m"})");
    BOOST_TEST(post("reset").status == 200u);
    BOOST_TEST(text(get("clock").json(), "meaning") == "It goes with real time.");

    plane mcp_side(&control::control_plane::add_mcp_routes);
    mcp_side.post("clock", R"({"advance":"8h"})");
    mcp_side.post("reset");
    BOOST_TEST(mcp_side.get("clock").json().at("offset_seconds").as_int64() == 28800);
}

// Real deadlines: what a test has to wait for does not come sooner.
BOOST_FIXTURE_TEST_CASE(moves_no_deadline_of_faults_and_realms, clock_plane) {
    post("realms", R"({"name":"alpha","ttl":"10m"})");
    enter(realms.look("alpha"));
    auto const id = fault(R"({"name":"token.unavailable","expires_in":60})");
    at_once(R"({"advance":"8h"})");
    BOOST_TEST(get("faults/" + id).status == 200u);
    BOOST_TEST(token().status == 503u);
    BOOST_TEST(text(get("realms/alpha").json(), "expires_at") == "2027-01-15T08:10:00Z");
    at_once(R"({"freeze":true})");
    b.clock.advance(61s);
    BOOST_TEST(get("faults/" + id).status == 404u);
    BOOST_TEST(token().status == 200u);
}

BOOST_FIXTURE_TEST_CASE(templates_of_faults_follow_it, clock_plane) {
    at_once(R"({"advance":"8h"})");
    fault(R"({"effects":[{"answer":{"status":400,"body":{"at":"{now}"}}}],
              "select":{"endpoint":"token"}})");
    BOOST_TEST(token().body.find("1800028800") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
