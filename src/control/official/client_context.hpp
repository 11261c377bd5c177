// Client context: what the official suite hands to a client in MCP_CONFORMANCE_CONTEXT.
#pragma once

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "control/scenarios/scenarios.hpp"
#include "oauth/administration.hpp"

namespace tollgate::control {

// The context of a scenario for one realm; empty where it has none. Texts may hold {issuer}, {mcp}
// and {key}. {"jwt": {claims}, "lives": seconds} becomes a JWT that the scenario's key has signed,
// from now on for so long.
boost::json::object client_context(scenario const& s, boost::json::object const& realm,
                                   oauth::administration const& keys, time_point now);

}  // namespace tollgate::control
