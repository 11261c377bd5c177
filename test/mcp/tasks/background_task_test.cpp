// One task of the extension io.modelcontextprotocol/tasks, from its first status to its last.
#include "mcp/tasks/background_task.hpp"

#include "mcp/tasks/task_bench.hpp"

namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace works = test::works;
using namespace std::chrono_literals;

namespace {

struct fixture : test::call_bench {
    std::vector<std::string> heard;  // the status at each change
    std::shared_ptr<mcp::background_task> task;

    fixture() { declares(R"({"roots":{}})"); }

    void begins(mcp::job_function work, json::object arguments = {}) {
        auto const c = call(mcp::revision::v2026_07_28);
        auto listen = [this](mcp::background_task const& t) {
            heard.emplace_back(t.details().at("status").as_string());
        };
        task = std::make_shared<mcp::background_task>("the-id", c, std::move(arguments), listen);
        task->start(work);
        settle();
    }
    std::string status() const { return std::string(task->details().at("status").as_string()); }
    std::string text() const {
        return std::string(task->details().at("result").at("content").at(0).at("text").as_string());
    }
    std::optional<mcp::rpc_error> updates(char const* answers) {
        auto flaw = task->update(json::parse(answers).as_object());
        settle();
        return flaw;
    }
};

using strings = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_background_task, fixture)

