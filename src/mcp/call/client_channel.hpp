// Client channel: what a running request may say before its answer, and how it waits.
//
// Only a request that may stream (`may_stream` in dispatch.hpp) gets a channel that works: a method
// or tool that is `quick` is answered on the spot and must not use it.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "mcp/protocol/jsonrpc.hpp"

namespace tollgate::mcp {

// What a client answered to a request of ours: its result, or an error.
using client_answer = boost::system::result<json::value, rpc_error>;

// Used by the coroutine of its request alone, and lives as long as that.
class client_channel {
public:
    virtual ~client_channel() = default;

    // A notification that belongs to this request (progress, log message), on the request's own
    // stream. Dropped when the transport has none, and after the request was cancelled.
    virtual void notify(std::string_view method, json::object params) = 0;
    // A request to the client on the same stream (legacy eras: sampling, elicitation, roots): what
    // it answered. An rpc_error of ours (`error_code::internal`) when the client took too long, the
    // request was cancelled, the session is over, or the transport cannot ask. Does not look at
    // the client's capabilities: the caller has.
    virtual task<client_answer> ask(std::string method, json::object params) = 0;
    // Waits; false when the request was cancelled meanwhile (notifications/cancelled, the end of
    // its session, or in the modern era its peer left) or before.
    virtual task<bool> sleep(std::chrono::milliseconds time) = 0;
    virtual bool cancelled() const noexcept = 0;
    // Closes the connection of the request's stream while the request goes on: the client comes
    // back for the rest (MCP 2025-11-25, Transports, "Sending Messages to the Server"). Does
    // nothing where nobody could come back.
    virtual void drop_connection() = 0;
};

// For requests that are answered on the spot: says nothing, asks nobody, is never cancelled.
client_channel& mute_client_channel() noexcept;

}  // namespace tollgate::mcp
