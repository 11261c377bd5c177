// subscriptions/listen (2026-07-28): a stream of the changes that a client asked to hear of.
#include <utility>

#include "mcp/methods/dispatch.hpp"
#include "mcp/server/realm_state.hpp"
#include "mcp/tasks/background_task.hpp"

namespace tollgate::mcp {

namespace {

// "the list of task IDs it has agreed to send task status notifications for": the caller's own.
void keep_own_tasks(call const& c, subscription_filter& f) {
    auto& tasks = c.http.realm().get<realm_state>().tasks;
    std::erase_if(f.tasks, [&](auto const& id) { return !tasks.find(id, c.who()); });
}

}  // namespace

task<outcome<method_result>> listen(call const& c) {
    auto filter = read_filter(c.request.params);
    if (!filter) co_return method_result(filter.error());
    if (!filter->tasks.empty() && !takes_tasks(c)) co_return method_result(tasks_not_declared());
    keep_own_tasks(c, *filter);
    keep_declared(*filter, capabilities(c));
    subscription granted{std::move(*filter)};
    co_return method_result(std::move(granted));
}

}  // namespace tollgate::mcp
