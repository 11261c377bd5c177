// Where make_authenticated_request may send the caller's token.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "http/client.hpp"

namespace tollgate::mcp {

// From the configuration file alone: no policy, no control call and no other source opens or
// moves this door (tools.authenticated_request, tools.authenticated_request_url).
struct passthrough {
    http::client& client;
    std::string url;  // empty: /anything of the realm's own AS, by its internal address
    std::chrono::milliseconds timeout{5'000};
    std::size_t max_answer = 64 << 10;  // bytes; more is an error
};

}  // namespace tollgate::mcp
