// The table of methods: which there are in which era, and what all answers have in common.
#include <set>

#include "mcp/methods/dispatch_bench.hpp"
#include "mcp/protocol/meta.hpp"
#include "mcp/session/session.hpp"

using test::legacy_revisions;
namespace mcp = tollgate::mcp;
namespace json = boost::json;
using mcp::revision;

namespace {

// Both eras.
constexpr char const* common[] = {
    "tools/call",  "tools/list",   "resources/read",           "resources/list",
    "prompts/get", "prompts/list", "resources/templates/list", "completion/complete"};
// Session-bound ones that 2026-07-28 removed.
constexpr char const* gone[] = {"initialize", "ping", "logging/setLevel", "resources/subscribe",
                                "resources/unsubscribe"};
// Those of 2026-07-28 and its Tasks extension.
constexpr char const* fresh[] = {"server/discover", "subscriptions/listen", "tasks/get",
                                 "tasks/update", "tasks/cancel"};

struct dispatching : test::dispatch_bench {
    mcp::session kept{"id", mcp::transport::streamable_http, revision::v2025_11_25, nullptr, 1024};

    dispatching() { session = &kept; }

    static std::set<std::string> members(json::object const& o) {
        std::set<std::string> names;
        for (auto const& member : o)
            names.emplace(member.key());
        return names;
    }
    bool streams(char const* params) {
        auto const text =
            std::string(R"({"jsonrpc":"2.0","id":1,"method":"tools/call")") + params + '}';
        auto const value = json::parse(text);
        return mcp::may_stream(*mcp::classify(value), *tools);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_dispatch, dispatching)

// MCP 2025-11-25, Schema, ClientRequest; 2026-07-28, Schema, ClientRequest: what is in neither is
// -32601 (JSON-RPC 2.0 §5.1).
BOOST_AUTO_TEST_CASE(each_era_knows_its_own_methods) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        bool const modern = mcp::is_modern(r);
        for (auto const* name : common)
            BOOST_TEST(outcome(name) != -32601, r << ' ' << name);
        for (auto const* name : gone)
            BOOST_TEST((outcome(name) == -32601) == modern, r << ' ' << name);
        for (auto const* name : fresh)
            BOOST_TEST((outcome(name) == -32601) == !modern, r << ' ' << name);
    }
}

BOOST_AUTO_TEST_CASE(a_method_is_spelled_exactly_and_requests_of_the_server_are_none) {
    for (auto const r : {revision::v2025_11_25, revision::v2026_07_28}) {
        revision = r;
        for (auto const* name :
             {"Tools/List", "tools/list ", "tools", "tools/", "/tools/list", "tools/list/x",
              "sampling/createMessage", "roots/list", "elicitation/create", "tasks/list",
              "tasks/result", "notifications/initialized"}) {
            BOOST_TEST(outcome(name) == -32601, r << ' ' << name);
        }
    }
}

BOOST_AUTO_TEST_CASE(known_methods_are_all_of_the_table_and_what_clients_notify_of) {
    auto const all = mcp::known_methods();
    std::set<std::string_view> const once(all.begin(), all.end());
    BOOST_TEST(once.size() == all.size());
    std::set<std::string_view> expected{"notifications/initialized", "notifications/cancelled",
                                        "notifications/progress",
                                        "notifications/roots/list_changed"};
    expected.insert(std::begin(common), std::end(common));
    expected.insert(std::begin(gone), std::end(gone));
    expected.insert(std::begin(fresh), std::end(fresh));
    BOOST_TEST((once == expected));
}

// MCP 2026-07-28, Schema, Result: resultType is required; legacy clients that check strictly know
// neither it nor the caching hints.
BOOST_AUTO_TEST_CASE(a_result_has_the_members_of_its_era) {
    std::set<std::string> const only_modern{"resultType", "_meta", "ttlMs", "cacheScope"};
    for (auto const r : mcp::all_revisions) {
        revision = r;
        for (auto const* name :
             {"tools/list", "prompts/list", "resources/list", "resources/templates/list"}) {
            auto const got = members(result(name));
            for (auto const& member : only_modern)
                BOOST_TEST(got.contains(member) == mcp::is_modern(r), r << ' ' << name << member);
        }
        auto const called =
            members(result("tools/call", {{"name", "echo"}, {"arguments", {{"message", "m"}}}}));
        BOOST_TEST(called.contains("resultType") == mcp::is_modern(r), r);
        BOOST_TEST(!called.contains("ttlMs"), r);
    }
}

