// What a subscription asks for, and how changes reach those who listen.
#include "mcp/protocol/subscription.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace mcp = tollgate::mcp;
namespace json = boost::json;
using kind = enum mcp::change::kind;

namespace {

boost::system::result<mcp::subscription_filter, mcp::rpc_error> read(std::string const& filter) {
    auto const params = json::parse(R"({"notifications":)" + filter + "}").as_object();
    return mcp::read_filter(&params);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_subscription)

BOOST_AUTO_TEST_CASE(reads_every_field_of_a_filter) {
    auto const f = read(R"({"toolsListChanged":true,"promptsListChanged":false,
        "resourcesListChanged":true,"resourceSubscriptions":["test://a"],"taskIds":["t1"],"new":1})");
    BOOST_REQUIRE(f.has_value());
    BOOST_TEST(f->wants({kind::tools, {}, {}}));
    BOOST_TEST(!f->wants({kind::prompts, {}, {}}));
    BOOST_TEST(f->wants({kind::resources, {}, {}}));
    BOOST_TEST(f->wants({kind::resource, "test://a", {}}));
    BOOST_TEST(!f->wants({kind::resource, "test://b", {}}));
    BOOST_TEST(f->wants({kind::task, "t1", {}}));
    BOOST_TEST(!f->wants({kind::task, "t2", {}}));
    BOOST_TEST(f->to_json() == json::parse(R"({"toolsListChanged":true,"resourcesListChanged":true,
        "resourceSubscriptions":["test://a"],"taskIds":["t1"]})"));
}

// RFC 3986 §6.2.2: equivalent URIs name one resource
BOOST_AUTO_TEST_CASE(hears_of_a_resource_by_any_spelling_of_its_uri) {
    auto const f = read(R"({"resourceSubscriptions":["TEST://%61"]})");
    BOOST_REQUIRE(f.has_value());
    BOOST_TEST(f->wants({kind::resource, "test://a", {}}));
    BOOST_TEST(!f->wants({kind::resource, "test://b", {}}));
    BOOST_TEST(f->to_json() == json::parse(R"({"resourceSubscriptions":["TEST://%61"]})"));
}

// MCP 2026-07-28, Subscriptions, "Notification Filter": all fields are optional.
BOOST_AUTO_TEST_CASE(an_empty_filter_asks_for_nothing) {
    auto const f = read("{}");
    BOOST_REQUIRE(f.has_value());
    BOOST_TEST(!f->wants({kind::tools, {}, {}}));
    BOOST_TEST(f->to_json().empty());
}

BOOST_AUTO_TEST_CASE(refuses_fields_of_the_wrong_type_and_lists_without_end) {
    BOOST_TEST(mcp::read_filter(nullptr).error().code == -32602);
    for (auto const* text : {"7", "[]", R"({"toolsListChanged":1})", R"({"taskIds":"t"})",
                             R"({"resourceSubscriptions":[7]})"}) {
        BOOST_TEST(read(text).error().code == -32602);
    }
    std::string many = R"({"taskIds":["a")";
    for (std::size_t i = 0; i < mcp::max_subscribed_names; ++i)
        many += R"(,"a")";
    BOOST_TEST(read(many + "]}").error().code == -32602);
}

// MCP 2026-07-28, Subscriptions, "Acknowledgment": what the server does not support is omitted.
BOOST_AUTO_TEST_CASE(what_the_server_does_not_declare_is_not_promised) {
    auto const asked = read(R"({"toolsListChanged":true,"promptsListChanged":true,
        "resourcesListChanged":true,"resourceSubscriptions":["a"],"taskIds":["t"]})");
    auto f = *asked;
    mcp::keep_declared(f, json::parse(R"({"tools":{}})").as_object());
    BOOST_TEST(f.to_json() == json::parse(R"({"taskIds":["t"]})"));
    f = *asked;
    mcp::keep_declared(f, json::parse(R"({"tools":{"listChanged":true},"prompts":{},
        "resources":{"subscribe":true}})")
                              .as_object());
    BOOST_TEST(f.to_json() == json::parse(R"({"toolsListChanged":true,
        "resourceSubscriptions":["a"],"taskIds":["t"]})"));
}

// MCP 2026-07-28, Subscriptions, "Receiving Notifications": each carries the subscription's id.
BOOST_AUTO_TEST_CASE(tags_every_notification_with_the_id_of_its_request) {
    json::object params{{"uri", "test://a"}};
    auto const text = mcp::subscribed_text("notifications/resources/updated", params, "listen-1");
    BOOST_TEST(json::parse(text) == json::parse(R"({"jsonrpc":"2.0",
        "method":"notifications/resources/updated","params":{"uri":"test://a",
        "_meta":{"io.modelcontextprotocol/subscriptionId":"listen-1"}}})"));
}

BOOST_AUTO_TEST_CASE(listeners_hear_changes_until_they_let_go_of_their_handle) {
    mcp::change_hub hub;
    std::vector<std::string> heard;
    auto handle = hub.listen([&](mcp::change const& c) { heard.emplace_back(c.method()); });
    hub.tools_changed();
    hub.resource_updated("test://a");
    handle.reset();
    hub.prompts_changed();
    BOOST_TEST(heard.size() == 2u);
    BOOST_TEST(heard.at(0) == "notifications/tools/list_changed");
    BOOST_TEST(heard.at(1) == "notifications/resources/updated");
}

BOOST_AUTO_TEST_CASE(a_listener_may_leave_while_it_is_being_told) {
    mcp::change_hub hub;
    std::shared_ptr<void> handle;
    int heard = 0;
    handle = hub.listen([&](mcp::change const&) {
        ++heard;
        handle.reset();
    });
    hub.prompts_changed();
    hub.resources_changed();
    BOOST_TEST(heard == 1);
}

BOOST_AUTO_TEST_SUITE_END()
