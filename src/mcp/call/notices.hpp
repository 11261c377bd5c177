// Log messages to the client: notifications/message.
#pragma once

#include <limits>
#include <string_view>

#include "mcp/call/call.hpp"

namespace tollgate::mcp {

// Whether a call can tell the client anything that outlives it: false only for the stateless
// sessions of the 2025 revisions. What needs it is declared (capabilities) where it is true.
bool keeps_session(call const& c) noexcept;

// Sent when the client wants messages of that level. Until it says which, a legacy session gets
// `info` and more severe ones ("the server MAY decide"); in 2026-07-28 none are sent that the
// request's `_meta` does not ask for. `data` holds no secrets.
void log_to_client(call const& c, logging_level level, std::string_view logger, json::value data);

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
