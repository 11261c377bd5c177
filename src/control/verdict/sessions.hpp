// Sessions of MCP as the journal tells them.
#pragma once

#include <string>
#include <vector>

#include "control/conversation/conversation.hpp"

namespace tollgate::control {

struct session_seen {
    observation const* opened;              // initialize, and it went well
    std::string id;                         // "": the server keeps no sessions
    std::string revision;                   // that was negotiated; "": the answer was not kept
    std::vector<observation const*> later;  // the requests in it, in order
};

// Those of Streamable HTTP.
std::vector<session_seen> sessions_of(conversation const& c);

}  // namespace tollgate::control
