// Job: work that a tool does either while its call waits or as a task that the client polls
// (extension io.modelcontextprotocol/tasks). Written once; the client's capabilities decide.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "mcp/call/ask.hpp"
#include "mcp/offerings/tools/tool.hpp"

namespace tollgate::mcp {

// What the work sees of its call. Used by the work's coroutine alone.
class job {
public:
    virtual ~job() = default;
    virtual json::object const& arguments() const noexcept = 0;
    // False when the work is wanted no more: it should end, its result is dropped.
    virtual task<bool> sleep(std::chrono::milliseconds time) = 0;
    // As ask_client(). As a task: waits in input_required until tasks/update has brought every
    // answer. Keys must be new over the whole life of the task.
    virtual task<asked> ask(std::vector<input_request> wanted) = 0;
    // A sentence for people (statusMessage).
    virtual void report(std::string_view sentence) = 0;
};

// A tool's result, or an error of the protocol.
using job_function = task<other_answer> (*)(job& j);

enum class task_support {
    optional,  // without the extension the call waits for the work
    required   // without the extension the call is refused with -32021
};

// A tool's `run` made of a job. "the server MUST NOT return CreateTaskResult to a client that did
// not include the extension capability on its request".
task<outcome<tool_result>> run_job(call const& c, json::object const& arguments, job_function work,
                                   task_support support);

// {"content": [{"type": "text", …}]}, and "isError" where it is one.
json::object text_object(std::string_view text, bool is_error = false);

// Whether this request declares the extension.
bool takes_tasks(call const& c);
// -32021 that names it.
rpc_error tasks_not_declared();

}  // namespace tollgate::mcp
