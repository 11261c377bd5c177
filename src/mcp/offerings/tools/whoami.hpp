// Caller description, what the server knows, as JSON: for the tool and the resource `whoami`.
#pragma once

#include <boost/json/object.hpp>

#include "mcp/call/call.hpp"

namespace tollgate::mcp {

// What the strategy does not reveal is null. Never the token itself.
json::object identity_of(call const& c);

}  // namespace tollgate::mcp
