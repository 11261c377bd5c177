// subscriptions/listen (2026-07-28): which changes a client asked for, and which of them it gets.
// Pure.
#pragma once

#include <set>
#include <string>

#include "mcp/protocol/changes.hpp"

namespace tollgate::mcp {

struct subscription_filter {
    bool tools = false;
    bool prompts = false;
    bool resources = false;
    std::set<std::string> uris;   // of resources
    std::set<std::string> tasks;  // ids (Tasks extension)

    bool wants(change const& c) const;
    // As the acknowledgement says it: "only includes notification types the server […] supports".
    json::object to_json() const;
};

// Of one request; more names in a list are refused.
inline constexpr std::size_t max_subscribed_names = 1000;

// params.notifications of a subscriptions/listen request. -32602 when a field has the wrong type;
// what we do not know is left out.
boost::system::result<subscription_filter, rpc_error> read_filter(json::object const* params);

// The text of a notification on the stream that the request `id` opened.
std::string subscribed_text(std::string_view method, json::object params, json::value const& id);

// The result that the server ends the subscription of request `id` with ("Graceful Closure").
std::string subscription_end(json::value const& id);

// What is no member of `declared`, the server's capabilities, is taken out.
void keep_declared(subscription_filter& f, json::object const& declared);

}  // namespace tollgate::mcp
