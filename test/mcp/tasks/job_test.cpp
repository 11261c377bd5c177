// One job, done while its call waits or as a task: the client's capabilities decide.
#include "mcp/tasks/job.hpp"

#include "mcp/server/tool_run.hpp"
#include "mcp/tasks/task_bench.hpp"

namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace works = test::works;
using mcp::revision;
using mcp::task_support;

namespace {

constexpr char with_tasks[] = R"({"roots":{},"extensions":{"io.modelcontextprotocol/tasks":{}}})";

struct fixture : test::call_bench {
    fixture() { params(R"({"name":"a_tool","arguments":{}})"); }

    mcp::tool_result runs(mcp::job_function work, task_support support = task_support::optional,
                          revision r = revision::v2026_07_28) {
        auto const c = call(r);
        json::object const arguments{{"label", "the label"}};
        return test::finished(io, mcp::run_job(c, arguments, work, support));
    }
    // What the call ends with in place of a result of its tool.
    static json::object other_result(mcp::tool_result const& r) {
        BOOST_REQUIRE(r.instead.has_value());
        auto const* const o = std::get_if<json::object>(&*r.instead);
        BOOST_REQUIRE(o != nullptr);
        return *o;
    }
    static mcp::rpc_error error(mcp::tool_result const& r) {
        BOOST_REQUIRE(r.instead.has_value());
        auto const* const e = std::get_if<mcp::rpc_error>(&*r.instead);
        BOOST_REQUIRE(e != nullptr);
        return *e;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_job, fixture)

// SEP-2663 "Capability Negotiation": no task for a client that did not declare the extension.
BOOST_AUTO_TEST_CASE(is_waited_for_without_the_extension) {
    auto const done = other_result(runs(&works::at_once));
    BOOST_TEST(done.at("content").at(0).at("text").as_string() == "the label");
    BOOST_TEST(state->tasks.size() == 0u);
}

BOOST_AUTO_TEST_CASE(is_a_task_with_the_extension) {
    declares(with_tasks);
    auto const made = other_result(runs(&works::at_once));
    BOOST_TEST(made.at("resultType").as_string() == "task");
    BOOST_TEST(!made.contains("content"));
    BOOST_TEST(state->tasks.size() == 1u);
}

// MCP 2026-07-28, Base Protocol, "Per-request protocol fields": -32021 names what is missing.
BOOST_AUTO_TEST_CASE(is_refused_where_it_must_be_a_task_and_cannot) {
    auto const e = error(runs(&works::at_once, task_support::required));
    BOOST_TEST(e.code == -32021);
    BOOST_TEST(e.data.at("requiredCapabilities")
                   .at("extensions")
                   .as_object()
                   .contains("io.modelcontextprotocol/tasks"));
}

// The extension is of 2026-07-28: what an older client declares under its name is nothing we know.
BOOST_AUTO_TEST_CASE(is_no_task_for_a_legacy_client_whatever_it_declares) {
    declares(with_tasks);
    auto const done =
        other_result(runs(&works::at_once, task_support::optional, revision::v2025_11_25));
    BOOST_TEST(done.contains("content"));
    BOOST_TEST(state->tasks.size() == 0u);
}

// MCP 2025-11-25, Server Features, Tools, "Error Handling": legacy clients read an error as the
// result of the tool.
BOOST_AUTO_TEST_CASE(its_error_is_read_by_legacy_clients_as_a_result) {
    auto const r = runs(&works::refused, task_support::optional, revision::v2025_11_25);
    BOOST_TEST(r.is_error);
    BOOST_TEST(!r.instead.has_value());
    BOOST_TEST(r.content.at(0).at("text").as_string() == "Not today");
}

BOOST_AUTO_TEST_CASE(its_error_is_one_of_the_protocol_for_modern_clients) {
    auto const e = error(runs(&works::refused));
    BOOST_TEST(e.code == -32001);
    BOOST_TEST(e.message == "Not today");
}

BOOST_AUTO_TEST_CASE(a_waiting_call_that_is_cancelled_ends_its_work) {
    out.is_cancelled = true;
    auto const done = other_result(runs(&works::without_end));
    BOOST_TEST(done.at("content").at(0).at("text").as_string() == "woken");
}

BOOST_AUTO_TEST_CASE(a_waiting_call_asks_on_its_own_stream_in_legacy_revisions) {
    declares(R"({"roots":{}})");
    out.answers.emplace_back(json::parse(R"({"roots":[]})"));
    out.answers.emplace_back(json::parse(R"({"roots":[{"uri":"file:///a"}]})"));
    auto const done =
        other_result(runs(&works::asking, task_support::optional, revision::v2025_11_25));
    BOOST_TEST(done.at("content").at(0).at("text").as_string() == "2 answers");
    BOOST_TEST(out.asked.size() == 2u);
}

// MCP 2026-07-28, "Multi Round-Trip Requests": the call itself ends with what it needs.
BOOST_AUTO_TEST_CASE(a_waiting_call_requires_input_in_the_modern_era) {
    declares(R"({"roots":{}})");
    auto const r = other_result(runs(&works::asking));
    BOOST_TEST(r.at("resultType").as_string() == "input_required");
    BOOST_TEST(r.at("inputRequests").as_object().size() == 2u);
    BOOST_TEST(out.asked.empty());
}

BOOST_AUTO_TEST_CASE(only_an_object_declares_the_extension) {
    for (auto const* text : {"{}", R"({"extensions":{}})", R"({"extensions":7})", R"({"tasks":{}})",
                             R"({"extensions":{"io.modelcontextprotocol/tasks":true}})",
                             R"({"extensions":{"io.modelcontextprotocol/tasks":null}})",
                             R"({"io.modelcontextprotocol/tasks":{}})"}) {
        declares(text);
        BOOST_TEST(!mcp::takes_tasks(call(revision::v2026_07_28)), text);
    }
    declares(R"({"extensions":{"io.modelcontextprotocol/tasks":{"anything":1}}})");
    BOOST_TEST(mcp::takes_tasks(call(revision::v2026_07_28)));
}

BOOST_AUTO_TEST_CASE(a_text_is_marked_as_an_error_only_where_it_is_one) {
    BOOST_TEST(!mcp::text_object("a").contains("isError"));
    BOOST_TEST(mcp::text_object("a", true).at("isError").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
