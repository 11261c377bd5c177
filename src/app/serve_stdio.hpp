// `tollgate stdio`.
#pragma once

#include <string>

#include "config/config.hpp"

namespace tollgate {

// Serves MCP on stdin and stdout until the input ends or a signal comes. `token` is the caller's;
// empty: none. Returns the exit code: 0, 1 when the token is refused, 2 when it is missing or the
// configuration cannot work here. What is wrong goes to stderr.
int serve_stdio(config const& c, std::string token);

}  // namespace tollgate