// MCP 2025-11-25, Base Protocol, "General fields"; Utilities, Progress, "Progress Flow".
BOOST_AUTO_TEST_CASE(metadata_of_the_wrong_form_is_refused_in_every_era) {
    for (auto const r : {revision::v2024_11_05, revision::v2026_07_28}) {
        revision = r;
        for (json::value const& meta :
             {json::value(7), json::value(nullptr), json::value("x"), json::value(json::array())}) {
            auto const e = error("tools/list", {{"_meta", meta}});
            BOOST_TEST(e.at("code") == -32602);
            BOOST_TEST(e.at("message") == "params._meta must be an object");
        }
        for (json::value const& token : {json::value(1.5), json::value(nullptr), json::value(true),
                                         json::value(json::object())}) {
            json::object const meta{{"progressToken", token}};
            BOOST_TEST(error("tools/list", {{"_meta", meta}}).at("message") ==
                       "params._meta.progressToken must be a string or an integer");
        }
        BOOST_TEST(outcome("tools/list", {{"_meta", {{"progressToken", ""}, {"x.y/z", 1}}}}) == 0);
    }
}

// MCP 2026-07-28, Multi Round-Trip Requests, "Server Requirements": a state that fails verification
// MUST be rejected, by every request that may carry one and before anything else of it is looked
// at.
BOOST_AUTO_TEST_CASE(a_false_state_is_refused_before_the_method_runs) {
    revision = revision::v2026_07_28;
    json::object const wanted[] = {{{"name", "echo"}, {"arguments", {{"message", "m"}}}},
                                   {{"uri", "tollgate://text"}},
                                   {{"name", "greet"}, {"arguments", {{"name", "Ada"}}}}};
    char const* const names[] = {"tools/call", "resources/read", "prompts/get"};
    for (std::size_t i = 0; i < std::size(wanted); ++i) {
        auto p = wanted[i];
        BOOST_TEST(outcome(names[i], p) == 0, names[i]);
        p["requestState"] = "made up";
        auto const e = error(names[i], p);
        BOOST_TEST(e.at("code") == -32602);
        BOOST_TEST(e.at("message").as_string().starts_with("params.requestState"), names[i]);
    }
}

BOOST_AUTO_TEST_CASE(legacy_requests_may_carry_members_that_mean_nothing_yet) {
    for (auto const r : legacy_revisions) {
        revision = r;
        BOOST_TEST(outcome("tools/call", {{"name", "echo"},
                                          {"arguments", {{"message", "m"}}},
                                          {"requestState", 7},
                                          {"inputResponses", "x"}}) == 0,
                   r);
    }
}

BOOST_AUTO_TEST_CASE(an_answer_tells_its_error_code_also_to_its_transport) {
    auto const wrong = dispatched("tools/call", {{"name", "nonsense"}});
    BOOST_TEST(wrong.error == -32602);
    BOOST_TEST(json::parse(wrong.text).at("error").at("code") == -32602);
    BOOST_TEST(!wrong.listen.has_value());
    BOOST_TEST(dispatched("ping").error == 0);
}

// MCP 2026-07-28, Subscriptions: the answer is a stream; an extension that the client does not
// declare needs its capability.
BOOST_AUTO_TEST_CASE(listening_is_answered_by_what_will_be_heard_and_by_no_text) {
    revision = revision::v2026_07_28;
    json::object const asked{{"toolsListChanged", true}, {"resourceSubscriptions", {"test://a"}}};
    auto const a = dispatched("subscriptions/listen", {{"notifications", asked}});
    BOOST_TEST(a.error == 0);
    BOOST_TEST(a.text.empty());
    BOOST_REQUIRE(a.listen.has_value());
    BOOST_TEST(a.listen->honoured.to_json() == asked);
    json::object const tasks{{"taskIds", {"t"}}};
    BOOST_TEST(outcome("subscriptions/listen", {{"notifications", tasks}}) == -32021);
    BOOST_TEST(outcome("subscriptions/listen", {{"notifications", {{"taskIds", json::array()}}}}) ==
               0);
}

BOOST_AUTO_TEST_CASE(only_calls_of_tools_that_are_not_quick_may_stream) {
    BOOST_TEST(streams(R"(,"params":{"name":"slow"})"));
    for (auto const* params :
         {"", R"(,"params":{})", R"(,"params":{"name":7})", R"(,"params":{"name":"nonsense"})",
          R"(,"params":{"name":"echo"})", R"(,"params":{"name":"whoami"})"}) {
        BOOST_TEST(!streams(params), params);
    }
    auto const other =
        json::parse(R"({"jsonrpc":"2.0","id":1,"method":"prompts/get","params":{"name":"slow"}})");
    BOOST_TEST(!mcp::may_stream(*mcp::classify(other), *tools));
}

BOOST_AUTO_TEST_SUITE_END()
