// Availability: when something is offered, under which policy, and in which revisions.
#pragma once

#include "mcp/policy.hpp"
#include "mcp/protocol/revision.hpp"

namespace tollgate::mcp {

// A condition of one tool, resource, template or prompt. The default is always.
struct availability {
    bool fixture = false;  // only with mcp.fixtures
    revision since = revision::v2024_11_05;
    revision until = revision::v2026_07_28;
    bool (*where)(policy const& p) = nullptr;  // a further condition

    constexpr bool holds(policy const& p, revision r) const {
        return (!fixture || p.fixtures) && r >= since && r <= until &&
               (where == nullptr || where(p));
    }
};

inline constexpr availability as_fixture{.fixture = true};
inline constexpr availability modern_fixture{.fixture = true, .since = revision::v2026_07_28};

}  // namespace tollgate::mcp
