#include "mcp/call/notices.hpp"

#include <utility>

#include "mcp/protocol/content.hpp"

namespace tollgate::mcp {

namespace {

std::optional<logging_level> least_wanted(call const& c) noexcept {
    if (c.log_level || is_modern(c.revision)) return c.log_level;
    if (!keeps_session(c)) return std::nullopt;
    return logging_level::info;
}

}  // namespace

bool keeps_session(call const& c) noexcept {
    return is_modern(c.revision) || c.via != transport::streamable_http ||
           c.policy.sessions == session_mode::stateful;
}

void log_to_client(call const& c, logging_level level, std::string_view logger, json::value data) {
    auto const least = least_wanted(c);
    if (!least || level < *least) return;
    json::object params;
    params["level"] = view(to_string(level));
    params["logger"] = view(logger);
    params["data"] = std::move(data);
    c.out.notify("notifications/message", std::move(params));
}

}  // namespace tollgate::mcp
