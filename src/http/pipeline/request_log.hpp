// Request log: what every request leaves behind, a line in the log and a count in the metrics.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/message/request.hpp"
#include "http/pipeline/layer.hpp"

namespace tollgate::http {

// A target with the values of secret parameters (code, token, code_verifier, …) masked.
std::string mask_target(std::string_view target);

struct request_line {
    std::string_view id;
    std::string_view realm;
    std::string_view endpoint;
    unsigned status = 0;
    std::chrono::steady_clock::duration took{};
};

// The layer writes it for what reached the layers, the dispatcher for what did not. For a stream
// it is written when the answer begins.
void log_request(request const& r, request_line const& line,
                 std::vector<std::pair<std::string, std::string>> const& notes);

// One line per request: method, target, status, duration, realm, endpoint, notes.
layer request_log_layer();
// Counts requests by status class and endpoint.
layer metrics_layer();

}  // namespace tollgate::http
