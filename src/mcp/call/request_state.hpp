// requestState (2026-07-28): what a call remembers while the client gathers the answers.
//
// The server keeps nothing: the client carries it, sealed. "Multi Round-Trip Requests", Server
// Requirements: it is bound to the principal, the realm, and the method, name and arguments of
// the call, and lapses after `state_lifetime`. It is not used up: within that time the same
// caller may present it again with the same call, and gets what the first time got.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "mcp/call/call.hpp"

namespace tollgate::mcp {

inline constexpr std::chrono::minutes state_lifetime{15};
// Larger ones are not handed out: the client has to send it back.
inline constexpr std::size_t max_state = 128 << 10;

// -32603 when `kept` is too large.
boost::system::result<std::string, rpc_error> seal_state(call const& c, json::object const& kept);
// -32602 when it is not ours, was changed, is somebody else's or another call's, or has lapsed;
// which of these is not told.
boost::system::result<json::object, rpc_error> open_state(call const& c, std::string_view state);

}  // namespace tollgate::mcp
