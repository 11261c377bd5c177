// Exchange facts: what a request turned out to be about, told by whoever found out. The log, the
// journal and the faults read them. No secrets.
#pragma once

#include <string>
#include <vector>

namespace tollgate::http {

struct exchange_facts {
    std::string client_id;
    std::string subject;
    std::string grant_type;  // of a token request that was understood
    std::string family;      // of the grant: the same for everything that came of one login
    std::string session;     // a label of the MCP session, never its id
    std::string mcp_method;
    std::string tool;
    std::string decision;             // of a person: "approve", "deny"
    std::string error;                // the code that the client was sent
    std::string refused_by;           // why, in particular
    std::vector<std::string> faults;  // that acted, by name
};

}  // namespace tollgate::http
