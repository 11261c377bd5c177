// Targets of make_authenticated_request: where it may go, and with which token.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>

#include "base/task.hpp"
#include "http/client/client.hpp"
#include "http/message/problem.hpp"

namespace tollgate::mcp {

// A token that is meant for an API, and where that is unless the configuration says so.
struct api_access {
    std::string token;
    std::string url;  // empty: nobody knows
};

// Finds what the caller may use in place of its own token (broker mode: what the provider gave for
// that login): by the realm's name, the caller's token and the token that the API has just called
// dead, or "". A failure's description is a sentence for the model.
using access_finder = std::function<task<outcome<api_access>>(std::string realm, std::string caller,
                                                              std::string refused)>;

// From the configuration file alone: no policy, no control call and no other source opens or
// moves this door (tools.authenticated_request, tools.authenticated_request_url).
struct passthrough {
    http::client& client;
    // Empty: what `instead` says, or /anything of the realm's own AS, by its internal address.
    std::string url;
    std::chrono::milliseconds timeout{5'000};
    std::size_t max_answer = 64 << 10;  // bytes; more is an error
    // Set: the token goes out that it finds, and the caller's never does.
    access_finder instead{};
};

}  // namespace tollgate::mcp
