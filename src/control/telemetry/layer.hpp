// Telemetry layer: a span for every exchange, handed on when the answer has gone out.
#pragma once

#include <string>

#include "control/telemetry/exporter.hpp"
#include "http/pipeline/layer.hpp"

namespace tollgate::control {

struct tracing {
    exporter* to = nullptr;  // null: there is no telemetry
    std::string instance;    // of this process
    // Where a request says of which trace it is (traceparent): true, its span is a child there;
    // false, the span is of its flow's trace and has a link there.
    bool join_caller = false;
};

// Outside of the journal's, which finds out the flow. The control plane and what stands at an
// origin alone (/healthz) get no spans.
http::layer telemetry_layer(tracing t);

}  // namespace tollgate::control
