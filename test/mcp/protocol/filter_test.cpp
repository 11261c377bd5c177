// Filters of subscriptions/listen at their bounds, and what is said on the stream that they open.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/protocol/meta.hpp"
#include "mcp/protocol/subscription.hpp"

namespace mcp = tollgate::mcp;
namespace json = boost::json;
using kind = enum mcp::change::kind;

namespace {

boost::system::result<mcp::subscription_filter, mcp::rpc_error> read(std::string const& filter) {
    auto const params = json::parse(R"({"notifications":)" + filter + "}").as_object();
    return mcp::read_filter(&params);
}

std::string list_of(std::size_t count) {
    std::string out = "[\"n0\"";
    for (std::size_t i = 1; i < count; ++i)
        out += ",\"n" + std::to_string(i) + '"';
    return out + ']';
}

// A filter that asks for everything, after `declared` had its say.
json::object kept(char const* declared) {
    auto f = *read(R"({"toolsListChanged":true,"promptsListChanged":true,
        "resourcesListChanged":true,"resourceSubscriptions":["a"]})");
    mcp::keep_declared(f, json::parse(declared).as_object());
    return f.to_json();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_subscription_filter)

// MCP 2026-07-28, Subscriptions, "Notification Filter": booleans and lists of strings.
BOOST_AUTO_TEST_CASE(a_field_of_the_wrong_type_is_named) {
    for (std::string const field :
         {"toolsListChanged", "promptsListChanged", "resourcesListChanged"}) {
        for (auto const* value : {"null", "1", R"("true")", "[]", "{}"}) {
            auto const wrong = read("{\"" + field + "\":" + value + '}');
            BOOST_REQUIRE(wrong.has_error());
            BOOST_TEST(wrong.error().code == -32602);
            BOOST_TEST(wrong.error().message ==
                       "params.notifications." + field + " must be true or false");
        }
    }
    for (std::string const field : {"resourceSubscriptions", "taskIds"}) {
        for (auto const* value : {"null", "true", R"("a")", "{}", R"(["a",1])", "[null]"}) {
            auto const wrong = read("{\"" + field + "\":" + value + '}');
            BOOST_REQUIRE(wrong.has_error());
            BOOST_TEST(wrong.error().code == -32602);
            BOOST_TEST(wrong.error().message ==
                       "params.notifications." + field + " must be an array of strings");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_request_without_a_filter_is_refused) {
    for (auto const* params : {"{}", R"({"notifications":null})", R"({"notifications":true})",
                               R"({"Notifications":{}})"}) {
        auto const given = json::parse(params).as_object();
        BOOST_TEST(mcp::read_filter(&given).error().code == -32602, params);
    }
}

BOOST_AUTO_TEST_CASE(each_list_takes_a_thousand_names_and_no_more) {
    for (std::string const field : {"resourceSubscriptions", "taskIds"}) {
        auto const full = read("{\"" + field + "\":" + list_of(1000) + '}');
        BOOST_REQUIRE(full.has_value());
        BOOST_TEST(full->uris.size() + full->tasks.size() == 1000u);
        BOOST_TEST(read("{\"" + field + "\":" + list_of(1001) + '}').error().code == -32602);
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_comes_twice_is_granted_once) {
    auto const f = read(R"({"resourceSubscriptions":["a","b","a"]})");
    BOOST_REQUIRE(f.has_value());
    BOOST_TEST(f->to_json() == json::parse(R"({"resourceSubscriptions":["a","b"]})"));
}

BOOST_AUTO_TEST_CASE(each_wish_is_for_its_own_kind_of_change) {
    struct row {
        char const* filter;
        enum mcp::change::kind wanted;
    };
    row const rows[] = {{R"({"toolsListChanged":true})", kind::tools},
                        {R"({"promptsListChanged":true})", kind::prompts},
                        {R"({"resourcesListChanged":true})", kind::resources},
                        {R"({"resourceSubscriptions":["x"]})", kind::resource},
                        {R"({"taskIds":["x"]})", kind::task}};
    for (auto const& r : rows) {
        auto const f = read(r.filter);
        BOOST_REQUIRE(f.has_value());
        for (auto const other :
             {kind::tools, kind::prompts, kind::resources, kind::resource, kind::task}) {
            BOOST_TEST(f->wants({other, "x", {}}) == (other == r.wanted), r.filter);
        }
    }
}

// MCP 2026-07-28, Subscriptions, "Acknowledgment": only what the server supports; declared is what
// is there and true.
BOOST_AUTO_TEST_CASE(a_feature_counts_as_declared_only_by_a_true_in_its_object) {
    BOOST_TEST(kept("{}").empty());
    BOOST_TEST(kept(R"({"tools":true,"prompts":[],"resources":null})").empty());
    BOOST_TEST(kept(R"({"tools":{"listChanged":false},"prompts":{"listChanged":1},
        "resources":{"listChanged":"true","subscribe":{}}})")
                   .empty());
    BOOST_TEST(kept(R"({"resources":{"listChanged":true}})") ==
               json::parse(R"({"resourcesListChanged":true})"));
    BOOST_TEST(kept(R"({"prompts":{"listChanged":true}})") ==
               json::parse(R"({"promptsListChanged":true})"));
}

BOOST_AUTO_TEST_CASE(what_is_declared_but_was_not_asked_for_is_not_added) {
    auto f = *read("{}");
    mcp::keep_declared(f, json::parse(R"({"tools":{"listChanged":true},
        "prompts":{"listChanged":true},"resources":{"listChanged":true,"subscribe":true}})")
                              .as_object());
    BOOST_TEST(f.to_json().empty());
}

// MCP 2026-07-28, Subscriptions, "Receiving Notifications": the id keeps its type; what else
// stands in _meta stays.
BOOST_AUTO_TEST_CASE(the_id_of_the_subscription_goes_beside_what_is_in_meta) {
    json::object const params{{"taskId", "t"}, {"_meta", {{"mine", 1}}}};
    auto const told = json::parse(mcp::subscribed_text("notifications/tasks", params, 7));
    BOOST_TEST(told.at("params").at("taskId") == "t");
    BOOST_TEST(told.at("params").at("_meta") == json::parse(R"({"mine":1,
        "io.modelcontextprotocol/subscriptionId":7})"));
    BOOST_TEST(!told.as_object().contains("id"));
    auto const bare =
        json::parse(mcp::subscribed_text("notifications/tools/list_changed", {}, "7"));
    BOOST_TEST(bare.at("params").at("_meta").at(mcp::meta::subscription_id) == "7");
}

// MCP 2026-07-28, Subscriptions, "Graceful Closure": the result of the request, with its id twice.
BOOST_AUTO_TEST_CASE(the_end_of_a_subscription_is_the_result_of_its_request) {
    for (json::value const& id : {json::value(7), json::value("listen")}) {
        auto const end = json::parse(mcp::subscription_end(id));
        BOOST_TEST(end.at("id") == id);
        BOOST_TEST(end.at("result").at("resultType") == "complete");
        BOOST_TEST(end.at("result").at("_meta").at(mcp::meta::subscription_id) == id);
        BOOST_TEST(end.at("result").at("_meta").as_object().contains(mcp::meta::server_info));
    }
}

BOOST_AUTO_TEST_SUITE_END()
