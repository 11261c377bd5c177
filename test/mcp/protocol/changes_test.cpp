// Change notifications, and the hub that tells them to who listens.
#include "mcp/protocol/changes.hpp"

#include <atomic>
#include <optional>
#include <thread>

#include <boost/test/unit_test.hpp>

namespace mcp = tollgate::mcp;
using kind = enum mcp::change::kind;

BOOST_AUTO_TEST_SUITE(mcp_changes)

// MCP 2025-11-25, Schema, ServerNotification: the methods. MCP 2026-07-28, Tasks extension:
// notifications/tasks.
BOOST_AUTO_TEST_CASE(every_kind_of_change_has_its_method) {
    struct row {
        enum mcp::change::kind what;
        std::string_view method;
    };
    row const rows[] = {{kind::tools, "notifications/tools/list_changed"},
                        {kind::prompts, "notifications/prompts/list_changed"},
                        {kind::resources, "notifications/resources/list_changed"},
                        {kind::resource, "notifications/resources/updated"},
                        {kind::task, "notifications/tasks"}};
    for (auto const& r : rows)
        BOOST_TEST(mcp::change({r.what, {}, {}}).method() == r.method);
}

// MCP 2025-11-25, Server Features, Resources, "Subscriptions": the update names the URI, a changed
// list says nothing more.
BOOST_AUTO_TEST_CASE(an_update_names_its_resource_and_a_list_nothing) {
    mcp::change_hub hub;
    std::vector<mcp::change> heard;
    auto const handle = hub.listen([&](mcp::change const& c) { heard.push_back(c); });
    hub.resource_updated("test://a");
    hub.tools_changed();
    hub.prompts_changed();
    hub.resources_changed();
    BOOST_REQUIRE(heard.size() == 4u);
    BOOST_TEST(heard[0].name == "test://a");
    BOOST_TEST(heard[0].params == (mcp::json::object{{"uri", "test://a"}}));
    for (std::size_t i = 1; i < heard.size(); ++i) {
        BOOST_TEST(heard[i].name.empty());
        BOOST_TEST(heard[i].params.empty());
    }
}

BOOST_AUTO_TEST_CASE(every_listener_hears_and_only_the_one_that_left_does_not) {
    mcp::change_hub hub;
    int first = 0;
    int second = 0;
    auto const stays = hub.listen([&](mcp::change const&) { ++first; });
    auto leaves = hub.listen([&](mcp::change const&) { ++second; });
    hub.tools_changed();
    leaves.reset();
    hub.tools_changed();
    BOOST_TEST(first == 2);
    BOOST_TEST(second == 1);
}

// Without a lock: a listener may use the hub.
BOOST_AUTO_TEST_CASE(a_listener_may_announce_and_listen_itself) {
    mcp::change_hub hub;
    std::shared_ptr<void> inner;
    int of_inner = 0;
    std::vector<std::string> heard;
    auto const outer = hub.listen([&](mcp::change const& c) {
        heard.emplace_back(c.method());
        if (c.kind != kind::tools) return;
        inner = hub.listen([&](mcp::change const&) { ++of_inner; });
        hub.prompts_changed();
    });
    hub.tools_changed();
    std::vector<std::string> const both{"notifications/tools/list_changed",
                                        "notifications/prompts/list_changed"};
    BOOST_TEST(heard == both, boost::test_tools::per_element());
    BOOST_TEST(of_inner == 1);
}

BOOST_AUTO_TEST_CASE(a_handle_may_outlive_its_hub) {
    std::optional<mcp::change_hub> hub;
    hub.emplace();
    int heard = 0;
    auto handle = hub->listen([&](mcp::change const&) { ++heard; });
    hub->tools_changed();
    hub.reset();
    handle.reset();
    BOOST_TEST(heard == 1);
}

BOOST_AUTO_TEST_CASE(listeners_come_and_go_while_other_threads_announce) {
    mcp::change_hub hub;
    std::atomic<int> heard{0};
    auto const stays = hub.listen([&](mcp::change const&) { ++heard; });
    constexpr int rounds = 500;
    auto const announce = [&] {
        for (int i = 0; i < rounds; ++i)
            hub.tools_changed();
    };
    std::thread one(announce);
    std::thread two(announce);
    for (int i = 0; i < rounds; ++i)
        hub.listen([](mcp::change const&) {}).reset();
    one.join();
    two.join();
    BOOST_TEST(heard == 2 * rounds);
}

BOOST_AUTO_TEST_SUITE_END()
