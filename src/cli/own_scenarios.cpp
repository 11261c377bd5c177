#include "cli/own_scenarios.hpp"

#include "app/translate.hpp"
#include "control/scenarios/scenarios.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/server/builtin.hpp"

namespace tollgate {

namespace {

control::own_server server_of(config const& c) {
    // Those of mcp.fixtures and of [tools] among them, as with POST /control/faults.
    return {configured_policies(c), mcp::known_methods(),
            mcp::tools_with_authenticated_request().names()};
}

}  // namespace

void check_scenarios_of(config const& c) {
    control::check_own_scenarios(c.scenarios, server_of(c));
}

void use_scenarios_of(config const& c) {
    control::use_own_scenarios(c.scenarios, server_of(c));
}

}  // namespace tollgate
