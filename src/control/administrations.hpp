// Administrations: the two servers, as the control plane sees them.
#pragma once

#include <memory>

#include "mcp/administration.hpp"
#include "mcp/examiner.hpp"
#include "oauth/administration.hpp"

namespace tollgate::control {

struct administrations {
    oauth::administration& oauth;
    mcp::administration& mcp;
    std::shared_ptr<mcp::examiner> exam{};  // null: none is held
};

}  // namespace tollgate::control
