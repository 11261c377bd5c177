// `tollgate verdict`: asks a running server what the client of a realm did right and wrong.
#pragma once

#include "cli/command_line.hpp"
#include "cli/control_client.hpp"

namespace tollgate {

// The verdict goes to `out` as --format says; exit code 1 when a MUST failed, and as scenario
// commands have it. `environment` may hold TOLLGATE_URL and TOLLGATE_TOKEN. Throws config_error.
command_output run_verdict(command_line const& line, environment_variables const& environment);

}  // namespace tollgate
