// Probe of an advertised URL: whether it leads back to this very process.
#pragma once

#include <chrono>
#include <string>

#include "base/task.hpp"
#include "http/client/client.hpp"

namespace tollgate::control {

struct probe_result {
    enum class finding {
        here,           // this process answered
        unreachable,    // nobody answered in time
        untrusted,      // TLS failed
        redirected,     // somebody sent us elsewhere
        somebody_else,  // somebody answered, and it was not this process
    } found = finding::unreachable;
    std::string why;  // a sentence for a person; empty when all is well
};
std::string_view to_string(probe_result::finding f) noexcept;

// GET `origin`/healthz, which must carry `instance` (control/health/health.hpp). Follows no
// redirect. Takes `timeout` at most; obeys cancellation.
task<probe_result> try_to_reach(http::client& with, std::string origin, std::string instance,
                                std::chrono::milliseconds timeout);

}  // namespace tollgate::control
