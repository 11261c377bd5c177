// The two layers through which faults act on requests.
#pragma once

#include "http/pipeline/layer.hpp"
#include "mcp/administration.hpp"

namespace tollgate::control {

// Before the guard: faults that need no more than the request itself.
http::layer raw_fault_layer();

// After the guard, inside of it: faults that select by subject, session, MCP method or tool, or
// by the client of a token, and those that answer with a challenge (whose scopes are those of the
// realm's MCP policy). `mcp` must outlive the layer.
http::layer semantic_fault_layer(mcp::administration const& mcp);

// Both leave alone: OPTIONS (preflights never count), the control plane itself (or no fault could
// be taken back), and /healthz and its like. A realm without faults costs one atomic load.

}  // namespace tollgate::control
