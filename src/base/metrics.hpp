// Counters for GET /metrics (Prometheus text format 0.0.4).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace tollgate {

// A named counter or gauge that registers itself for the life of the process. Declare as a
// static at namespace scope; adding is one relaxed atomic operation. The name may carry labels
// ("tollgate_streams_open{kind=\"sse\"}"), and must then be a literal of that form.
class metric {
public:
    enum class kind { counter, gauge };
    metric(kind k, std::string_view metric_name, std::string_view help_text);
    ~metric();
    metric(metric const&) = delete;
    metric& operator=(metric const&) = delete;
    void add(std::int64_t n = 1) noexcept { value_.fetch_add(n, std::memory_order_relaxed); }
    std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

    kind type;
    std::string_view name;
    std::string_view help;

private:
    std::atomic<std::int64_t> value_{0};
};

// One more request that was answered with `status`, by the class of it; the layer counts what
// reached the layers, the dispatcher the rest. `took`: until there was an answer, which may be the
// head of a stream.
void count_request(std::string_view endpoint, unsigned status,
                   std::chrono::steady_clock::duration took);
std::string render_metrics();

}  // namespace tollgate
