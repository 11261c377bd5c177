// From the bounds in [mcp] to what the MCP server goes by.
#include <chrono>

#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"

using namespace tollgate;
using namespace std::chrono_literals;
using test::load;
using test::mistakes;

BOOST_AUTO_TEST_SUITE(config_mcp_limits)

BOOST_AUTO_TEST_CASE(each_key_reaches_the_policy) {
    auto const p = mcp_policy(load({.toml = "[mcp]\n"
                                            "max_sessions = 7\n"
                                            "session_idle = \"90s\"\n"
                                            "replay_bytes = \"8KiB\"\n"
                                            "heartbeat = \"200ms\"\n"
                                            "sse_retry = \"0s\"\n"
                                            "ask_timeout = \"2s\"\n"
                                            "task_ttl = \"1m30s\"\n"}));
    BOOST_TEST(p.max_sessions == 7u);
    BOOST_TEST((p.session_idle == 90s));
    BOOST_TEST(p.replay_bytes == 8192u);
    BOOST_TEST((p.heartbeat == 200ms));
    BOOST_TEST((p.sse_retry == 0ms));
    BOOST_TEST((p.ask_timeout == 2s));
    BOOST_TEST((p.task_ttl == 90s));
}

BOOST_AUTO_TEST_CASE(the_form_of_answers_reaches_the_policy) {
    BOOST_TEST((mcp_policy(load({})).answers == mcp::answer_form::automatic));
    BOOST_TEST(
        (mcp_policy(load({.sets = {"mcp.answers=json"}})).answers == mcp::answer_form::json));
    BOOST_TEST(
        (mcp_policy(load({.sets = {"mcp.answers=stream"}})).answers == mcp::answer_form::stream));
    BOOST_TEST(mistakes({.sets = {"mcp.answers=sse"}}) ==
               "--set mcp.answers: \"sse\" is none of \"auto\", \"json\", \"stream\"");
}

// Clients' timers count milliseconds in 32 bits: a longer wait is none.
BOOST_AUTO_TEST_CASE(a_retry_that_timers_cannot_count_is_refused) {
    BOOST_TEST(mistakes({.sets = {"mcp.sse_retry=30d"}}) ==
               "--set mcp.sse_retry: \"30d\" is too long; at most \"2147483647ms\"");
    BOOST_TEST((mcp_policy(load({.sets = {"mcp.sse_retry=24d"}})).sse_retry == 24 * 24h));
}

BOOST_AUTO_TEST_CASE(without_a_word_the_defaults_of_the_policy_hold) {
    auto const p = mcp_policy(load({}));
    mcp::policy const standard;
    BOOST_TEST(p.max_sessions == standard.max_sessions);
    BOOST_TEST((p.session_idle == standard.session_idle));
    BOOST_TEST(p.replay_bytes == standard.replay_bytes);
    BOOST_TEST((p.heartbeat == standard.heartbeat));
    BOOST_TEST((p.sse_retry == standard.sse_retry));
    BOOST_TEST((p.ask_timeout == standard.ask_timeout));
    BOOST_TEST((p.task_ttl == standard.task_ttl));
}

BOOST_AUTO_TEST_CASE(a_bound_out_of_bounds_names_its_own) {
    struct {
        char const* line;
        char const* wrong;
    } const rows[] = {
        {"max_sessions = 0", "16: mcp.max_sessions: 0 is too small; at least 1"},
        {"max_sessions = 1000001", "16: mcp.max_sessions: 1000001 is too large; at most 1000000"},
        {"max_sessions = \"many\"",
         "16: mcp.max_sessions: expected a whole number, found the string \"many\""},
        {"session_idle = \"999ms\"",
         "16: mcp.session_idle: \"999ms\" is too short; at least \"1s\""},
        {"session_idle = 30",
         "16: mcp.session_idle: expected a duration such as \"500ms\", \"10s\", \"5m\", \"1h\" or "
         "\"30d\", found the integer 30"},
        {"replay_bytes = \"65MiB\"", "16: mcp.replay_bytes: 65MiB is too large; at most 67108864"},
        {"replay_bytes = -1", "16: mcp.replay_bytes: -1 is too small; at least 0"},
        {"heartbeat = \"0s\"", "13: mcp.heartbeat: \"0s\" is too short; at least \"100ms\""},
        {"ask_timeout = \"99ms\"",
         "15: mcp.ask_timeout: \"99ms\" is too short; at least \"100ms\""},
        {"task_ttl = \"10ms\"", "12: mcp.task_ttl: \"10ms\" is too short; at least \"1s\""},
    };
    for (auto const& r : rows) {
        BOOST_TEST(mistakes({.toml = "[mcp]\n" + std::string(r.line) + '\n'}) ==
                   "config.toml:2:" + std::string(r.wrong));
    }
}

BOOST_AUTO_TEST_SUITE_END()
