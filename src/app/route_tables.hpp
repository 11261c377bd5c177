// Route tables: what stands at the origins of the two servers, and at one that is both.
#pragma once

#include "config/config.hpp"
#include "control/api/control_plane.hpp"
#include "control/health/health.hpp"
#include "control/site_map/site_map.hpp"
#include "control/ui/dashboard.hpp"
#include "http/pipeline/router.hpp"
#include "mcp/server/server.hpp"
#include "oauth/proxy/proxy.hpp"
#include "oauth/server/server.hpp"
#include "oauth/test_page/test_page.hpp"

namespace tollgate {

struct route_tables {
    http::router as, mcp, shared;
};

// Whose routes they are. All of it must outlive the tables.
struct route_owners {
    config const& settings;
    http::mcp_paths const& paths;
    oauth::server& as;
    oauth::proxy* proxy;  // in the place of `as`; null: none
    mcp::server& mcp;
    oauth::test_page& test_page;
    control::health_endpoints& operations;
    control::site_map& map;
    control::dashboard& dashboard;
    control::control_plane& control_plane;
};

void fill(route_tables& tables, route_owners const& by);

}  // namespace tollgate
