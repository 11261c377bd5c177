// Fixtures of the official conformance suite for the extension io.modelcontextprotocol/tasks.
#include <chrono>

#include <boost/json/parse.hpp>

#include "mcp/content.hpp"
#include "mcp/fixtures.hpp"
#include "mcp/job.hpp"

namespace tollgate::mcp {

namespace {

using namespace std::chrono_literals;
using inputs = std::vector<input_request>;

constexpr std::string_view name_form =
    R"({"type":"object","properties":{"name":{"type":"string"}},"required":["name"]})";
constexpr std::string_view confirm_form =
    R"({"type":"object","properties":{"confirm":{"type":"boolean"}},"required":["confirm"]})";

std::string text_in(json::object const& o, char const* name) {
    auto const* const value = o.if_contains(name);
    return value != nullptr ? std::string(value->as_string()) : std::string();
}

json::object parsed(std::string_view schema) {
    return json::parse(view(schema)).as_object();
}

inputs just(input_request one) {
    inputs out;
    out.push_back(std::move(one));
    return out;
}

other_answer cancelled() {
    return text_object("Cancelled.", true);
}

task<outcome<tool_result>> run_greet(call const& c, json::object const& arguments) {
    auto const text = "Hello, " + text_in(arguments, "name") + "!";
    co_return text_result(c, text);
}

task<other_answer> compute(job& j) {
    auto const seconds = j.arguments().at("seconds").to_number<double>();
    auto const time = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    j.report("Computing");
    bool const goes_on = co_await j.sleep(time);
    if (!goes_on) co_return cancelled();
    other_answer done = text_object("Computed: " + text_in(j.arguments(), "label"));
    co_return done;
}

task<other_answer> fail(job& j) {
    bool const goes_on = co_await j.sleep(1s);
    if (!goes_on) co_return cancelled();
    other_answer done = text_object("The job failed, as it always does", true);
    co_return done;
}

task<other_answer> break_protocol(job& j) {
    bool const goes_on = co_await j.sleep(100ms);
    if (!goes_on) co_return cancelled();
    other_answer done = rpc_error(error_code::internal, "The job broke the protocol");
    co_return done;
}

task<other_answer> confirm(job& j) {
    auto const file = text_in(j.arguments(), "filename");
    auto wanted = just(elicit_form("confirm", "Delete " + file + "?", parsed(confirm_form)));
    auto got = co_await j.ask(std::move(wanted));
    if (got.stopped) co_return std::move(*got.stopped);
    auto const& answer = got.answers.at("confirm");
    bool const yes = accepted(answer) && answer.at("content").at("confirm").as_bool();
    other_answer done = text_object(yes ? "Deleted " + file : "Kept " + file);
    co_return done;
}

inputs two_names() {
    inputs out;
    out.push_back(elicit_form("first_name", "The first name?", parsed(name_form)));
    out.push_back(elicit_form("second_name", "The second name?", parsed(name_form)));
    return out;
}

std::string name_in(json::value const& answer) {
    return accepted(answer) ? text_in(answer.at("content").as_object(), "name") : "nobody";
}

task<other_answer> ask_twice(job& j) {
    auto wanted = two_names();
    auto got = co_await j.ask(std::move(wanted));
    if (got.stopped) co_return std::move(*got.stopped);
    other_answer done = text_object(name_in(got.answers.at("first_name")) + " and " +
                                    name_in(got.answers.at("second_name")));
    co_return done;
}

task<other_answer> greet_later(job& j) {
    bool const goes_on = co_await j.sleep(50ms);
    if (!goes_on) co_return cancelled();
    other_answer done = text_object("Hello, " + text_in(j.arguments(), "user_name") + "!");
    co_return done;
}

task<outcome<tool_result>> run_slow_compute(call const& c, json::object const& arguments) {
    return run_job(c, arguments, &compute, task_support::optional);
}
task<outcome<tool_result>> run_failing_job(call const& c, json::object const& arguments) {
    return run_job(c, arguments, &fail, task_support::required);
}
task<outcome<tool_result>> run_protocol_error_job(call const& c, json::object const& arguments) {
    return run_job(c, arguments, &break_protocol, task_support::optional);
}
task<outcome<tool_result>> run_confirm_delete(call const& c, json::object const& arguments) {
    return run_job(c, arguments, &confirm, task_support::optional);
}
task<outcome<tool_result>> run_multi_input(call const& c, json::object const& arguments) {
    return run_job(c, arguments, &ask_twice, task_support::optional);
}

// Tasks extension, "Task Creation": round trips come to their end before the task begins.
task<outcome<tool_result>> run_with_task(call const& c, json::object const&) {
    if (!takes_tasks(c)) co_return stopped_result(c, tasks_not_declared());
    auto wanted = just(elicit_form("user_name", "What is your name?", parsed(name_form)));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    json::object arguments;
    arguments["user_name"] = name_in(got.answers.at("user_name"));
    auto result = co_await run_job(c, arguments, &greet_later, task_support::required);
    co_return result;
}

constexpr offer modern{.fixture = true, .since = revision::v2026_07_28};

tool const greet_tool{
    .name = "greet",
    .title = "Greet",
    .description = "Greets, at once.",
    .input_schema = R"({"type":"object","properties":{"name":{"type":"string"}},)"
                    R"("required":["name"]})",
    .when = modern,
    .run = &run_greet,
    .quick = true,
};
tool const slow_compute{
    .name = "slow_compute",
    .title = "Slow computation",
    .description = "Takes its time; a task for clients that know tasks.",
    .input_schema = R"({"type":"object","properties":{"seconds":{"type":"number","minimum":0,)"
                    R"("maximum":300},"label":{"type":"string"}},"required":["seconds"]})",
    .when = modern,
    .run = &run_slow_compute,
};
tool const failing_job{
    .name = "failing_job",
    .title = "Failing job",
    .description = "A task that ends with a tool error. Needs the tasks extension.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_failing_job,
};
tool const protocol_error_job{
    .name = "protocol_error_job",
    .title = "Broken job",
    .description = "A task that ends with an error of the protocol.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_protocol_error_job,
};
tool const confirm_delete{
    .name = "confirm_delete",
    .title = "Confirm deletion",
    .description = "Asks before it pretends to delete a file.",
    .input_schema = R"({"type":"object","properties":{"filename":{"type":"string"}},)"
                    R"("required":["filename"]})",
    .when = modern,
    .run = &run_confirm_delete,
};
tool const multi_input{
    .name = "multi_input",
    .title = "Two inputs",
    .description = "Asks two things at once.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_multi_input,
};
tool const with_task{
    .name = "test_tool_with_task",
    .title = "Input, then a task",
    .description = "Asks for a name in a round trip, then greets in a task.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_with_task,
};

}  // namespace

std::span<tool const* const> task_fixtures() {
    static constexpr tool const* all[] = {&greet_tool,         &slow_compute,   &failing_job,
                                          &protocol_error_job, &confirm_delete, &multi_input,
                                          &with_task};
    return all;
}

}  // namespace tollgate::mcp
