// Views of the journal: its events as JSON, as HAR 1.2 and as a Mermaid diagram, without secrets.
#pragma once

#include <span>
#include <string>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "control/journal/event.hpp"

namespace tollgate::control {

// {"seq", "time", "realm", "flow", "type", "endpoint", …}; members that say nothing are left out.
boost::json::object to_json(event const& e, std::string_view realm);

// HTTP Archive 1.2 of the exchanges among them; what HAR has no member for begins with "_".
// `origin_of`: "http://localhost:9100" of a request, whose target is a path.
boost::json::object to_har(std::span<event_ptr const> events, std::string_view scheme);

// A sequence diagram: the client, the authorization server, the MCP server.
std::string to_mermaid(std::span<event_ptr const> events);

}  // namespace tollgate::control
