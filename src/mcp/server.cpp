#include "mcp/server.hpp"

#include <utility>

#include "mcp/realm_state.hpp"

namespace tollgate::mcp {

server::server(policy configured, http::clock const& time, toolbox const& tools)
    : configured_(std::move(configured)), clock_(time), tools_(&tools) {}

void server::allow_authenticated_request(passthrough p) {
    api_.emplace(std::move(p));
    tools_ = &tools_with_authenticated_request();
}

void server::open(http::realm& r) {
    r.attach(std::make_shared<realm_state>(configured_));
}

std::shared_ptr<policy const> server::current_policy(http::realm const& r) const {
    return r.get<realm_state>().policy_now();
}

// What is offered may be another set now: clients that listen are told to look again.
void server::set_policy(http::realm& r, policy p) {
    auto& state = r.get<realm_state>();
    state.set_policy(std::move(p));
    state.changes.tools_changed();
    state.changes.prompts_changed();
    state.changes.resources_changed();
}

std::size_t server::sessions(http::realm const& r) const {
    auto& state = r.get<realm_state>();
    return state.sessions.count({clock_.now(), state.policy_now()->session_idle});
}

void server::end_sessions(http::realm& r) {
    auto& state = r.get<realm_state>();
    state.sessions.end_all();
    state.loose_calls.abandon_all();
    state.loose_streams.close_all();
    state.tasks.end_all();
}

}  // namespace tollgate::mcp
