// Station of an exam: something that happens to a client, and what a right one does about it.
#pragma once

#include <string>
#include <vector>

#include "control/expectations/expectation.hpp"
#include "control/faults/fault.hpp"

namespace tollgate::control {

struct station {
    std::string name;
    std::string title;  // what happens, in a few words
    std::vector<fault_settings> faults;
    bool keep = false;                // they stay on when the client has gone on
    std::string scope;                // that the task wants; "": none besides what all need
    bool in_session = false;          // only for clients that have a session
    bool needs_other_issuer = false;  // only where the MCP origin is an issuer, too
    std::vector<expectation> expectations;
};

}  // namespace tollgate::control
