// subscriptions/listen (2026-07-28): a stream of the changes that a client asked to hear of.
#include "mcp/dispatch.hpp"

namespace tollgate::mcp {

// None of the notification types is declared (capabilities), so the honoured subset is empty:
// "Notification types the server does not support are omitted". The stream itself is opened
// all the same, because clients open it whatever the capabilities say.
task<outcome<method_result>> listen(call const& c) {
    auto const* const params = c.request.params;
    auto const* const filter = params != nullptr ? params->if_contains("notifications") : nullptr;
    if (filter == nullptr || !filter->is_object()) {
        rpc_error wrong(error_code::invalid_params, "params.notifications must be an object");
        co_return method_result(std::move(wrong));
    }
    subscription nothing_changes;
    co_return method_result(std::move(nothing_changes));
}

}  // namespace tollgate::mcp
