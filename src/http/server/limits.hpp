// Bounds of one connection and of what it may send.
#pragma once

#include <chrono>
#include <cstddef>

namespace tollgate::http {

struct limits {
    std::size_t max_body = 1 << 20;                    // bytes; more: 413
    std::size_t max_header = 32 << 10;                 // bytes of all fields together; more: 431
    std::size_t max_header_count = 100;                // fields; more: 431
    std::size_t max_request_line = 8 << 10;            // bytes; more: 414
    std::size_t max_connections = 10000;               // accepted at once; more are closed at once
    std::chrono::milliseconds header_timeout{10'000};  // from the first byte; over: 408
    std::chrono::milliseconds body_timeout{30'000};    // over: 408
    std::chrono::milliseconds idle_timeout{75'000};    // between requests: closed in silence
    std::chrono::milliseconds write_timeout{30'000};   // per write; over: closed

    bool operator==(limits const&) const = default;
};

}  // namespace tollgate::http
