#include "mcp/server/server.hpp"

#include <utility>

#include "mcp/offerings/prompts/prompt_book.hpp"
#include "mcp/offerings/resources/resource_book.hpp"
#include "mcp/server/builtin.hpp"
#include "mcp/server/realm_state.hpp"

namespace tollgate::mcp {

namespace {

struct saved_realm final : http::realm_image {
    mcp::policy policy;
    session_table::image sessions;
    task_table::image tasks;

    saved_realm(mcp::policy p, session_table::image s, task_table::image t)
        : policy(std::move(p)), sessions(std::move(s)), tasks(std::move(t)) {}
};

}  // namespace

server::server(policy configured, tollgate::clock const& time,
               std::vector<std::string_view> methods, toolbox const& tools)
    : configured_(std::move(configured)),
      clock_(time),
      methods_(std::move(methods)),
      tools_(&tools) {}

void server::allow_authenticated_request(passthrough p) {
    tools_ = p.instead ? &tools_with_request_by_login() : &tools_with_authenticated_request();
    api_.emplace(std::move(p));
}

void server::open(http::realm& r) {
    auto const state = std::make_shared<realm_state>(configured_);
    r.attach(state);
    // For those who need no more of it.
    r.attach(std::shared_ptr<change_hub>(state, &state->changes));
    r.attach(std::shared_ptr<task_table>(state, &state->tasks));
}

std::shared_ptr<policy const> server::current_policy(http::realm const& r) const {
    return r.get<realm_state>().policy_now();
}

std::shared_ptr<active_policy const> server::policy_of(http::context const& c) const {
    return c.snapshot<active_policy>([&] { return c.realm().get<realm_state>().policy_now(); });
}

// MCP 2025-11-25, Tools, "List Changed Notification": when the list changes. Only then are clients
// that listen told to look again.
void server::set_policy(http::realm& r, policy p) {
    auto& state = r.get<realm_state>();
    auto const before = state.set_policy(std::move(p));
    auto const after = state.policy_now();
    auto const& resources = builtin_resources();
    if (tools_->list().differs(*before, *after)) state.changes.tools_changed();
    if (builtin_prompts().list().differs(*before, *after)) state.changes.prompts_changed();
    if (resources.resources().differs(*before, *after) ||
        resources.templates().differs(*before, *after)) {
        state.changes.resources_changed();
    }
}

std::vector<std::string_view> server::tool_names() const {
    return tools_->names();
}

std::size_t server::sessions(http::realm const& r) const {
    auto& state = r.get<realm_state>();
    return state.sessions.count({r.time().at(clock_.now()), state.policy_now()->session_idle});
}

void server::drop_sessions(http::realm& r) {
    auto& state = r.get<realm_state>();
    state.sessions.end_all();
    state.loose_calls.abandon_all();
    state.loose_streams.close_all();
    state.tasks.end_all();
}

task<outcome<void>> server::end_sessions(http::realm_ptr r) {
    drop_sessions(*r);
    if (keeper_ == nullptr || !keeper_->keeps(*r)) co_return outcome<void>();
    auto const forgotten = co_await keeper_->forget_all(std::move(r));
    co_return forgotten;
}

http::image_ptr server::save(http::realm const& r) {
    auto& state = r.get<realm_state>();
    shifted_clock const time(r.time_handle(), clock_);
    return std::make_shared<saved_realm>(*state.policy_now(), state.sessions.save(),
                                         state.tasks.save(time));
}

void server::load(http::realm& r, http::image_ptr const& image) {
    auto const& then = dynamic_cast<saved_realm const&>(*image);
    auto& state = r.get<realm_state>();
    drop_sessions(r);
    set_policy(r, then.policy);
    state.sessions.load(then.sessions, then.policy.replay_bytes);
    state.tasks.load(then.tasks, shifted_clock(r.time_handle(), clock_));
}

task<outcome<void>> server::end_session(http::realm_ptr r, std::string id) {
    r->get<realm_state>().sessions.end(id);
    if (keeper_ == nullptr || !keeper_->keeps(*r)) co_return outcome<void>();
    auto const forgotten = co_await keeper_->forget(std::move(r), std::move(id));
    co_return forgotten;
}

void server::announce_tools(http::realm& r) {
    r.get<realm_state>().changes.tools_changed();
}

policy server::policy_of_request(http::context const& c) const {
    return *policy_of(c);
}

void server::use_policy(http::context& c, policy p) {
    c.keep<active_policy>(std::make_shared<active_policy const>(std::move(p)));
}

}  // namespace tollgate::mcp
