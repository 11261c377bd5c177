// GET, PATCH policy: what a realm is configured to do, while it runs.
#include "control/api/api.hpp"
#include "control/input/policy_keys.hpp"

namespace tollgate::control::api {

namespace {

reply policy_of(administrations const& servers, http::realm const& r) {
    auto const as = servers.oauth.current_policy(r);
    auto const rs = servers.mcp.current_policy(r);
    return json_answer(200, print_policy(patch_of(*as, *rs)));
}

}  // namespace

task<outcome<reply>> show_policy(control_plane& p, context& c) {
    co_return policy_of(p.servers(), c.realm());
}

// All members or none: nothing is written before all of them have been read.
task<outcome<reply>> patch_policy(control_plane& p, context& c) {
    auto const body = body_object(c);
    if (!body) co_return body.error();
    auto& servers = p.servers();
    auto const configured = servers.oauth.configured_policy();
    auto const standard = patch_of(configured, servers.mcp.configured_policy());
    auto const patch = read_policy_change(**body, standard, configured);
    if (!patch) co_return patch.error();
    {
        std::scoped_lock const lock(c.realm().get<realm_state>().editing());
        auto as = *servers.oauth.current_policy(c.realm());
        auto rs = *servers.mcp.current_policy(c.realm());
        apply(*patch, as);
        apply(*patch, rs);
        servers.oauth.set_policy(c.realm(), std::move(as));
        servers.mcp.set_policy(c.realm(), std::move(rs));
    }
    co_return policy_of(servers, c.realm());
}

}  // namespace tollgate::control::api
