// run_exam, next_station, exam_task.
#include <algorithm>

#include "http/pipeline/principal.hpp"
#include "mcp/examiner.hpp"
#include "mcp/offerings/exam/exam.hpp"

namespace tollgate::mcp {

namespace {

examinee examinee_of(call const& c) {
    examinee who;
    who.authorized = c.who() != nullptr;
    who.in_session = c.session != nullptr;
    who.grantable_scopes = c.policy.grantable_scopes;
    return who;
}

task<outcome<tool_result>> run_run_exam(call const& c, json::object const& arguments) {
    auto const* again = arguments.if_contains("again");
    bool const anew = again != nullptr && again->get_bool();
    co_return text_result(c, c.policy.exam->begin(c.http, examinee_of(c), anew));
}

task<outcome<tool_result>> run_next_station(call const& c, json::object const&) {
    co_return text_result(c, c.policy.exam->next(c.http, examinee_of(c)));
}

task<outcome<tool_result>> run_exam_task(call const& c, json::object const&) {
    auto const scope = c.policy.exam->needed_scope(c.http);
    auto const* const who = c.who();
    if (!scope.empty() && who != nullptr && !who->has_scope(scope)) {
        // All that the operation needs (MCP authorization, "Scope Challenge Handling").
        auto needed = c.policy.scopes;
        if (std::ranges::find(needed, scope) == needed.end()) needed.push_back(scope);
        co_return http::challenge::insufficient_scope(c.http, needed);
    }
    co_return text_result(c, "Done. Now call the tool next_station with {}.");
}

constexpr tool_hints changes_the_exam{.read_only = false, .idempotent = false};

constexpr tool run_exam{
    .name = "run_exam",
    .title = "Run the exam",
    .description =
        "Begins the exam of this MCP client, or tells where it stands after a reconnect. Call it "
        "when the user asks to run the exam, and then do what the result says. {\"again\": true} "
        "begins from the first station.",
    .input_schema = R"({"type":"object","properties":{"again":{"type":"boolean",)"
                    R"("description":"Forget what was done, and begin from the first station"}}})",
    .hints = changes_the_exam,
    .available = in_exam,
    .run = &run_run_exam,
};

constexpr tool next_station{
    .name = "next_station",
    .title = "Next station of the exam",
    .description =
        "Judges the station of the exam that the client is at, and leads to the next one. The "
        "result says what to do. Call it until the result says that the exam is over.",
    .input_schema = no_parameters,
    .hints = changes_the_exam,
    .available = in_exam,
    .run = &run_next_station,
};

constexpr tool exam_task{
    .name = "exam_task",
    .title = "Task of the exam",
    .description =
        "The task of every station of the exam: call it when next_station says so. Something goes "
        "wrong on purpose; the client, and not you, is to cope with it.",
    .input_schema = no_parameters,
    .available = in_exam,
    .run = &run_exam_task,
};

constexpr tool const* all[] = {&run_exam, &next_station, &exam_task};

}  // namespace

std::span<tool const* const> exam_tools() noexcept {
    return all;
}

}  // namespace tollgate::mcp
