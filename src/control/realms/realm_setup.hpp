// Realm setup: puts a realm into a scenario and back, policy and faults together.
#pragma once

#include "base/clock.hpp"
#include "config/policies.hpp"
#include "control/administrations.hpp"
#include "control/scenarios/scenarios.hpp"
#include "http/realm/realm.hpp"

namespace tollgate::control {

policies configured(administrations const& servers);
policies current(administrations const& servers, http::realm const& r);

// What a realm begins with in that scenario.
policies initial_policies(http::realm const& r, scenario const& s, administrations const& to);

// Policy = the configuration's, then the scenario's, then what the realm was made with; faults =
// the scenario's alone. Tokens, clients and sessions stay.
void enter_scenario(http::realm& r, scenario const& s, administrations const& to, time_point now);

// The rest of a reset, after oauth::administration::reset: policy and the faults of `side` return
// to what the realm was made with.
void restore_side(http::realm& r, unsigned side, administrations const& to, time_point now);

// Whether a realm in that scenario lets in who has not logged in, at a server where people must.
bool leads_around_login(scenario const& s, policies const& configured);

// Those that are on for stations of an exam.
void lift_faults_of_exam(http::realm& r);

// What came before is of another trial: no verdict of this one judges it, and no exam goes on.
void begin_trial(http::realm& r);

}  // namespace tollgate::control
