#include "app/route_tables.hpp"

#include "oauth/server/routes.hpp"

namespace tollgate {

namespace {

// Of a proxy nothing that our own server could do can be reached.
void add_authorization_server(http::router& table, route_owners const& by) {
    auto const& paths = by.settings.authorization_server.paths;
    if (by.proxy != nullptr)
        oauth::add_proxy_routes(table, *by.proxy, paths);
    else
        oauth::add_routes(table, by.as, paths);
}

}  // namespace

void fill(route_tables& tables, route_owners const& by) {
    for (auto* table : {&tables.as, &tables.shared})
        add_authorization_server(*table, by);
    // The MCP origin is a second issuer name of the same authorization server.
    if (by.settings.mcp_server.as_endpoints) add_authorization_server(tables.mcp, by);
    for (auto* table : {&tables.mcp, &tables.shared}) {
        mcp::add_routes(*table, by.mcp, by.paths);
        oauth::add_test_page_routes(*table, by.test_page);
    }
    for (auto* table : {&tables.as, &tables.mcp, &tables.shared}) {
        by.operations.add_routes(*table);
        by.map.add_routes(*table);
        by.dashboard.add_routes(*table);
    }
    by.control_plane.add_as_routes(tables.as);
    by.control_plane.add_mcp_routes(tables.mcp);
    by.control_plane.add_shared_routes(tables.shared);
}

}  // namespace tollgate
