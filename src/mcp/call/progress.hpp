// Progress of a call: notifications/progress.
#pragma once

#include <limits>
#include <string_view>

#include "mcp/call/call.hpp"

namespace tollgate::mcp {

// Says how far a call is, to a client that asked for it with a progress token; else nothing.
class progress {
public:
    progress(call const& c, double total);

    // "The progress value MUST increase with each notification": a report of no more than the
    // last one is left out. `message` is sent from 2025-03-26 on; empty: none.
    void report(double done, std::string_view message = {});

private:
    call const& call_;
    json::value const* token_;
    double total_;
    double last_ = -std::numeric_limits<double>::infinity();
};

}  // namespace tollgate::mcp
