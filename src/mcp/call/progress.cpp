#include "mcp/call/progress.hpp"

#include <utility>

#include "mcp/protocol/content.hpp"

namespace tollgate::mcp {

namespace {

// "Progress tokens MUST be a string or integer value".
json::value const* token_of(message const& request) {
    auto const* const token =
        request.meta != nullptr ? request.meta->if_contains("progressToken") : nullptr;
    if (token == nullptr) return nullptr;
    return token->is_string() || token->is_int64() || token->is_uint64() ? token : nullptr;
}

}  // namespace

progress::progress(call const& c, double total)
    : call_(c), token_(token_of(c.request)), total_(total) {}

void progress::report(double done, std::string_view message) {
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
