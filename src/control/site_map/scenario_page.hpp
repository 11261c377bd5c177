// Scenario page: every live scenario with a URL to copy, at /s; and, at /s?scenario=NAME, what to
// write into the configuration of a client that is to use it.
#pragma once

#include "base/task.hpp"
#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

// A page for browsers, else text. Each look has a RUN of its own that nobody guesses. 404 with the
// nearest name for an unknown scenario.
task<outcome<http::reply>> scenario_page(http::context& c);

}  // namespace tollgate::control
