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

// "Progress tokens MUST be a string or integer value".
json::value const* token_of(message const& request) {
    auto const* const token =
        request.meta != nullptr ? request.meta->if_contains("progressToken") : nullptr;
    if (token == nullptr) return nullptr;
    return token->is_string() || token->is_int64() || token->is_uint64() ? token : nullptr;
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

progress::progress(call const& c, double total)
    : call_(c), token_(token_of(c.request)), total_(total) {}

void progress::report(double done, std::string_view message) {
    // So written, it leaves out NaN as well.
    if (token_ == nullptr || !(done > last_)) return;
    last_ = done;
    json::object params;
    params["progressToken"] = *token_;
    params["progress"] = done;
    params["total"] = total_;
    if (!message.empty() && call_.revision >= revision::v2025_03_26) {
        params["message"] = view(message);
    }
    call_.out.notify("notifications/progress", std::move(params));
}

}  // namespace tollgate::mcp
