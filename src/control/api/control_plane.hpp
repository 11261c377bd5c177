// Control API: /control/… of every realm.
//
//     ../access.cpp         who may use it (a layer, before any handler)
//     control_plane.cpp     the route tables of the two servers
//     switches.cpp          rotate, expires-in, revoke-access, invalid-grant, deny-consent,
//                           seed-refresh, force-403
//     state.cpp             state, reset
//     realms.cpp            realms
//     snapshots.cpp         realms/NAME/snapshot, restore, snapshots, fork
//     clock.cpp             clock
//     faults.cpp            faults, catalogue
//     gates.cpp             gates
//     events.cpp            events, events/stream, transcript
//     scenarios.cpp         scenarios, scenario
//     verdict.cpp           verdict, done, the page of a verdict
//     public_url.cpp        public-url
#pragma once

#include <vector>

#include "control/realms/realm_registry.hpp"
#include "http/pipeline/router.hpp"

namespace tollgate::control {

class server_names;

class control_plane {
public:
    // `realms` and `names` must outlive it; it must outlive the routers. Without `names` the server
    // cannot be renamed.
    // `issues_tokens`: false where the authorization server is a proxy in front of somebody else's;
    // the switches that would act on our own records answer 409 there.
    explicit control_plane(realm_registry& realms, server_names* names = nullptr,
                           bool issues_tokens = true)
        : realms_(realms), names_(names), issues_tokens_(issues_tokens) {}

    // At the authorization server's origin, at the MCP server's, and where one listener is both:
    // there every switch exists, and reset and state speak for both sides.
    void add_as_routes(http::router& r);
    void add_mcp_routes(http::router& r);
    void add_shared_routes(http::router& r);

    realm_registry& realms() noexcept { return realms_; }
    server_names* names() noexcept { return names_; }
    administrations const& servers() const noexcept { return realms_.servers(); }

    using row = http::route<control_plane>;

private:
    void add_of_own_server(http::router& r, std::vector<row> rows);
    void add_switches(http::router& r);
    void add_common(http::router& r);

    realm_registry& realms_;
    server_names* names_;
    bool issues_tokens_;
};

}  // namespace tollgate::control
