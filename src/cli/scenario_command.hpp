// `tollgate scenario`: asks a running server's control plane to change, and shows its state.
#pragma once

#include <map>
#include <string>

#include "cli/command_line.hpp"
#include "cli/control_client.hpp"

namespace tollgate {

// The state goes to `out` as JSON, everything else to `err`.
using scenario_output = command_output;

// `environment` may hold TOLLGATE_URL and TOLLGATE_TOKEN. Throws config_error for a configuration
// that it needs and cannot use. Blocks until the server has answered, 10 seconds a call at most.
scenario_output run_scenario(command_line const& line,
                             std::map<std::string, std::string> const& environment);

}  // namespace tollgate
