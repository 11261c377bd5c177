// What follows from the policy of a realm, and from its end.
#include <algorithm>
#include <set>

#include "mcp/server/fixture.hpp"
#include "mcp/server/realm_state.hpp"
#include "mcp/tasks/background_task.hpp"

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
using mcp::revision;

namespace {

struct quiet_call final : mcp::in_flight {
    int abandoned = 0;
    void cancel(std::string_view) override {}
    void abandon() override { ++abandoned; }
    void answered(std::int64_t, mcp::client_answer) override {}
};

struct fixture : test::mcp_fixture {
    std::multiset<std::string> told;
    std::shared_ptr<void> listening =
        state().changes.listen([this](mcp::change const& c) { told.emplace(c.method()); });

    mcp::realm_state& state() { return b.realm->get<mcp::realm_state>(); }
};

mcp::active_policy active(std::vector<std::string> versions, std::vector<std::string> transports) {
    mcp::policy p;
    p.versions = std::move(versions);
    p.transports = std::move(transports);
    return mcp::active_policy(p);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_realm_policy, fixture)

BOOST_AUTO_TEST_CASE(a_policy_is_worked_out_once) {
    auto const some = active({"2025-06-18", "2026-07-28"}, {"sse"});
    BOOST_TEST(some.spoken.has(revision::v2025_06_18));
    BOOST_TEST(!some.spoken.has(revision::v2025_11_25));
    BOOST_TEST(some.legacy_sse);
    BOOST_TEST(!some.streamable_http);
    auto const none = active({}, {});
    BOOST_TEST(!none.spoken.has_legacy());
    BOOST_TEST(!none.spoken.has_modern());
    BOOST_TEST((!none.legacy_sse && !none.streamable_http));
}

// MCP 2024-11-05, Transports, "HTTP with SSE": it is of the legacy revisions.
BOOST_AUTO_TEST_CASE(a_realm_that_speaks_no_legacy_revision_has_no_place_for_its_transport) {
    change_policy([](mcp::policy& p) { p.versions = {"2026-07-28"}; });
    BOOST_TEST(b.get("/sse", with_token({})).status == 404u);
    BOOST_TEST(b.get("/.well-known/oauth-protected-resource/sse").status == 404u);
    BOOST_TEST(b.post_json("/messages?sessionId=x", request("ping"), with_token({})).status ==
               404u);
}

BOOST_AUTO_TEST_CASE(who_holds_a_policy_keeps_it_while_it_is_replaced) {
    auto const held = server.current_policy(*b.realm);
    change_policy([](mcp::policy& p) { p.page_size = 3; });
    BOOST_TEST(held->page_size == 100u);
    BOOST_TEST(server.current_policy(*b.realm)->page_size == 3u);
    BOOST_TEST(server.configured_policy().page_size == 100u);
}

// MCP 2025-11-25, Server Features, Tools, "List Changed Notification": when the list changes.
BOOST_AUTO_TEST_CASE(fixtures_change_every_list_at_once_and_back) {
    change_policy([](mcp::policy& p) { p.fixtures = true; });
    std::multiset<std::string> const once{"notifications/prompts/list_changed",
                                          "notifications/resources/list_changed",
                                          "notifications/tools/list_changed"};
    BOOST_TEST(told == once, boost::test_tools::per_element());
    change_policy([](mcp::policy& p) { p.fixtures = false; });
    BOOST_TEST(told.size() == 6u);
}

BOOST_AUTO_TEST_CASE(what_changes_no_list_is_no_news) {
    change_policy([](mcp::policy& p) {
        p.versions = {"2025-06-18"};
        p.transports = {"sse"};
        p.binding = mcp::session_binding::token;
        p.grantable_scopes.clear();
    });
    BOOST_TEST(told.empty());
}

BOOST_AUTO_TEST_CASE(the_end_of_its_sessions_ends_requests_without_a_session_too) {
    auto const call = std::make_shared<quiet_call>();
    state().loose_calls.add({"exchange-1"}, call);
    server.drop_sessions(*b.realm);
    BOOST_TEST(call->abandoned == 1);
    BOOST_TEST(state().loose_calls.empty());
    BOOST_TEST((state().loose_calls.add({"exchange-2"}, call) == mcp::call_table::added::yes));
}

BOOST_AUTO_TEST_CASE(sessions_are_counted_by_the_idle_time_of_the_realm) {
    begin();
    change_policy([](mcp::policy& p) { p.session_idle = std::chrono::minutes(5); });
    b.clock.advance(std::chrono::minutes(6));
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

// Faults and metrics know methods and tools by these names.
BOOST_AUTO_TEST_CASE(names_every_method_and_tool_once_whether_or_not_it_is_offered) {
    auto const methods = server.methods();
    std::set<std::string_view> const unique(methods.begin(), methods.end());
    BOOST_TEST(unique.size() == methods.size());
    for (auto const* name :
         {"initialize", "ping", "tools/call", "server/discover", "subscriptions/listen",
          "tasks/get", "notifications/cancelled", "notifications/initialized", "logging/setLevel"})
        BOOST_TEST(unique.contains(name), name);
    auto const tools = server.tool_names();
    std::set<std::string_view> const names(tools.begin(), tools.end());
    BOOST_TEST(names.size() == tools.size());
    BOOST_TEST(names.contains("test_mirrored_parameters"));
    BOOST_TEST(!names.contains("make_authenticated_request"));
}

BOOST_AUTO_TEST_CASE(allowing_the_request_to_another_api_adds_its_tool) {
    http::client client{http::client::options()};
    BOOST_TEST((server.api() == nullptr));
    server.allow_authenticated_request(mcp::passthrough{client, ""});
    BOOST_TEST((server.api() != nullptr));
    auto const tools = server.tool_names();
    BOOST_TEST(std::count(tools.begin(), tools.end(),
                          std::string_view("make_authenticated_request")) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
