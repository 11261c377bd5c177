// Trace context of a caller (W3C Trace Context, Level 1). Pure.
#pragma once

#include <optional>
#include <string_view>

#include "control/telemetry/span.hpp"

namespace tollgate::control {

struct caller_trace {
    span_place at;
    bool sampled = false;
};

// §3.2: nothing where there is none, more than one, or one that cannot be read. `state` is all its
// fields as one list (§3.3); what is longer than 512 characters or not printable is left out.
std::optional<caller_trace> read_trace_context(std::string_view traceparent,
                                               std::string_view tracestate);

}  // namespace tollgate::control
