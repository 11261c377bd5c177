// Log messages and progress: who is told what while a call runs.
#include "mcp/call/notices.hpp"

#include <cmath>

#include "mcp/server/call_bench.hpp"

namespace mcp = tollgate::mcp;
namespace json = boost::json;
using mcp::logging_level;
using mcp::revision;
using mcp::transport;

namespace {

struct notices : test::call_bench {
    transport via = transport::streamable_http;
    std::optional<logging_level> wanted;

    mcp::call of(revision r) {
        auto c = call(r);
        c.via = via;
        c.log_level = wanted;
        return c;
    }
    // The levels of which a message comes through.
    std::vector<std::string> heard(revision r) {
        out.said.clear();
        auto const c = of(r);
        for (auto const* name :
             {"debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"}) {
            mcp::log_to_client(c, *mcp::parse_logging_level(name), "test", "text");
        }
        std::vector<std::string> levels;
        for (auto const& [method, params] : out.said) {
            BOOST_TEST(method == "notifications/message");
            levels.emplace_back(params.at("level").as_string());
        }
        return levels;
    }
    void meta(std::string const& text) { params((R"({"name":"t","_meta":)" + text + '}').c_str()); }
    // The params of the notifications that these reports lead to.
    std::vector<json::object> reported(revision r, std::vector<double> const& values,
                                       std::string_view sentence = {}) {
        out.said.clear();
        auto const c = of(r);
        mcp::progress p(c, 10);
        for (auto const v : values)
            p.report(v, sentence);
        std::vector<json::object> all;
        for (auto& [method, params] : out.said) {
            BOOST_TEST(method == "notifications/progress");
            all.push_back(params);
        }
        return all;
    }
};

constexpr revision legacy[] = {revision::v2024_11_05, revision::v2025_03_26, revision::v2025_06_18,
                               revision::v2025_11_25};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_notices, notices)

// Only the stateless sessions of Streamable HTTP have nothing that outlives a call.
BOOST_AUTO_TEST_CASE(everybody_can_be_told_later_but_a_legacy_client_without_a_session) {
    for (auto const mode : {mcp::session_mode::stateful, mcp::session_mode::stateless}) {
        policy.sessions = mode;
        for (auto const t : {transport::streamable_http, transport::sse, transport::stdio}) {
            via = t;
            bool const kept =
                mode == mcp::session_mode::stateful || t != transport::streamable_http;
            for (auto const r : legacy)
                BOOST_TEST(mcp::keeps_session(of(r)) == kept, t << ' ' << r);
            BOOST_TEST(mcp::keeps_session(of(revision::v2026_07_28)), t);
        }
    }
}

// MCP 2025-11-25, Utilities, Logging, "Setting Log Level": until a level is set, the server
// decides.
BOOST_AUTO_TEST_CASE(a_legacy_client_that_set_no_level_hears_info_and_above) {
    for (auto const r : legacy) {
        auto const levels = heard(r);
        BOOST_REQUIRE(levels.size() == 7u);
        BOOST_TEST(levels.front() == "info");
    }
}

BOOST_AUTO_TEST_CASE(a_legacy_client_hears_the_level_that_it_set_and_above) {
    wanted = logging_level::critical;
    std::vector<std::string> const expected{"critical", "alert", "emergency"};
    for (auto const r : legacy)
        BOOST_TEST(heard(r) == expected, boost::test_tools::per_element());
    wanted = logging_level::debug;
    BOOST_TEST(heard(revision::v2025_11_25).size() == 8u);
}

// MCP 2025-11-25, Utilities, Logging, "Capabilities": no messages where logging is not declared.
BOOST_AUTO_TEST_CASE(a_legacy_client_without_a_session_hears_nothing_however_severe) {
    policy.sessions = mcp::session_mode::stateless;
    for (auto const r : legacy)
        BOOST_TEST(heard(r).empty(), r);
    via = transport::sse;
    BOOST_TEST(heard(revision::v2025_11_25).size() == 7u);
}

// MCP 2026-07-28, Utilities, Logging, "Per-request log level": none for a request without one,
// whatever the transport.
BOOST_AUTO_TEST_CASE(a_modern_request_hears_what_it_asked_for) {
    for (auto const t : {transport::streamable_http, transport::stdio}) {
        via = t;
        wanted.reset();
        BOOST_TEST(heard(revision::v2026_07_28).empty(), t);
        wanted = logging_level::emergency;
        BOOST_TEST(heard(revision::v2026_07_28).size() == 1u, t);
    }
}

