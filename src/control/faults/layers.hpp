// The two layers through which faults act on requests.
#pragma once

#include "control/administrations.hpp"
#include "http/pipeline/layer.hpp"

namespace tollgate::control {

// Before the guard: faults that need no more than the request itself.
http::layer raw_fault_layer(administrations to);

// After the guard, inside of it: faults that select by subject, session, MCP method or tool, or
// by the client of a token, and those that answer with a challenge (whose scopes are those of the
// realm's MCP policy). What `to` names must outlive both layers.
http::layer semantic_fault_layer(administrations to);

// Both leave alone: OPTIONS (preflights never count), the control plane itself (or no fault could
// be taken back), and /healthz and its like. A realm without faults costs one atomic load.

}  // namespace tollgate::control
