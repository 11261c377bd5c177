// GET, PATCH policy: what a realm is configured to do, while it runs.
#include "control/api/api.hpp"
#include "control/input/policy_patch.hpp"

namespace tollgate::control::api {

namespace {

reply policy_of(administrations const& servers, http::realm const& r) {
    return json_answer(200, print_policy(current(servers, r)));
}

outcome<void> patch_realm(boost::json::object const& body, administrations const& servers,
                          http::realm& r) {
    auto const standard = configured(servers);
    // What goes together is judged by the policy that is changed.
    std::scoped_lock const lock(r.get<realm_state>().editing());
    auto changed = current(servers, r);
    auto const patch = read_policy_change(body, standard, changed);
    if (!patch) return patch.error();
    apply(*patch, standard, changed);
    servers.oauth.set_policy(r, std::move(changed.oauth));
    servers.mcp.set_policy(r, std::move(changed.mcp));
    return outcome<void>();
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
    auto const done = patch_realm(**body, servers, c.realm());
    if (!done) co_return done.error();
    co_return policy_of(servers, c.realm());
}

}  // namespace tollgate::control::api
