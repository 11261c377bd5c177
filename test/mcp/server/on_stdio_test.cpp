// The server of a process that speaks to one client over stdin and stdout.
#include "mcp/server/modern_fixture.hpp"

using test::error_of;
using test::result_of;
using test::text_of;
namespace http = tollgate::http;
namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

struct fixture : test::modern {
    fixture() { server.speak_on_stdio(); }

    // The request as stdio sends it: with no header of its own.
    test::answer say() { return post(body()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_server_on_stdio, fixture)

// MCP 2026-07-28, Transports, "stdio": there are no headers; _meta says everything.
BOOST_AUTO_TEST_CASE(a_modern_request_needs_no_headers) {
    calls("echo", {{"message", "hi"}});
    BOOST_TEST(text_of(say()) == "hi");
}

BOOST_AUTO_TEST_CASE(rules_about_meta_hold_without_headers) {
    (*meta)[test::capabilities_key] = 7;
    BOOST_TEST(error_of(say()) == -32602);
    (*meta)[test::capabilities_key] = json::object();
    (*meta)[test::version_key] = "1999-01-01";
    BOOST_TEST(error_of(say()) == -32022);
    (*meta)[test::version_key] = 7;
    BOOST_TEST(error_of(say()) == -32602);
}

BOOST_AUTO_TEST_CASE(arguments_that_headers_mirror_elsewhere_need_none_here) {
    with_fixtures();
    calls("test_mirrored_parameters", {{"region", "eu"}});
    BOOST_TEST(text_of(say()).find("\"eu\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(tools_are_told_that_the_transport_is_stdio) {
    calls("whoami");
    auto const who = result_of(say()).at("structuredContent");
    BOOST_TEST(who.at("transport").as_string() == "stdio");
    auto const legacy = post(tool_call("echo_tool", R"({"message":"m"})"), in(begin()));
    BOOST_TEST(text_of(legacy) == "Server received via stdio: m");
}

// MCP 2025-11-25, Lifecycle, "Initialization": before it, no requests but pings.
BOOST_AUTO_TEST_CASE(before_anything_was_begun_only_a_ping_is_answered) {
    auto const ping = post(request("ping"));
    BOOST_TEST(ping.status == 200u);
    BOOST_TEST(result_of(ping).as_object().empty());
    auto const early = post(request("tools/list", "", "5"));
    BOOST_TEST(early.status == 400u);
    BOOST_TEST(error_of(early) == -32602);
    BOOST_TEST(early.json().at("id").as_int64() == 5);
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

// mcp.answers is about Streamable HTTP: a line is neither JSON nor a stream.
BOOST_AUTO_TEST_CASE(the_form_of_answers_is_no_choice_here) {
    change_policy([](mcp::policy& p) { p.answers = mcp::answer_form::stream; });
    auto const a = post(request("ping"), in(begin()));
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.body.find("notifications/message") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
