// `tollgate serve`.
#pragma once

#include <functional>

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

}  // namespace tollgate
