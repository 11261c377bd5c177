// Log messages to the client in 2026-07-28: asked for by each request, for itself.
#include <set>

#include "mcp/call/notices.hpp"
#include "mcp/server/modern_fixture.hpp"
#include "mcp/transport/http/talking_fixture.hpp"

using test::error_of;
using test::parsed;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

constexpr mcp::logging_level every_level[] = {
    mcp::logging_level::debug,   mcp::logging_level::info,     mcp::logging_level::notice,
    mcp::logging_level::warning, mcp::logging_level::error,    mcp::logging_level::critical,
    mcp::logging_level::alert,   mcp::logging_level::emergency};

// One message of every level, each with the name that the call gives it, then a wait.
tollgate::task<tollgate::outcome<mcp::tool_result>> log_all(mcp::call const& c,
                                                            json::object const& arguments) {
    for (auto const level : every_level)
        mcp::log_to_client(c, level, "test", arguments.at("name"));
    bool const slept = co_await c.out.sleep(20ms);
    co_return mcp::text_result(c, slept ? "slept" : "woken");
}

mcp::toolbox const& tools() {
    static mcp::tool const one = test::talking::make("log_all", &log_all);
    static mcp::tool const* const all[] = {&one};
    static mcp::toolbox const box(all);
    return box;
}

struct fixture : test::talking_fixture {
    fixture() : talking_fixture(tools()) {}

    static std::string body(std::string const& name, std::string const& level) {
        auto meta = R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                    R"("io.modelcontextprotocol/clientCapabilities":{})" +
                    (level.empty() ? level : R"(,"io.modelcontextprotocol/logLevel":)" + level) +
                    '}';
        return request("tools/call", R"({"name":"log_all","arguments":{"name":")" + name +
                                         R"("},"_meta":)" + meta + '}');
    }
    http::reply open(std::string const& name, std::string const& level) {
        return b.raw(http::verb::post, "/mcp", body(name, level),
                     with_token({{"MCP-Protocol-Version", "2026-07-28"},
                                 {"Mcp-Method", "tools/call"},
                                 {"Mcp-Name", "log_all"},
                                 {"Accept", both},
                                 {"Content-Type", "application/json"}}));
    }
    struct heard {
        std::vector<std::string> levels;
        std::set<std::string> names;
        bool answered = false;
    };
    heard all_of(http::reply r) {
        heard out;
        std::vector<json::value> messages;
        if (!r.stream) messages.push_back(parsed(r.body));
        if (r.stream) {
            for (auto const& e : rest(*r.stream))
                messages.push_back(parsed(e.data));
        }
        for (auto const& m : messages) {
            auto const& o = m.as_object();
            if (!o.contains("method")) {
                out.answered = o.contains("result");
                continue;
            }
            BOOST_TEST(!out.answered, "a message after the answer");
            BOOST_TEST(o.at("method").as_string() == "notifications/message");
            auto const& p = o.at("params").as_object();
            out.levels.emplace_back(p.at("level").as_string());
            out.names.emplace(p.at("data").as_string());
        }
        return out;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_log_level, fixture)

// MCP 2026-07-28, Utilities, Logging, "Per-request log level": at or above the requested level.
BOOST_AUTO_TEST_CASE(messages_come_at_the_level_asked_for_and_above) {
    for (std::size_t least = 0; least < std::size(every_level); ++least) {
        auto const level = std::string(to_string(every_level[least]));
        auto const got = all_of(open("a", '"' + level + '"'));
        BOOST_TEST(got.answered);
        BOOST_REQUIRE(got.levels.size() == std::size(every_level) - least);
        for (std::size_t i = 0; i < got.levels.size(); ++i)
            BOOST_TEST(got.levels[i] == to_string(every_level[least + i]));
    }
}

// MCP 2026-07-28, Utilities, Logging, "Per-request log level": none for a request without the
// field.
BOOST_AUTO_TEST_CASE(nobody_hears_what_was_not_asked_for) {
    auto const got = all_of(open("a", ""));
    BOOST_TEST(got.levels.empty());
    BOOST_TEST(got.answered);
}

// MCP 2026-07-28, Utilities, Logging, "Per-request log level": on no stream but the one of the
// request.
BOOST_AUTO_TEST_CASE(messages_go_to_the_stream_of_their_own_request) {
    auto const listening =
        b.raw(http::verb::post, "/mcp",
              request("subscriptions/listen",
                      R"({"notifications":{"toolsListChanged":true},)"
                      R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                      R"("io.modelcontextprotocol/clientCapabilities":{},)"
                      R"("io.modelcontextprotocol/logLevel":"debug"}})",
                      "99"),
              with_token({{"MCP-Protocol-Version", "2026-07-28"},
                          {"Mcp-Method", "subscriptions/listen"},
                          {"Accept", both},
                          {"Content-Type", "application/json"}}));
    BOOST_REQUIRE(listening.stream);
    auto low = open("low", R"("debug")");
    auto high = open("high", R"("alert")");
    auto none = open("none", "");
    auto const of_low = all_of(std::move(low));
    auto const of_high = all_of(std::move(high));
    BOOST_TEST(of_low.levels.size() == 8u);
    BOOST_TEST((of_low.names == std::set<std::string>{"low"}));
    BOOST_TEST(of_high.levels.size() == 2u);
    BOOST_TEST((of_high.names == std::set<std::string>{"high"}));
    BOOST_TEST(all_of(std::move(none)).levels.empty());
    server.drop_sessions(*b.realm);
    for (auto const& e : rest(*listening.stream))
        BOOST_TEST(e.data.find("notifications/message") == std::string::npos);
}

// MCP 2026-07-28, Utilities, Logging, "Error Handling": an unknown level is -32602.
BOOST_AUTO_TEST_CASE(what_is_no_level_is_refused) {
    for (auto const* level : {R"("loud")", R"("")", "3", "null", R"(["debug"])", R"("DEBUG")"}) {
        BOOST_TEST_CONTEXT(level) {
            auto const r = open("a", level);
            BOOST_TEST(r.status == 400u);
            BOOST_REQUIRE(!r.stream);
            BOOST_TEST(parsed(r.body).at("error").at("code").as_int64() == -32602);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
