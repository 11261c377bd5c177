// Message view: one half of a recorded exchange taken apart, its secrets replaced.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/journal/event.hpp"
#include "http/message/headers.hpp"

namespace tollgate::control {

struct message_view {
    std::string method;   // of a request
    std::string target;   // likewise
    unsigned status = 0;  // of a response
    std::vector<http::header> fields;
    std::string body;
    std::size_t body_size = 0;

    // The first value; empty when there is none.
    std::string_view field(std::string_view name) const noexcept;
};

message_view view_request(recorded_message const& m);
message_view view_response(recorded_message const& m);

// "2026-11-30T00:00:00.123Z" (RFC 3339 §5.6).
std::string rfc3339_milliseconds(time_point t);

}  // namespace tollgate::control
