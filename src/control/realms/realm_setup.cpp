#include "control/realms/realm_setup.hpp"

#include "control/faults/realm_faults.hpp"
#include "control/gates/realm_gates.hpp"
#include "control/journal/journal.hpp"
#include "control/realms/realm_state.hpp"
#include "control/verdict/exam_progress.hpp"
#include "control/verdict/realm_client.hpp"

namespace tollgate::control {

namespace {

// The faults of a scenario are far fewer than a realm may have, and room was made before.
void add_faults(http::realm& r, scenario const& s, unsigned side, time_point now) {
    for (auto fault : s.faults) {
        if ((fault.side & side) == 0) continue;
        watch_end(fault, r.get<journal>());
        static_cast<void>(r.get<realm_faults>().add(std::move(fault), now));
    }
}

}  // namespace

policies initial_policies(http::realm const& r, scenario const& s, administrations const& to) {
    auto const base = configured(to);
    auto both = base;
    apply(s.equipment, both);
    apply(s.policy, base, both);
    apply(r.get<realm_state>().birth().policy, base, both);
    if (!s.stations.empty()) both.mcp.exam = to.exam;
    return both;
}

bool leads_around_login(scenario const& s, policies const& configured) {
    auto const& p = configured.oauth;
    bool const must_log_in =
        p.brokered || p.foreign_tokens || p.consent != oauth::consent_mode::automatic;
    auto const& e = s.equipment;
    bool const lets_in = !e.clients.empty() || !e.issuers.empty() ||
                         s.policy.changes_key("mcp.auth") ||
                         s.policy.changes_key("authorization_server.consent");
    return must_log_in && lets_in;
}

void lift_faults_of_exam(http::realm& r) {
    r.get<realm_faults>().remove_if([](fault const& f) { return !f.settings().station.empty(); });
}

void begin_trial(http::realm& r) {
    lift_faults_of_exam(r);
    r.get<realm_client>().begin(r.get<journal>().next());
    r.get<exam_progress>().begin_anew();
}

policies configured(administrations const& servers) {
    return {servers.oauth.configured_policy(), servers.mcp.configured_policy()};
}

policies current(administrations const& servers, http::realm const& r) {
    return {*servers.oauth.current_policy(r), *servers.mcp.current_policy(r)};
}

void enter_scenario(http::realm& r, scenario const& s, administrations const& to, time_point now) {
    auto& state = r.get<realm_state>();
    auto& faults = r.get<realm_faults>();
    std::scoped_lock const lock(state.editing());
    faults.remove_if([](fault const&) { return true; });
    r.get<realm_gates>().clear();
    state.set_scenario(s);
    begin_trial(r);
    auto fresh = initial_policies(r, s, to);
    to.oauth.set_policy(r, std::move(fresh.oauth));
    to.mcp.set_policy(r, std::move(fresh.mcp));
    for (auto const& [url, document] : s.equipment.documents)
        static_cast<void>(to.oauth.put_client_document(r, url, document));
    add_faults(r, s, both_sides, now);
}

void restore_side(http::realm& r, unsigned side, administrations const& to, time_point now) {
    auto& state = r.get<realm_state>();
    auto const& born = *state.birth().scenario;
    auto& faults = r.get<realm_faults>();
    std::scoped_lock const lock(state.editing());
    faults.remove_if([&](fault const& f) { return (f.settings().side & side) != 0; });
    r.get<realm_gates>().clear();
    auto fresh = initial_policies(r, born, to);
    auto both = current(to, r);
    if ((side & as_side) != 0) {
        state.set_scenario(born);
        begin_trial(r);
        faults.reset_token_requests();
        both.oauth = std::move(fresh.oauth);
    }
    if ((side & mcp_side) != 0) both.mcp = std::move(fresh.mcp);
    settle(both);
    to.oauth.set_policy(r, std::move(both.oauth));
    to.mcp.set_policy(r, std::move(both.mcp));
    add_faults(r, born, side, now);
}

}  // namespace tollgate::control
