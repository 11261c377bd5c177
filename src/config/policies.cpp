#include "config/policies.hpp"

namespace tollgate {

void settle(policies& both) {
    auto const dpop = both.oauth.dpop;
    both.mcp.dpop_spoken = dpop != oauth::dpop_mode::off && both.mcp.dpop_checkable;
    both.mcp.dpop_required = dpop == oauth::dpop_mode::required;
}

}  // namespace tollgate
