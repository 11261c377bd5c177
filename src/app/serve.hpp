// `tollgate serve` and `tollgate stdio`.
#pragma once

#include <functional>
#include <string>

#include "config/config.hpp"

namespace tollgate {

struct serve_options {
    bool ready_json = false;  // one JSON line on stdout instead of a line per listener
    // Loads the configuration again, for SIGHUP; throws config_error. Empty: SIGHUP does nothing.
    std::function<config()> reload = {};
};

// Runs until a signal ends it. Returns the exit code: 0, 2 for a configuration that cannot work,
// 3 when it cannot bind or start. What is wrong goes to stderr.
int serve(config const& c, serve_options const& o);

// Serves MCP on stdin and stdout until the input ends or a signal comes. `token` is the caller's;
// empty: none. Returns the exit code: 0, 1 when the token is refused, 2 when it is missing or the
// configuration cannot work here. What is wrong goes to stderr.
int serve_stdio(config const& c, std::string token);

}  // namespace tollgate
