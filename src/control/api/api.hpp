// The handlers of the control API, and the little that they share.
#pragma once

#include <boost/json/value.hpp>

#include "control/api/control_plane.hpp"
#include "control/faults/realm_faults.hpp"
#include "control/input/json_input.hpp"
#include "control/realms/realm_state.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control::api {

using http::context;
using http::reply;

// JSON that is not cached.
reply json_answer(unsigned status, boost::json::value const& v);
// {"name": value}
reply json_answer(std::string_view name, boost::json::value v);

// A named fault that is on for every request it is about: what a switch says.
bool is_on(realm_faults const& faults, std::string_view fault_name);

task<outcome<reply>> rotate(control_plane& p, context& c);
task<outcome<reply>> expires_in(control_plane& p, context& c);
task<outcome<reply>> rotate_keys(control_plane& p, context& c);
task<outcome<reply>> revoke_access(control_plane& p, context& c);
task<outcome<reply>> invalid_grant(control_plane& p, context& c);
task<outcome<reply>> deny_consent(control_plane& p, context& c);
task<outcome<reply>> seed_refresh(control_plane& p, context& c);
task<outcome<reply>> force_403(control_plane& p, context& c);
// In the place of a switch that has nothing to act on: 409.
task<outcome<reply>> nothing_to_switch(control_plane& p, context& c);

task<outcome<reply>> state(control_plane& p, context& c);
task<outcome<reply>> reset_as(control_plane& p, context& c);
task<outcome<reply>> reset_mcp(control_plane& p, context& c);
task<outcome<reply>> reset_both(control_plane& p, context& c);

task<outcome<reply>> show_policy(control_plane& p, context& c);
task<outcome<reply>> patch_policy(control_plane& p, context& c);

task<outcome<reply>> public_url(control_plane& p, context& c);

// /results/RUN[/REVISION[/SCENARIO]]
task<outcome<reply>> results(control_plane& p, context& c);

// At the token endpoint of a scenario's own identity provider.
task<outcome<reply>> exchange_at_provider(control_plane& p, context& c);

task<outcome<reply>> list_realms(control_plane& p, context& c);
task<outcome<reply>> create_realm(control_plane& p, context& c);
task<outcome<reply>> show_realm(control_plane& p, context& c);
task<outcome<reply>> delete_realm(control_plane& p, context& c);

task<outcome<reply>> take_snapshot(control_plane& p, context& c);
task<outcome<reply>> restore_snapshot(control_plane& p, context& c);
task<outcome<reply>> list_snapshots(control_plane& p, context& c);
task<outcome<reply>> delete_snapshot(control_plane& p, context& c);
task<outcome<reply>> fork_realm(control_plane& p, context& c);

task<outcome<reply>> show_clock(control_plane& p, context& c);
task<outcome<reply>> set_clock(control_plane& p, context& c);

task<outcome<reply>> list_faults(control_plane& p, context& c);
task<outcome<reply>> create_fault(control_plane& p, context& c);
task<outcome<reply>> delete_faults(control_plane& p, context& c);
task<outcome<reply>> show_fault(control_plane& p, context& c);
task<outcome<reply>> delete_fault(control_plane& p, context& c);
task<outcome<reply>> list_catalogue(control_plane& p, context& c);

task<outcome<reply>> list_gates(control_plane& p, context& c);
task<outcome<reply>> create_gate(control_plane& p, context& c);
task<outcome<reply>> show_gate(control_plane& p, context& c);
task<outcome<reply>> release_gate(control_plane& p, context& c);
task<outcome<reply>> delete_gate(control_plane& p, context& c);

task<outcome<reply>> list_client_documents(control_plane& p, context& c);
task<outcome<reply>> put_client_document(control_plane& p, context& c);
task<outcome<reply>> delete_client_documents(control_plane& p, context& c);

task<outcome<reply>> events(control_plane& p, context& c);
task<outcome<reply>> stream_events(control_plane& p, context& c);
task<outcome<reply>> openapi(control_plane& p, context& c);
task<outcome<reply>> transcript(control_plane& p, context& c);

task<outcome<reply>> show_verdict(control_plane& p, context& c);
task<outcome<reply>> done(control_plane& p, context& c);
task<outcome<reply>> verdict_page(control_plane& p, context& c);

task<outcome<reply>> list_scenarios(control_plane& p, context& c);
task<outcome<reply>> set_scenario(control_plane& p, context& c);

}  // namespace tollgate::control::api
