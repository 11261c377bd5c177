// Call: one JSON-RPC request on its way to its method, and everything a method or tool may look at.
#pragma once

#include <iosfwd>
#include <optional>
#include <string_view>

#include <boost/json/storage_ptr.hpp>

#include "http/pipeline/context.hpp"
#include "mcp/call/client_channel.hpp"
#include "mcp/policy.hpp"
#include "mcp/protocol/jsonrpc.hpp"
#include "mcp/protocol/logging_level.hpp"
#include "mcp/protocol/revision.hpp"

namespace tollgate::mcp {

class session;
class toolbox;
struct passthrough;

enum class transport { streamable_http, sse, stdio };

// "streamable-http": as the configuration calls it.
std::string_view to_string(transport t) noexcept;
// "Streamable HTTP": as a sentence calls it.
std::string_view title(transport t) noexcept;
std::ostream& operator<<(std::ostream& out, transport t);

struct call {
    http::context& http;
    mcp::policy const& policy;
    revision_set spoken;
    toolbox const& tools;
    transport via;
    mcp::revision revision;  // whose rules hold
    message const& request;
    json::storage_ptr memory;  // for what lives as long as the call
    client_channel& out;       // what may be said before the answer; see client_channel.hpp
    mcp::session* session;     // nullptr: there is none (stateless, 2026-07-28)
    // What the client said of itself, at `initialize` or in `_meta` of this request; maybe empty.
    json::object const& client_capabilities;
    json::object const& client_info;
    // The least severe log message that the client wants; nothing: it has not said.
    std::optional<logging_level> log_level;
    passthrough const* api = nullptr;  // set where make_authenticated_request is allowed

    // The caller; nothing when the server runs without authorization.
    http::principal const* who() const noexcept {
        auto const* const c = http.who();
        return c != nullptr ? &c->who : nullptr;
    }
};

}  // namespace tollgate::mcp
