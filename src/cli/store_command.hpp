// `tollgate store`: takes all records out of a store, and brings them into another one.
#pragma once

#include <iosfwd>

#include "cli/command_line.hpp"

namespace tollgate {

// Records go to and come from `line.store_file`; "-" are the two streams. Returns the exit code: 0;
// 1 for a file that cannot be read or written, or is none of ours; 2 for a call that cannot work; 3
// for a store that cannot be opened. What is wrong goes to stderr. Throws config_error.
int run_store(command_line const& line, std::istream& in, std::ostream& out);

}  // namespace tollgate
