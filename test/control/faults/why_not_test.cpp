// Why a fault did not act, and faults that act for a time.
#include <boost/test/unit_test.hpp>

#include "control/support/plane.hpp"

using namespace test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(fault_why_not)

BOOST_FIXTURE_TEST_CASE(names_the_member_in_which_the_last_request_differed, plane) {
    auto const id =
        fault(R"({"name":"token.unavailable","select":{"grant_type":"refresh_token"}})");
    auto const before = get("faults/" + id + "?explain=1").json();
    BOOST_TEST(before.at("nearest").is_null());
    BOOST_TEST(token({{"grant_type", "authorization_code"}, {"code", "x"}}).status == 200u);
    auto const shown = get("faults/" + id + "?explain=1").json();
    BOOST_TEST(shown.at("matched").as_int64() == 0);
    BOOST_TEST(text(shown.at("nearest"), "member") == "grant_type");
    BOOST_TEST(text(shown.at("nearest"), "wanted") == "refresh_token");
    BOOST_TEST(text(shown.at("nearest"), "was") == "authorization_code");
    // Nobody is told who did not ask.
    BOOST_TEST(!get("faults/" + id).json().as_object().contains("nearest"));
}

BOOST_FIXTURE_TEST_CASE(names_the_tool_and_the_header_that_it_waits_for, plane) {
    auto const tool = fault(R"({"name":"scope.forbidden","select":{"tool":"add"}})");
    auto const header = fault(R"({"name":"mcp.unavailable","select":{"header":{"X-Run":"7"}}})");
    BOOST_TEST(call("echo", {{"X-Run", "8"}}).status == 200u);
    auto const about_tool = get("faults/" + tool + "?explain=1").json().at("nearest");
    BOOST_TEST(text(about_tool, "member") == "tool");
    BOOST_TEST(text(about_tool, "was") == "echo");
    auto const about_header = get("faults/" + header + "?explain=1").json().at("nearest");
    BOOST_TEST(text(about_header, "member") == "header X-Run");
    BOOST_TEST(text(about_header, "was") == "8");
}

BOOST_FIXTURE_TEST_CASE(acts_between_two_times_since_it_was_made, plane) {
    fault(R"({"name":"token.unavailable","trigger":{"between":["10s","30s"]}})");
    BOOST_TEST(token().status == 200u);
    b.clock.advance(10s);
    BOOST_TEST(token().status == 503u);
    b.clock.advance(20s);
    BOOST_TEST(token().status == 200u);
}

BOOST_FIXTURE_TEST_CASE(refuses_times_that_are_none_or_the_wrong_way_round, plane) {
    for (auto const* wrong : {R"(["30s","10s"])", R"(["0s"])", R"(["soon","later"])", R"([0,5])"}) {
        auto const a = post("faults", R"({"name":"token.unavailable","trigger":{"between":)" +
                                          std::string(wrong) + "}}");
        BOOST_TEST(a.status == 400u, wrong);
        BOOST_TEST(
            text(a.json(), "error_description").starts_with("/trigger/between: expected two"),
            a.body);
    }
}

BOOST_AUTO_TEST_SUITE_END()
