// [[scenarios]] of a configuration, which must go with its other keys.
#pragma once

#include "config/config.hpp"

namespace tollgate {

// Throws config_error with every mistake, by line and column.
void check_scenarios_of(config const& c);
// Likewise; from now on they are scenarios of this process.
void use_scenarios_of(config const& c);

}  // namespace tollgate
