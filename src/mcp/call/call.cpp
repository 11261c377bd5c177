#include "mcp/call/call.hpp"

#include <ostream>

namespace tollgate::mcp {

std::string_view to_string(transport t) noexcept {
    if (t == transport::stdio) return "stdio";
    return t == transport::sse ? "sse" : "streamable-http";
}

std::string_view title(transport t) noexcept {
    if (t == transport::stdio) return "stdio";
    return t == transport::sse ? "SSE" : "Streamable HTTP";
}

std::ostream& operator<<(std::ostream& out, transport t) {
    return out << to_string(t);
}

}  // namespace tollgate::mcp
