// Administrations: the two servers, as the control plane sees them.
#pragma once

#include "mcp/administration.hpp"
#include "oauth/administration.hpp"

namespace tollgate::control {

struct administrations {
    oauth::administration& oauth;
    mcp::administration& mcp;
};

}  // namespace tollgate::control
