// `tollgate stdio`: both eras in one process, and what neither of them may answer.
#include <string_view>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/stdio_program.hpp"

namespace {

using namespace test;
using namespace test::pipes;
namespace json = boost::json;

std::string cancel(std::string const& id) {
    return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" + id +
           "}}\n";
}
std::size_t lines_with(ending const& e, std::string_view text) {
    std::size_t n = 0;
    for (auto const& line : e.out)
        n += json::serialize(line).find(text) != std::string::npos ? 1 : 0;
    return n;
}

constexpr char slowly[] = "--set mcp.auth=none --set mcp.fixtures=true";

BOOST_AUTO_TEST_SUITE(stdio_eras)

// MCP 2026-07-28, Cancellation: on stdio nothing more is sent for a request that is cancelled.
// MCP 2026-07-28, Versioning: a dual-era server may serve both eras in one process.
BOOST_AUTO_TEST_CASE(a_modern_request_is_cancelled_beside_a_legacy_session) {
    auto const meta = modern_meta(R"(,"progressToken":"p")");
    conversation with(begin() + call(2, "slow", R"({"seconds":60})", ',' + meta), slowly);
    with.hear(R"("progressToken":"p")");
    with.say(cancel("2") + request(3, "ping"));
    with.hear(R"("id":3)");
    auto const e = with.close();
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(lines_with(e, R"("progressToken":"p")") >= 1u);
    BOOST_TEST(lines_with(e, R"("id":2)") == 0u);
    BOOST_TEST(json::serialize(e.out.back()).find(R"("id":3)") != std::string::npos);
}

// MCP 2026-07-28, Subscriptions, "Cancellation": on stdio by notifications/cancelled.
BOOST_AUTO_TEST_CASE(a_subscription_is_cancelled_beside_a_legacy_session) {
    auto const listen =
        request(2, "subscriptions/listen",
                R"({"notifications":{"toolsListChanged":true},)" + modern_meta() + '}');
    conversation with(begin() + listen + call(3, "test_trigger_tool_change", "{}"), slowly);
    with.hear("subscriptions/acknowledged");
    with.hear(R"("io.modelcontextprotocol/subscriptionId":2)");
    with.say(cancel("2") + call(4, "test_trigger_tool_change", "{}"));
    with.hear(R"("id":4)");
    auto const e = with.close();
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(lines_with(e, "subscriptions/acknowledged") == 1u);
    BOOST_TEST(lines_with(e, R"("io.modelcontextprotocol/subscriptionId":2)") == 2u);
}

// MCP 2026-07-28, Subscriptions, "Graceful Closure": a result for a subscription that the server
// ends.
BOOST_AUTO_TEST_CASE(a_subscription_that_is_open_at_the_end_gets_its_result) {
    auto const e =
        stdio(request(2, "subscriptions/listen",
                      R"({"notifications":{"toolsListChanged":true},)" + modern_meta() + '}'));
    BOOST_TEST(e.code == 0, e.err);
    auto const last = answer(e, 2);
    auto const& result = last.at("result").as_object();
    BOOST_TEST(result.at("resultType").as_string() == "complete");
    auto const& meta = result.at("_meta").as_object();
    BOOST_TEST(meta.at("io.modelcontextprotocol/subscriptionId").as_int64() == 2);
}

// JSON-RPC 2.0 §4.1: nobody answers a notification, whatever is wrong with it.
BOOST_AUTO_TEST_CASE(a_notification_before_initialize_is_not_answered) {
    auto const e = stdio("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n" +
                         cancel("7") + "{\"jsonrpc\":\"2.0\",\"id\":8,\"result\":{}}\n" + begin());
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.out.size() == 1u);
    answer(e, 1);
}

// MCP 2025-11-25, Lifecycle, "Initialization": pings may come before initialize.
BOOST_AUTO_TEST_CASE(a_ping_before_initialize_is_answered) {
    auto const e = stdio(request(9, "ping") + begin() + request(2, "ping"));
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.out.size() == 3u);
    for (int const id : {9, 2})
        BOOST_TEST(answer(e, id).at("result").as_object().empty());
}

// MCP 2026-07-28, Base Protocol, "_meta": a missing or wrong required field is -32602.
BOOST_AUTO_TEST_CASE(a_version_that_is_missing_or_no_string_is_bad_params) {
    std::string const capabilities = R"("io.modelcontextprotocol/clientCapabilities":{})";
    std::string const version = R"(,"io.modelcontextprotocol/protocolVersion":5)";
    for (std::string const versions : {"", R"( --set 'mcp.versions=["2026-07-28"]')"}) {
        auto const e =
            stdio(request(1, "tools/list", R"({"_meta":{)" + capabilities + version + "}}") +
                      request(2, "tools/list", R"({"_meta":{)" + capabilities + "}}") +
                      request(3, "tools/list"),
                  "--set mcp.auth=none" + versions);
        for (int const id : {1, 2, 3})
            BOOST_TEST(answer(e, id).at("error").at("code").as_int64() == -32602);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
