// Listeners, as requests know them.
#pragma once

#include <string>

namespace tollgate::http {

// Which of the two servers an origin belongs to. `shared`: one listener with both route tables.
enum class site { authorization_server, mcp_server, shared };

// A bound listener, as every request that came by it knows it.
struct listener_info {
    site at = site::shared;
    bool tls = false;
    bool loopback = true;        // bound to loopback addresses only
    std::string host;            // as configured: "localhost", "127.0.0.1", "0.0.0.0", "[::1]"
    unsigned short port = 0;     // as bound
    unsigned short as_port = 0;  // of the listener pair: what URLs name
    unsigned short mcp_port = 0;
    std::string realm;  // set: this listener serves that realm alone (isolation "port")
};

}  // namespace tollgate::http