// MCP 2025-11-25, Schema, LoggingMessageNotification: level, logger and data of any type.
BOOST_AUTO_TEST_CASE(a_message_has_a_level_a_logger_and_data_as_they_are) {
    auto const c = of(revision::v2025_11_25);
    for (auto const* data : {R"("text")", R"({"a":[1]})", "null", "7"}) {
        out.said.clear();
        mcp::log_to_client(c, logging_level::warning, "tool", json::parse(data));
        BOOST_REQUIRE(out.said.size() == 1u);
        json::object const expected{
            {"level", "warning"}, {"logger", "tool"}, {"data", json::parse(data)}};
        BOOST_TEST(out.said[0].second == expected);
    }
}

// MCP 2025-11-25, Utilities, Progress, "Progress Flow": the token as it came, progress and total.
BOOST_AUTO_TEST_CASE(progress_carries_the_token_of_its_request_unchanged) {
    for (auto const* token : {R"("mine")", R"("")", "0", "-7", "18446744073709551615"}) {
        meta(std::string(R"({"progressToken":)") + token + '}');
        auto const all = reported(revision::v2025_11_25, {2.5});
        BOOST_REQUIRE(all.size() == 1u);
        json::object const expected{
            {"progressToken", json::parse(token)}, {"progress", 2.5}, {"total", 10.0}};
        BOOST_TEST(all[0] == expected);
    }
}

// MCP 2025-11-25, Utilities, Progress, "Progress Flow": a token is a string or an integer; without
// one nothing is sent.
BOOST_AUTO_TEST_CASE(nobody_hears_of_progress_without_a_token) {
    for (auto const* text :
         {"{}", R"({"progressToken":null})", R"({"progressToken":1.5})",
          R"({"progressToken":true})", R"({"progressToken":{}})", R"({"progresstoken":"p"})"}) {
        meta(text);
        BOOST_TEST(reported(revision::v2025_11_25, {1, 2}).empty(), text);
    }
    params(R"({"name":"t","progressToken":"outside of _meta"})");
    BOOST_TEST(reported(revision::v2025_11_25, {1, 2}).empty());
}

// MCP 2025-11-25, Utilities, Progress, "Progress Flow": the value MUST increase.
BOOST_AUTO_TEST_CASE(progress_that_does_not_increase_is_left_out) {
    meta(R"({"progressToken":"p"})");
    auto const all = reported(revision::v2025_11_25, {-1, 0, 0, 3, 2, 3, std::nan(""), 3.5});
    std::vector<double> values;
    for (auto const& one : all)
        values.push_back(one.at("progress").as_double());
    std::vector<double> const expected{-1, 0, 3, 3.5};
    BOOST_TEST(values == expected, boost::test_tools::per_element());
}

// MCP 2025-03-26, Utilities, Progress: message is new in this revision.
BOOST_AUTO_TEST_CASE(a_sentence_goes_with_progress_where_the_revision_knows_it) {
    meta(R"({"progressToken":"p"})");
    for (auto const r : mcp::all_revisions) {
        auto const all = reported(r, {1}, "half of it");
        BOOST_REQUIRE(all.size() == 1u);
        BOOST_TEST(all[0].contains("message") == (r >= revision::v2025_03_26), r);
    }
    BOOST_TEST(!reported(revision::v2025_11_25, {1}, "").at(0).contains("message"));
}

BOOST_AUTO_TEST_CASE(a_transport_has_a_word_for_the_configuration_and_one_for_a_sentence) {
    struct row {
        transport which;
        std::string_view word;
        std::string_view title;
    };
    row const rows[] = {{transport::streamable_http, "streamable-http", "Streamable HTTP"},
                        {transport::sse, "sse", "SSE"},
                        {transport::stdio, "stdio", "stdio"}};
    for (auto const& r : rows) {
        BOOST_TEST(mcp::to_string(r.which) == r.word);
        BOOST_TEST(mcp::title(r.which) == r.title);
    }
}

BOOST_AUTO_TEST_CASE(who_is_answered_on_the_spot_can_be_asked_nothing) {
    auto& mute = mcp::mute_client_channel();
    mute.notify("notifications/message", {});
    auto const got = test::run(io, mute.ask("roots/list", {}));
    BOOST_REQUIRE(got.has_error());
    BOOST_TEST(got.error().code == -32603);
    BOOST_TEST(!mute.cancelled());
    BOOST_TEST(test::run(io, mute.sleep(std::chrono::milliseconds(0))));
}

BOOST_AUTO_TEST_SUITE_END()
