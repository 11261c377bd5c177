// The line that every request leaves in the log.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/request.hpp"

namespace tollgate::http {

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

}  // namespace tollgate::http
