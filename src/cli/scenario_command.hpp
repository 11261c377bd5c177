// `tollgate scenario`: asks a running server's control plane to change, and shows its state.
#pragma once

#include <map>
#include <string>

#include "cli/command_line.hpp"

namespace tollgate {

// The state goes to `out` as JSON, everything else to `err`.
struct scenario_output {
    std::string out;
    std::string err;
    int exit_code = 0;  // 1: nobody answers, or the server refuses; 2: bad usage
};

// `environment` may hold TOLLGATE_URL and TOLLGATE_TOKEN. Throws config_error for a configuration
// that it needs and cannot use. Blocks until the server has answered, 10 seconds a call at most.
scenario_output run_scenario(command_line const& line,
                             std::map<std::string, std::string> const& environment);

}  // namespace tollgate
