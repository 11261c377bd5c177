// subscriptions/listen (2026-07-28): a stream of the changes that a client asked to hear of.
#include <utility>

#include "mcp/methods/dispatch.hpp"
#include "mcp/server/realm_state.hpp"
#include "mcp/session/session.hpp"
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

task<outcome<method_result>> set_log_level(call const& c) {
    // Nothing to keep it in: the capability is not declared either.
    if (c.session == nullptr) {
        rpc_error unknown(error_code::method_not_found, "Method not found");
        co_return method_result(std::move(unknown));
    }
    auto const* const params = c.request.params;
    auto const* const level = params != nullptr ? params->if_contains("level") : nullptr;
    auto const wanted = level != nullptr && level->is_string()
                            ? parse_logging_level(level->get_string())
                            : std::nullopt;
    if (!wanted) {
        rpc_error wrong(error_code::invalid_params, "params.level is not a log level");
        co_return method_result(std::move(wrong));
    }
    c.session->set_log_level(*wanted);
    co_return method_result(json::object(c.memory));
}

}  // namespace tollgate::mcp
