#include "control/realms/realm_setup.hpp"

#include "control/faults/catalogue.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/realms/realm_state.hpp"

namespace tollgate::control {

namespace {

void restore_as_policy(http::realm& r, scenario const& s, administrations const& to) {
    auto p = to.oauth.configured_policy();
    apply(s.policy, p);
    apply(r.get<realm_state>().birth().policy, p);
    to.oauth.set_policy(r, std::move(p));
}

void restore_mcp_policy(http::realm& r, scenario const& s, administrations const& to) {
    auto p = to.mcp.configured_policy();
    apply(s.policy, p);
    apply(r.get<realm_state>().birth().policy, p);
    to.mcp.set_policy(r, std::move(p));
}

// The faults of a scenario are far fewer than a realm may have, and room was made before.
void add_faults(realm_faults& faults, scenario const& s, unsigned side, time_point now) {
    for (auto const name : s.faults) {
        auto settings = settings_of(name);
        if ((settings.side & side) != 0) static_cast<void>(faults.add(std::move(settings), now));
    }
}

}  // namespace

void enter_scenario(http::realm& r, scenario const& s, administrations const& to, time_point now) {
    auto& state = r.get<realm_state>();
    auto& faults = r.get<realm_faults>();
    std::scoped_lock const lock(state.editing());
    faults.remove_if([](fault const&) { return true; });
    state.set_scenario(s);
    restore_as_policy(r, s, to);
    restore_mcp_policy(r, s, to);
    add_faults(faults, s, both_sides, now);
}

void restore_side(http::realm& r, unsigned side, administrations const& to, time_point now) {
    auto& state = r.get<realm_state>();
    auto const& born = *state.birth().scenario;
    auto& faults = r.get<realm_faults>();
    std::scoped_lock const lock(state.editing());
    faults.remove_if([&](fault const& f) { return (f.settings().side & side) != 0; });
    if ((side & as_side) != 0) {
        state.set_scenario(born);
        faults.reset_token_requests();
        restore_as_policy(r, born, to);
    }
    if ((side & mcp_side) != 0) restore_mcp_policy(r, born, to);
    add_faults(faults, born, side, now);
}

}  // namespace tollgate::control
