#include "control/realm_setup.hpp"

#include "control/catalogue.hpp"
#include "control/realm_state.hpp"

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
void add_faults(realm_state& state, scenario const& s, unsigned side, http::time_point now) {
    for (auto const name : s.faults) {
        auto settings = settings_of(name);
        if ((settings.side & side) != 0) static_cast<void>(state.add(std::move(settings), now));
    }
}

}  // namespace

void enter_scenario(http::realm& r, scenario const& s, administrations const& to,
                    http::time_point now) {
    auto& state = r.get<realm_state>();
    std::scoped_lock const lock(state.editing());
    state.remove_if([](fault const&) { return true; });
    state.set_scenario(s);
    restore_as_policy(r, s, to);
    restore_mcp_policy(r, s, to);
    add_faults(state, s, both_sides, now);
}

void restore_side(http::realm& r, unsigned side, administrations const& to, http::time_point now) {
    auto& state = r.get<realm_state>();
    auto const& born = *state.birth().how;
    std::scoped_lock const lock(state.editing());
    state.remove_if([&](fault const& f) { return (f.settings().side & side) != 0; });
    if ((side & as_side) != 0) {
        state.set_scenario(born);
        state.reset_token_requests();
        restore_as_policy(r, born, to);
    }
    if ((side & mcp_side) != 0) restore_mcp_policy(r, born, to);
    add_faults(state, born, side, now);
}

}  // namespace tollgate::control
