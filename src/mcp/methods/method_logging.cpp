// logging/setLevel: how severe a message must be for the client to hear of it.
#include "mcp/methods/dispatch.hpp"
#include "mcp/session/session.hpp"

namespace tollgate::mcp {

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
