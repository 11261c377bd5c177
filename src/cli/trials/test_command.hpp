// `tollgate test`: starts a server, a client for each scenario, and prints the verdicts.
#pragma once

#include "cli/command_line.hpp"
#include "cli/control_client.hpp"

namespace tollgate {

// Exit code 0: every scenario passed, or failed as it was expected to; 1: not so; 2: bad usage; 3:
// the server cannot start. Verdicts go to stdout or to a file, progress to stderr. Throws
// config_error.
int run_test(command_line const& line, environment_variables const& environment);

}  // namespace tollgate
