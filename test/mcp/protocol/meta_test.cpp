// What every result of 2026-07-28 carries, who answers, and the levels of log messages.
#include "mcp/protocol/meta.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "mcp/protocol/logging_level.hpp"

namespace mcp = tollgate::mcp;
namespace json = boost::json;

namespace {

json::object completed(char const* text) {
    auto result = json::parse(text).as_object();
    mcp::complete_modern(result);
    return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_meta)

// MCP 2026-07-28, Schema, Result: resultType is required; "_meta" may name who answered.
BOOST_AUTO_TEST_CASE(a_result_is_complete_and_says_who_answered) {
    auto const r = completed("{}");
    BOOST_TEST(r.at("resultType") == "complete");
    BOOST_TEST(r.at("_meta").at(mcp::meta::server_info) == mcp::server_info());
    BOOST_TEST(r.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_result_of_another_kind_stays_what_it_is) {
    for (auto const* kind : {"input_required", "task"}) {
        auto const r = completed((std::string(R"({"resultType":")") + kind + "\"}").c_str());
        BOOST_TEST(r.at("resultType") == kind);
    }
}

BOOST_AUTO_TEST_CASE(what_a_result_has_of_its_own_is_kept) {
    auto const r = completed(R"({"content":[1],"_meta":{"mine":2}})");
    BOOST_TEST(r.at("content") == json::array{1});
    BOOST_TEST(r.at("_meta").at("mine") == 2);
    BOOST_TEST(r.at("_meta").as_object().contains(mcp::meta::server_info));
    auto const named = completed(
        R"({"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"more","version":"1"}}})");
    BOOST_TEST(named.at("_meta").at(mcp::meta::server_info).at("name") == "more");
}

BOOST_AUTO_TEST_CASE(completing_a_result_twice_changes_nothing) {
    auto once = completed(R"({"tools":[]})");
    auto const before = once;
    mcp::complete_modern(once);
    BOOST_TEST(once == before);
}

// MCP 2026-07-28, Caching: ttlMs is a number of milliseconds, cacheScope "public" or "private".
BOOST_AUTO_TEST_CASE(what_is_the_same_for_everybody_may_be_kept_by_everybody) {
    json::object r{{"cacheScope", "private"}, {"ttlMs", 0}, {"tools", json::array()}};
    mcp::cacheable(r);
    BOOST_TEST(r.at("cacheScope") == "public");
    BOOST_TEST(r.at("ttlMs").as_int64() > 0);
    BOOST_TEST(r.contains("tools"));
}

// MCP 2025-06-18, Schema, Implementation: name and version are required.
BOOST_AUTO_TEST_CASE(the_server_has_a_name_and_a_version_in_every_revision) {
    for (auto const r : mcp::all_revisions) {
        auto const info = mcp::server_info(r);
        BOOST_TEST(info.at("name") == "tollgate");
        BOOST_TEST(!info.at("version").as_string().empty());
        BOOST_TEST(info.at("version") == mcp::server_info().at("version"));
    }
}

// MCP 2025-11-25, Schema, Icon: src is an HTTP or data URI, sizes a list of "WxH" or "any".
BOOST_AUTO_TEST_CASE(an_icon_needs_no_request_to_be_seen) {
    auto const all = mcp::icons();
    BOOST_REQUIRE(all.size() == 1u);
    auto const& icon = all.at(0).as_object();
    constexpr std::string_view prefix = "data:image/svg+xml;base64,";
    std::string_view const src(icon.at("src").as_string());
    BOOST_REQUIRE(src.starts_with(prefix));
    auto const drawing = tollgate::from_base64(src.substr(prefix.size()));
    BOOST_REQUIRE(drawing.has_value());
    BOOST_TEST(drawing->starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    BOOST_TEST(drawing->ends_with("</svg>"));
    BOOST_TEST(icon.at("mimeType") == "image/svg+xml");
    BOOST_TEST(icon.at("sizes") == json::array{"any"});
}

// RFC 5424 §6.2.1: eight severities, from debug up to emergency.
BOOST_AUTO_TEST_CASE(log_levels_are_ordered_by_severity) {
    std::string_view const rising[] = {"debug", "info",     "notice", "warning",
                                       "error", "critical", "alert",  "emergency"};
    std::optional<mcp::logging_level> last;
    for (auto const name : rising) {
        auto const level = mcp::parse_logging_level(name);
        BOOST_REQUIRE(level.has_value());
        BOOST_TEST(mcp::to_string(*level) == name);
        BOOST_TEST((!last || *last < *level), name);
        last = level;
    }
}

// MCP 2025-11-25, Schema, LoggingLevel: these strings and no others.
BOOST_AUTO_TEST_CASE(a_log_level_is_spelled_exactly) {
    for (auto const* other : {"", "Debug", "INFO", "warn", "err", "crit", "emerg", "panic", "trace",
                              "off", " info", "info ", "0", "7"}) {
        BOOST_TEST(!mcp::parse_logging_level(other).has_value(), other);
    }
}

BOOST_AUTO_TEST_SUITE_END()
