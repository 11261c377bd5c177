// The extension io.modelcontextprotocol/tasks.
#include "mcp/server/modern_fixture.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

using test::error_of;
using test::text_of;
namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace http = tollgate::http;

namespace {

json::object parsed(char const* text) {
    return json::parse(text).as_object();
}

tollgate::task<void> pause(boost::asio::io_context& io, int milliseconds) {
    boost::asio::steady_timer timer(io, std::chrono::milliseconds(milliseconds));
    co_await timer.async_wait(boost::asio::use_awaitable);
}

struct tasks : test::modern {
    tasks() {
        with_fixtures();
        knows_tasks();
    }
    void knows_tasks() {
        declares(parsed(R"({"elicitation":{},"extensions":{"io.modelcontextprotocol/tasks":{}}})"));
    }
    // The id of a new task.
    std::string begins(std::string const& tool, json::object arguments = {}) {
        calls(tool, std::move(arguments));
        return std::string(result("task").at("taskId").as_string());
    }
    json::object get(std::string const& task) {
        asks_task("tasks/get", task);
        return result();
    }
    std::string status(std::string const& task) {
        return std::string(get(task).at("status").as_string());
    }
    // Lets the work go on until the task has that status.
    json::object becomes(std::string const& task, std::string const& wanted) {
        for (int i = 0; i < 1000 && status(task) != wanted; ++i)
            test::run(b.io(), pause(b.io(), 2));
        auto t = get(task);
        BOOST_TEST(t.at("status").as_string() == wanted);
        return t;
    }
    void updates(std::string const& task, char const* answers) {
        asks_task("tasks/update", task, {{"inputResponses", parsed(answers)}});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_tasks, tasks)

// SEP-2663 "Capability Negotiation": declared among the extensions of server/discover.
BOOST_AUTO_TEST_CASE(discover_declares_the_extension_and_no_tasks_capability) {
    auto const capabilities = result().at("capabilities").as_object();
    BOOST_TEST(capabilities.at("extensions").as_object().contains(test::tasks_extension));
    BOOST_TEST(!capabilities.contains("tasks"));
}

// SEP-2663 "Task Creation": a flat result with the seed state of the task, which can be found at
// once.
BOOST_AUTO_TEST_CASE(a_call_becomes_a_task_that_can_be_looked_at_at_once) {
    calls("slow_compute", {{"seconds", 60}, {"label", "x"}});
    auto const made = result("task");
    for (auto const* field : {"taskId", "status", "createdAt", "lastUpdatedAt", "ttlMs"})
        BOOST_TEST(made.contains(field));
    for (auto const* field : {"task", "result", "error", "inputRequests", "requestState", "ttl"})
        BOOST_TEST(!made.contains(field));
    BOOST_TEST(made.at("ttlMs").as_int64() > 0);
    BOOST_TEST(made.at("pollIntervalMs").as_int64() > 0);
    BOOST_TEST(made.at("createdAt").as_string() == "2027-01-15T08:00:00.000Z");
    BOOST_TEST(made.at("taskId").as_string().size() == 43u);
    auto const seen = get(std::string(made.at("taskId").as_string()));
    BOOST_TEST(seen.at("status").as_string() == "working");
    BOOST_TEST(!seen.contains("requestState"));
}

// SEP-2663 "Task Polling": a completed task holds what the call would have returned.
BOOST_AUTO_TEST_CASE(a_task_ends_with_the_result_of_its_tool) {
    auto const task_id = begins("slow_compute", {{"seconds", 0}, {"label", "answer"}});
    auto const done = becomes(task_id, "completed");
    BOOST_TEST(done.at("result").at("content").at(0).at("text").as_string() == "Computed: answer");
    BOOST_TEST(done.at("result").at("resultType").as_string() == "complete");
    BOOST_TEST(!done.contains("error"));
}

// SEP-2663 "Task Execution Errors": a tool's error completes, an error of the protocol fails.
BOOST_AUTO_TEST_CASE(an_error_of_the_protocol_fails_and_one_of_the_tool_completes) {
    auto const broken = becomes(begins("protocol_error_job"), "failed");
    BOOST_TEST(broken.at("error").at("code").as_int64() == -32603);
    BOOST_TEST(!broken.at("statusMessage").as_string().empty());
    BOOST_TEST(!broken.contains("result"));
    auto const failed = becomes(begins("failing_job"), "completed");
    BOOST_TEST(failed.at("result").at("isError").as_bool());
}

// SEP-2663 "Capability Negotiation": no task for a client that does not declare the extension;
// -32021 where there is no other way.
BOOST_AUTO_TEST_CASE(clients_without_the_extension_wait_or_are_refused) {
    declares({});
    calls("slow_compute", {{"seconds", 0}, {"label", "x"}});
    BOOST_TEST(text_of(send()) == "Computed: x");
    calls("failing_job");
    refused(-32021);
    BOOST_TEST(send()
                   .json()
                   .at("error")
                   .at("data")
                   .at("requiredCapabilities")
                   .at("extensions")
                   .as_object()
                   .contains(test::tasks_extension));
    calls("greet", {{"name", "World"}});
    knows_tasks();
    BOOST_TEST(text_of(send()) == "Hello, World!");
}

// SEP-2663 "Protocol Errors": -32021 for clients that do not declare the extension.
BOOST_AUTO_TEST_CASE(its_methods_need_the_extension) {
    declares({});
    for (auto const* m : {"tasks/get", "tasks/update", "tasks/cancel"}) {
        asks_task(m, "any", {{"inputResponses", json::object()}});
        refused(-32021);
    }
    method = "subscriptions/listen";
    params = {{"notifications", {{"taskIds", {"any"}}}}};
    headers = {{"MCP-Protocol-Version", "2026-07-28"}};
    refused(-32021);
}

// SEP-2663 "Protocol Errors": -32602 for an unknown taskId. tasks/result and tasks/list are gone.
BOOST_AUTO_TEST_CASE(unknown_tasks_are_invalid_and_removed_methods_unknown) {
    for (auto const* m : {"tasks/get", "tasks/update", "tasks/cancel"}) {
        asks_task(m, "unknown", {{"inputResponses", json::object()}});
        auto const a = send();
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(error_of(a) == -32602);
    }
    for (auto const* m : {"tasks/result", "tasks/list"}) {
        asks_task(m, "unknown");
        auto const a = send();
        BOOST_TEST(a.status == 404u);
        BOOST_TEST(error_of(a) == -32601);
    }
    auto const task_id = begins("slow_compute", {{"seconds", 60}});
    asks_task("tasks/update", task_id, {{"inputResponses", 7}});
    BOOST_TEST(error_of(send()) == -32602);
}

// SEP-2663 "Routing Headers": Mcp-Name is the task's id.
BOOST_AUTO_TEST_CASE(the_name_header_must_be_the_id_of_the_task) {
    auto const task_id = begins("slow_compute", {{"seconds", 60}});
    asks_task("tasks/get", task_id);
    headers["Mcp-Name"] = "another";
    refused(-32020);
    headers.erase("Mcp-Name");
    refused(-32020);
}

BOOST_AUTO_TEST_CASE(a_task_is_known_to_its_owner_alone) {
    auto const task_id = begins("slow_compute", {{"seconds", 60}});
    for (auto const* other : {"bob", "", "alice@app"}) {
        token = other;
        asks_task("tasks/get", task_id);
        if (token == "alice@app") {
            // The strategy of the first token did not reveal its client.
            BOOST_TEST(send().status == 200u);
            continue;
        }
        BOOST_TEST(error_of(send()) == -32602);
    }
    token = "alice";
    auto const realm = b.realm;
    b.realm = std::make_shared<http::realm>("other");
    server.open(*b.realm);
    asks_task("tasks/get", task_id);
    BOOST_TEST(error_of(send()) == -32602);
    b.realm = realm;
    BOOST_TEST(status(task_id) == "working");
}

// SEP-2663 "Task Cancellation": an empty acknowledgement, also for a task that has ended.
BOOST_AUTO_TEST_CASE(a_cancelled_task_stays_cancelled) {
    auto const task_id = begins("slow_compute", {{"seconds", 60}});
    for (int i = 0; i < 2; ++i) {
        asks_task("tasks/cancel", task_id);
        auto const ack = result();
        for (auto const* field : {"taskId", "status", "result", "error"})
            BOOST_TEST(!ack.contains(field));
        BOOST_TEST(status(task_id) == "cancelled");
    }
    test::run(b.io(), pause(b.io(), 5));
    BOOST_TEST(!get(task_id).contains("result"));
}

// SEP-2663 "Task Update Requests": input_required until every question is answered.
BOOST_AUTO_TEST_CASE(a_task_that_asks_goes_on_when_all_its_answers_are_there) {
    auto const task_id = begins("multi_input");
    auto const waiting = becomes(task_id, "input_required");
    BOOST_TEST(waiting.at("inputRequests").as_object().size() == 2u);
    updates(task_id, R"({"first_name":{"action":"accept","content":{"name":"A"}},"other":{}})");
    BOOST_TEST(!result().contains("status"));
    auto const still = get(task_id);
    BOOST_TEST(still.at("status").as_string() == "input_required");
    BOOST_TEST(!still.at("inputRequests").as_object().contains("first_name"));
    // Answered already: ignored.
    updates(task_id, R"({"first_name":{"action":"accept","content":{"name":"Z"}}})");
    result();
    updates(task_id, R"({"second_name":{"action":"accept","content":{"name":"B"}}})");
    result();
    auto const done = becomes(task_id, "completed");
    BOOST_TEST(done.at("result").at("content").at(0).at("text").as_string() == "A and B");
}

BOOST_AUTO_TEST_CASE(a_malformed_answer_to_a_task_is_refused_and_can_be_mended) {
    auto const task_id = begins("confirm_delete", {{"filename", "a.txt"}});
    becomes(task_id, "input_required");
    updates(task_id, R"({"confirm":{"action":"accept","content":{"confirm":"yes"}}})");
    BOOST_TEST(error_of(send()) == -32602);
    BOOST_TEST(status(task_id) == "input_required");
    updates(task_id, R"({"confirm":{"action":"decline"}})");
    result();
    auto const done = becomes(task_id, "completed");
    BOOST_TEST(done.at("result").at("content").at(0).at("text").as_string() == "Kept a.txt");
}

BOOST_AUTO_TEST_CASE(a_task_that_waits_for_input_can_be_cancelled) {
    auto const task_id = begins("confirm_delete", {{"filename", "a.txt"}});
    becomes(task_id, "input_required");
    asks_task("tasks/cancel", task_id);
    result();
    auto const seen = get(task_id);
    BOOST_TEST(seen.at("status").as_string() == "cancelled");
    BOOST_TEST(!seen.contains("inputRequests"));
}

BOOST_AUTO_TEST_CASE(a_task_does_not_ask_what_its_client_cannot_answer) {
    declares(parsed(R"({"extensions":{"io.modelcontextprotocol/tasks":{}}})"));
    auto const task_id = begins("confirm_delete", {{"filename", "a.txt"}});
    BOOST_TEST(becomes(task_id, "failed").at("error").at("code").as_int64() == -32021);
}

// SEP-2663 "Task Creation": round trips come to their end before the task begins.
BOOST_AUTO_TEST_CASE(a_round_trip_may_lead_to_a_task) {
    calls("test_tool_with_task");
    auto const first = result("input_required");
    BOOST_TEST(!first.contains("taskId"));
    params["requestState"] = first.at("requestState");
    params["inputResponses"] =
        parsed(R"({"user_name":{"action":"accept","content":{"name":"Alice"}}})");
    auto const made = result("task");
    BOOST_TEST(!made.contains("requestState"));
    auto const done = becomes(std::string(made.at("taskId").as_string()), "completed");
    BOOST_TEST(done.at("result").at("content").at(0).at("text").as_string() == "Hello, Alice!");
}

// SEP-2663 "Task": ttlMs from creation; the server may discard the task then.
BOOST_AUTO_TEST_CASE(a_task_lapses_with_its_time_to_live) {
    change_policy([](mcp::policy& p) { p.task_ttl = std::chrono::seconds(10); });
    auto const task_id = begins("slow_compute", {{"seconds", 60}});
    b.clock.advance(std::chrono::seconds(9));
    BOOST_TEST(status(task_id) == "working");
    b.clock.advance(std::chrono::seconds(1));
    asks_task("tasks/get", task_id);
    BOOST_TEST(error_of(send()) == -32602);
}

BOOST_AUTO_TEST_CASE(one_caller_has_a_limit_of_tasks) {
    for (int i = 0; i < 100; ++i)
        begins("slow_compute", {{"seconds", 60}});
    calls("slow_compute", {{"seconds", 60}});
    BOOST_TEST(error_of(send()) == -32603);
    token = "bob";
    begins("slow_compute", {{"seconds", 60}});
}

BOOST_AUTO_TEST_CASE(a_reset_of_the_realm_ends_its_tasks) {
    auto const task_id = begins("slow_compute", {{"seconds", 60}});
    server.drop_sessions(*b.realm);
    asks_task("tasks/get", task_id);
    BOOST_TEST(error_of(send()) == -32602);
}

// SEP-2663 "Task Status Notifications": the complete task, to those who subscribed to its id.
BOOST_AUTO_TEST_CASE(a_subscriber_hears_of_its_tasks) {
    auto const mine = begins("slow_compute", {{"seconds", 60}});
    auto const other = begins("slow_compute", {{"seconds", 60}});
    method = "subscriptions/listen";
    params = {{"notifications", {{"taskIds", {mine, "unknown"}}}}};
    headers = {{"MCP-Protocol-Version", "2026-07-28"}};
    auto const listening = stream();
    auto const first = test::parsed(events(*listening.stream).at(0).data);
    BOOST_TEST(first.at("params").at("notifications").at("taskIds").as_array().size() == 1u);
    for (auto const& task_id : {other, mine}) {
        asks_task("tasks/cancel", task_id);
        result();
    }
    auto const told = test::parsed(events(*listening.stream).at(0).data);
    BOOST_TEST(told.at("method").as_string() == "notifications/tasks");
    BOOST_TEST(told.at("params").at("taskId").as_string() == mine);
    BOOST_TEST(told.at("params").at("status").as_string() == "cancelled");
    BOOST_TEST(told.at("params").at("_meta").as_object().contains(test::subscription_key));
}

BOOST_AUTO_TEST_SUITE_END()