// SEP-2663 "Task": taskId, status, createdAt, lastUpdatedAt, ttlMs; times in ISO 8601.
BOOST_AUTO_TEST_CASE(says_when_it_was_made_and_when_it_changed_last) {
    policy.task_ttl = 90s;
    policy.task_poll_interval = 250ms;
    clock.advance(7ms);
    begins(&works::without_end);
    clock.advance(61s);
    task->cancel();
    auto const t = task->summary();
    BOOST_TEST(t.at("taskId").as_string() == "the-id");
    BOOST_TEST(t.at("createdAt").as_string() == "2027-01-15T08:00:00.007Z");
    BOOST_TEST(t.at("lastUpdatedAt").as_string() == "2027-01-15T08:01:01.007Z");
    BOOST_TEST(t.at("ttlMs").as_int64() == 90'000);
    BOOST_TEST(t.at("pollIntervalMs").as_int64() == 250);
}

BOOST_AUTO_TEST_CASE(its_time_to_live_counts_from_its_creation_whatever_happens_later) {
    policy.task_ttl = 10s;
    begins(&works::reporting);
    clock.advance(9999ms);
    task->report("still at it");
    BOOST_TEST(!task->lapsed());
    clock.advance(1ms);
    BOOST_TEST(task->lapsed());
}

// SEP-2663 "Task Polling": a completed task holds what the call would have returned.
BOOST_AUTO_TEST_CASE(completes_with_the_result_of_its_work) {
    begins(&works::at_once, {{"label", "the label"}});
    BOOST_TEST(status() == "completed");
    BOOST_TEST(text() == "the label");
    BOOST_TEST(task->details().at("result").at("resultType").as_string() == "complete");
    BOOST_TEST(heard == strings{"completed"}, boost::test_tools::per_element());
}

// SEP-2663 "Task Execution Errors": code, message and data of the error of the protocol.
BOOST_AUTO_TEST_CASE(fails_with_the_error_of_its_work) {
    begins(&works::refused);
    auto const t = task->details();
    BOOST_TEST(status() == "failed");
    BOOST_TEST(t.at("error") ==
               json::parse(R"({"code":-32001,"message":"Not today","data":"details"})"));
    BOOST_TEST(t.at("statusMessage").as_string() == "Not today");
    BOOST_TEST(!t.contains("result"));
}

// JSON-RPC 2.0 §5.1: -32603 is an internal error; what went wrong inside is nobody's business.
BOOST_AUTO_TEST_CASE(a_bug_in_the_work_is_an_internal_error_without_its_words) {
    begins(&works::blowing_up);
    auto const t = task->details();
    BOOST_TEST(t.at("status").as_string() == "failed");
    BOOST_TEST(t.at("error").at("code").as_int64() == -32603);
    BOOST_TEST(json::serialize(t).find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(reports_while_it_works_and_not_after_its_end) {
    begins(&works::reporting);
    BOOST_TEST(status() == "working");
    BOOST_TEST(task->summary().at("statusMessage").as_string() == "Half way");
    task->cancel();
    settle();
    BOOST_TEST(task->summary().at("statusMessage").as_string() == "Half way");
    BOOST_TEST((heard == strings{"working", "cancelled"}));
}

// SEP-2663 "Task Cancellation": the work learns of it, and its result is dropped.
BOOST_AUTO_TEST_CASE(a_cancelled_task_stays_cancelled_when_its_work_ends) {
    begins(&works::without_end);
    task->cancel();
    settle();
    BOOST_TEST(io.stopped());  // nothing waits for tomorrow
    BOOST_TEST(status() == "cancelled");
    BOOST_TEST(!task->details().contains("result"));
}

BOOST_AUTO_TEST_CASE(cancelling_what_has_ended_changes_nothing) {
    begins(&works::at_once);
    task->cancel();
    task->abandon();
    BOOST_TEST(status() == "completed");
    BOOST_TEST(heard == strings{"completed"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_abandoned_task_ends_its_work_and_tells_nobody) {
    begins(&works::without_end);
    task->abandon();
    settle();
    BOOST_TEST(io.stopped());
    BOOST_TEST(status() == "cancelled");
    BOOST_TEST(heard.empty());
}

// SEP-2663 "Task Update Requests": inputRequests holds what is outstanding.
BOOST_AUTO_TEST_CASE(asks_for_what_is_outstanding_and_works_on_when_nothing_is) {
    begins(&works::asking);
    BOOST_TEST(status() == "input_required");
    auto const requests = task->details().at("inputRequests").as_object();
    BOOST_TEST(requests.size() == 2u);
    BOOST_TEST(requests.at("one").at("method").as_string() == "roots/list");
    BOOST_TEST(!updates(R"({"two":{"roots":[]}})"));
    BOOST_TEST(status() == "input_required");
    BOOST_TEST(!task->details().at("inputRequests").as_object().contains("two"));
    BOOST_TEST(!updates(R"({"one":{"roots":[]}})"));
    BOOST_TEST(status() == "completed");
    BOOST_TEST(text() == "2 answers");
}

BOOST_AUTO_TEST_CASE(of_answers_with_one_malformed_none_is_taken) {
    begins(&works::asking);
    auto const flaw = updates(R"({"one":{"roots":[]},"two":{"roots":7}})");
    BOOST_REQUIRE(flaw.has_value());
    BOOST_TEST(flaw->code == -32602);
    BOOST_TEST(flaw->message.find("\"two\"") != std::string::npos, flaw->message);
    BOOST_TEST(task->details().at("inputRequests").as_object().size() == 2u);
}

// SEP-2663 "Task Update Requests": keys that are not outstanding are ignored.
BOOST_AUTO_TEST_CASE(answers_to_nothing_that_is_outstanding_are_no_change) {
    begins(&works::asking);
    auto const before = heard.size();
    BOOST_TEST(!updates(R"({"three":7})"));
    BOOST_TEST(!updates("{}"));
    BOOST_TEST(heard.size() == before);
    task->cancel();
    BOOST_TEST(!updates(R"({"one":{"roots":[]}})"));
    BOOST_TEST(status() == "cancelled");
}

BOOST_AUTO_TEST_CASE(answers_to_a_task_that_asks_nothing_are_ignored) {
    begins(&works::without_end);
    BOOST_TEST(!updates(R"({"one":"malformed"})"));
    BOOST_TEST(status() == "working");
}

BOOST_AUTO_TEST_CASE(a_question_ends_with_its_task) {
    begins(&works::asking);
    task->cancel();
    settle();
    BOOST_TEST(io.stopped());
    BOOST_TEST(status() == "cancelled");
    BOOST_TEST(!task->details().contains("inputRequests"));
}

// MCP 2026-07-28, Base Protocol, "Per-request protocol fields": -32021, data.requiredCapabilities.
BOOST_AUTO_TEST_CASE(does_not_ask_for_what_its_client_did_not_declare) {
    declares("{}");
    begins(&works::asking);
    auto const error = task->details().at("error");
    BOOST_TEST(error.at("code").as_int64() == -32021);
    BOOST_TEST(error.at("data").at("requiredCapabilities") == json::parse(R"({"roots":{}})"));
}

// Keys are new over the whole life of a task (job.hpp): an answer could be taken for another's.
BOOST_AUTO_TEST_CASE(a_work_that_uses_a_key_twice_is_a_bug_that_fails_the_task) {
    begins(&works::asking_the_same_again);
    BOOST_TEST(status() == "failed");
    BOOST_TEST(task->details().at("error").at("code").as_int64() == -32603);
}

BOOST_AUTO_TEST_SUITE_END()
