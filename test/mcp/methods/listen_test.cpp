// subscriptions/listen of 2026-07-28: the stream and what it carries.
#include <set>

#include "mcp/server/modern_fixture.hpp"

using test::error_of;
using test::modern;
using test::subscription_key;
namespace http = tollgate::http;
namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

struct listening : modern {
    // A stream with that filter, read past its acknowledgement.
    http::reply listens(char const* filter) {
        method = "subscriptions/listen";
        params = {{"notifications", json::parse(filter)}};
        headers = {{"MCP-Protocol-Version", "2026-07-28"}};
        auto r = stream();
        BOOST_REQUIRE(r.stream);
        BOOST_TEST(next(r).at("method").as_string() == "notifications/subscriptions/acknowledged");
        return r;
    }
    json::value next(http::reply const& r) { return test::parsed(events(*r.stream).at(0).data); }
    void triggers(char const* tool, json::object arguments = {}) {
        calls(tool, std::move(arguments));
        result();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_listen, listening)

// MCP 2026-07-28, Subscriptions, "Acknowledgment": MUST be the first message and carry the id.
BOOST_AUTO_TEST_CASE(listen_acknowledges_first_and_then_stays_open) {
    change_policy([](mcp::policy& p) { p.heartbeat = std::chrono::milliseconds(3); });
    method = "subscriptions/listen";
    params["notifications"] = {{"toolsListChanged", true}, {"promptsListChanged", true}};
    id = "listen:0";
    auto const r = stream();
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.headers.get("Content-Type") == "text/event-stream");
    BOOST_TEST(r.headers.get("X-Accel-Buffering") == "no");
    auto const first = test::parsed(events(*r.stream).at(0).data);
    BOOST_TEST(first.at("method").as_string() == "notifications/subscriptions/acknowledged");
    BOOST_TEST(first.at("params").at("_meta").at(subscription_key).as_string() == "listen:0");
    BOOST_TEST(first.at("params").at("notifications") ==
               json::parse(R"({"toolsListChanged":true,"promptsListChanged":true})"));
    BOOST_TEST(test::run(b.io(), r.stream->next()).value() == ":\n\n");
}

// MCP 2026-07-28, Subscriptions, "Graceful Closure": SHOULD respond to the request before closing
// the stream.
BOOST_AUTO_TEST_CASE(listen_ends_with_its_result_when_the_server_ends_it) {
    method = "subscriptions/listen";
    params["notifications"] = json::object();
    auto const r = stream();
    events(*r.stream);
    server.drop_sessions(*b.realm);
    auto const last = test::parsed(events(*r.stream).at(0).data);
    BOOST_TEST(last.at("id") == id);
    BOOST_TEST(last.at("result").at("resultType").as_string() == "complete");
    BOOST_TEST(last.at("result").at("_meta").at(subscription_key) == id);
    BOOST_TEST(ends(*r.stream));
}

BOOST_AUTO_TEST_CASE(listen_ends_when_its_token_dies) {
    method = "subscriptions/listen";
    params["notifications"] = json::object();
    auto const r = stream();
    guard.dead.insert("alice");
    BOOST_TEST(ends(*r.stream));
}

BOOST_AUTO_TEST_CASE(listen_wants_a_filter_and_has_a_limit) {
    method = "subscriptions/listen";
    BOOST_TEST(error_of(send()) == -32602);
    change_policy([](mcp::policy& p) { p.max_sessions = 1; });
    params["notifications"] = json::object();
    auto const one = stream();
    BOOST_TEST(one.status == 200u);
    BOOST_TEST(stream().status == 503u);
}

// MCP 2026-07-28, Subscriptions, "Opening a Stream": MUST NOT send what was not asked for; each
// notification carries the subscription's id.
BOOST_AUTO_TEST_CASE(a_stream_carries_the_changes_that_were_asked_for_and_no_others) {
    with_fixtures();
    id = 42;
    auto const tools = listens(R"({"toolsListChanged":true})");
    auto const prompts = listens(R"({"promptsListChanged":true})");
    triggers("test_trigger_prompt_change");
    triggers("test_trigger_tool_change");
    auto const first = next(tools);
    BOOST_TEST(first.at("method").as_string() == "notifications/tools/list_changed");
    BOOST_TEST(first.at("params").at("_meta").at(subscription_key).as_int64() == 42);
    BOOST_TEST(next(prompts).at("method").as_string() == "notifications/prompts/list_changed");
}

BOOST_AUTO_TEST_CASE(a_stream_hears_of_the_resources_that_it_named) {
    with_fixtures();
    auto const r = listens(R"({"resourceSubscriptions":["test://a"],"resourcesListChanged":true})");
    triggers("test_trigger_resource_change", {{"uri", "test://b"}});
    triggers("test_trigger_resource_change", {{"uri", "test://a"}});
    auto const updated = next(r);
    BOOST_TEST(updated.at("method").as_string() == "notifications/resources/updated");
    BOOST_TEST(updated.at("params").at("uri").as_string() == "test://a");
    triggers("test_trigger_resource_change");
    BOOST_TEST(next(r).at("method").as_string() == "notifications/resources/list_changed");
}

// MCP 2026-07-28, Tools, "List Changed Notification": also when the realm's policy changes.
BOOST_AUTO_TEST_CASE(a_change_of_the_policy_is_announced) {
    auto const r = listens(R"({"toolsListChanged":true})");
    with_fixtures();
    BOOST_TEST(next(r).at("method").as_string() == "notifications/tools/list_changed");
}

// MCP 2026-07-28, Tools, "List Changed Notification": when the list of available tools changes.
BOOST_AUTO_TEST_CASE(a_change_of_the_policy_that_changes_no_list_is_not_announced) {
    auto const r = listens(
        R"({"toolsListChanged":true,"promptsListChanged":true,"resourcesListChanged":true})");
    change_policy([](mcp::policy& p) {
        p.page_size = 2;
        p.scopes = {"mcp:other"};
        p.auth = mcp::auth_mode::tools_only;
        p.sessions = mcp::session_mode::stateless;
    });
    with_fixtures();
    with_fixtures();  // which changes nothing
    server.drop_sessions(*b.realm);
    std::multiset<std::string> told;
    for (auto some = events(*r.stream); !some.empty(); some = events(*r.stream)) {
        for (auto const& e : some) {
            auto const m = test::parsed(e.data).as_object();
            told.emplace(m.contains("method") ? m.at("method").as_string() : "the end");
        }
    }
    std::multiset<std::string> const once{"notifications/prompts/list_changed",
                                          "notifications/resources/list_changed",
                                          "notifications/tools/list_changed", "the end"};
    BOOST_TEST(told == once, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_change_in_one_realm_is_not_told_in_another) {
    auto const r = listens(R"({"toolsListChanged":true})");
    auto const here = b.realm;
    b.realm = std::make_shared<http::realm>("other");
    server.open(*b.realm);
    with_fixtures();
    server.drop_sessions(*here);
    // Nothing came before the end.
    BOOST_TEST(next(r).at("result").at("resultType").as_string() == "complete");
}

BOOST_AUTO_TEST_SUITE_END()
