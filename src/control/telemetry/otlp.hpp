// OTLP: spans as the JSON that collectors take (OTLP 1.x, JSON Protobuf encoding), and what their
// answers mean (OTLP/HTTP). Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "control/telemetry/span.hpp"

namespace tollgate::control {

// An ExportTraceServiceRequest. `instance`: of this process (service.instance.id).
std::string to_otlp(std::span<span const> spans, std::string_view instance);

enum class export_end { taken, again, refused };
// OTLP/HTTP, "Retryable Response Codes": 429, 502, 503 and 504 are tried again, nothing else.
export_end end_of(unsigned status) noexcept;

// What a collector that took the request says it did not keep (partial success).
struct partial_success {
    std::uint64_t rejected = 0;
    std::string why;
};
partial_success read_partial_success(std::string_view body);

// How long to wait before the try behind `attempt` (from 1 on): what Retry-After says, in seconds
// or as a date, else a second, two, four, …, each times `spread` (0.5 to 1.5, so that many who fail
// together do not come back together). Five minutes at most.
std::chrono::milliseconds pause_behind(unsigned attempt, std::string_view retry_after,
                                       time_point now, double spread);

// Where spans go: /v1/traces below `endpoint`, unless it ends so.
std::string traces_url(std::string endpoint);

}  // namespace tollgate::control
