// tasks/get, tasks/update, tasks/cancel (extension io.modelcontextprotocol/tasks).
#include <memory>
#include <utility>

#include "mcp/methods/dispatch.hpp"
#include "mcp/server/realm_state.hpp"
#include "mcp/tasks/background_task.hpp"

namespace tollgate::mcp {

namespace {

using found_task = boost::system::result<std::shared_ptr<background_task>, rpc_error>;

// "Protocol Errors": -32021 for a client that does not declare the extension, -32602 for a task
// that is unknown, lapsed or somebody else's, with the same words for each.
found_task task_of(call const& c) {
    if (!takes_tasks(c)) return tasks_not_declared();
    auto const* const id =
        c.request.params != nullptr ? c.request.params->if_contains("taskId") : nullptr;
    if (id == nullptr || !id->is_string()) {
        return rpc_error(error_code::invalid_params, "params.taskId must be a string");
    }
    auto found = c.http.realm().get<realm_state>().tasks.find(id->get_string(), c.who());
    if (found) return found;
    return rpc_error(error_code::invalid_params, "Failed to retrieve task: Task not found");
}

}  // namespace

task<outcome<method_result>> get_task(call const& c) {
    auto const found = task_of(c);
    if (!found) co_return method_result(found.error());
    co_return method_result((*found)->details());
}

task<outcome<method_result>> update_task(call const& c) {
    auto const found = task_of(c);
    if (!found) co_return method_result(found.error());
    // There are params: task_of() has read the id from them.
    auto const* const answers = c.request.params->if_contains("inputResponses");
    if (answers == nullptr || !answers->is_object()) {
        rpc_error wrong(error_code::invalid_params, "params.inputResponses must be an object");
        co_return method_result(std::move(wrong));
    }
    auto const flaw = (*found)->update(answers->get_object());
    if (flaw) co_return method_result(*flaw);
    co_return method_result(json::object(c.memory));
}

task<outcome<method_result>> cancel_task(call const& c) {
    auto const found = task_of(c);
    if (!found) co_return method_result(found.error());
    (*found)->cancel();
    co_return method_result(json::object(c.memory));
}

}  // namespace tollgate::mcp
