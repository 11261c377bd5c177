#include "control/api/control_plane.hpp"

#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "control/api/api.hpp"

namespace tollgate::control {

namespace {

using row = control_plane::row;
using http::verb;

constexpr unsigned flags = http::control_plane | http::no_cors;

// What acts on the records and the policy of our own authorization server.
constexpr row issuer_rows[] = {
    {"/control/rotate", verb::post, "control", &api::rotate, flags},
    {"/control/expires-in", verb::post, "control", &api::expires_in, flags},
    {"/control/rotate-keys", verb::post, "control", &api::rotate_keys, flags},
    {"/control/revoke-access", verb::post, "control", &api::revoke_access, flags},
    {"/control/deny-consent", verb::post, "control", &api::deny_consent, flags},
    {"/control/seed-refresh", verb::post, "control", &api::seed_refresh, flags},
};

// Likewise, at both origins.
constexpr row document_rows[] = {
    {"/control/client-documents", verb::get, "control", &api::list_client_documents, flags},
    {"/control/client-documents", verb::post, "control", &api::put_client_document, flags},
    {"/control/client-documents", verb::delete_, "control", &api::delete_client_documents, flags},
};

// What acts on the answers of whichever authorization server there is.
constexpr row as_rows[] = {
    {"/control/invalid-grant", verb::post, "control", &api::invalid_grant, flags},
};

constexpr row mcp_rows[] = {
    {"/control/force-403", verb::post, "control", &api::force_403, flags},
};

constexpr row common_rows[] = {
    {"/control/state", verb::get, "control", &api::state, flags},
    {"/control/policy", verb::get, "control", &api::show_policy, flags},
    {"/control/policy", verb::patch, "control", &api::patch_policy, flags},
    {"/control/realms", verb::get, "control", &api::list_realms, flags},
    {"/control/realms", verb::post, "control", &api::create_realm, flags},
    {"/control/realms/{name}", verb::get, "control", &api::show_realm, flags},
    {"/control/realms/{name}", verb::delete_, "control", &api::delete_realm, flags},
    {"/control/realms/{name}/snapshot", verb::post, "control", &api::take_snapshot, flags},
    {"/control/realms/{name}/restore", verb::post, "control", &api::restore_snapshot, flags},
    {"/control/realms/{name}/snapshots", verb::get, "control", &api::list_snapshots, flags},
    {"/control/realms/{name}/snapshots/{id}", verb::delete_, "control", &api::delete_snapshot,
     flags},
    {"/control/realms/{name}/fork", verb::post, "control", &api::fork_realm, flags},
    {"/control/clock", verb::get, "control", &api::show_clock, flags},
    {"/control/clock", verb::post, "control", &api::set_clock, flags},
    {"/control/faults", verb::get, "control", &api::list_faults, flags},
    {"/control/faults", verb::post, "control", &api::create_fault, flags},
    {"/control/faults", verb::delete_, "control", &api::delete_faults, flags},
    {"/control/faults/{id}", verb::get, "control", &api::show_fault, flags},
    {"/control/faults/{id}", verb::delete_, "control", &api::delete_fault, flags},
    {"/control/gates", verb::get, "control", &api::list_gates, flags},
    {"/control/gates", verb::post, "control", &api::create_gate, flags},
    {"/control/gates/{id}", verb::get, "control", &api::show_gate, flags},
    {"/control/gates/{id}", verb::delete_, "control", &api::delete_gate, flags},
    {"/control/gates/{id}/release", verb::post, "control", &api::release_gate, flags},
    {"/control/catalogue", verb::get, "control", &api::list_catalogue, flags},
    {"/control/scenarios", verb::get, "control", &api::list_scenarios, flags},
    {"/control/scenario", verb::post, "control", &api::set_scenario, flags},
    {"/control/verdict", verb::get, "control", &api::show_verdict, flags},
    {"/control/done", verb::post, "control", &api::done, flags},
    {"/control/events", verb::get, "control", &api::events, flags},
    {"/control/events/stream", verb::get, "control", &api::stream_events, flags | http::no_head},
    {"/control/openapi.json", verb::get, "control", &api::openapi, flags},
    {"/control/transcript", verb::get, "control", &api::transcript, flags},
    {"/control/public-url", verb::post, "control", &api::public_url, flags | http::origin_root},
    {"/results/{run}", verb::get, "results", &api::results, flags},
    {"/results/{run}/{revision}", verb::get, "results", &api::results, flags},
    {"/results/{run}/{revision}/{scenario}", verb::get, "results", &api::results, flags},
    {"/results/{run}/{revision}/{scenario}/{rest}", verb::get, "results", &api::results, flags},
};

// For whoever was given the link: it holds what nobody guesses.
constexpr row page_rows[] = {
    {"/verdict/{key}", verb::get, "verdict", &api::verdict_page, http::no_cors},
};

// Of a scenario that has an identity provider.
constexpr row provider_rows[] = {
    {"/idp/token", verb::post, "identity_provider", &api::exchange_at_provider, 0},
};

// What a reset takes back depends on the side that is asked.
constexpr row as_reset[] = {{"/control/reset", verb::post, "control", &api::reset_as, flags}};
constexpr row mcp_reset[] = {{"/control/reset", verb::post, "control", &api::reset_mcp, flags}};
constexpr row both_reset[] = {{"/control/reset", verb::post, "control", &api::reset_both, flags}};

void add(http::router& r, control_plane& p, std::span<row const> rows) {
    r.add(p, rows);
}

}  // namespace

// Of a proxy nothing that our own server has can be reached.
void control_plane::add_of_own_server(http::router& r, std::vector<row> rows) {
    if (!issues_tokens_)
        for (auto& one : rows)
            one.handle = &api::nothing_to_switch;
    r.add(*this, std::span<row const>(rows));
}

void control_plane::add_switches(http::router& r) {
    add_of_own_server(r, {std::begin(issuer_rows), std::end(issuer_rows)});
    add(r, *this, as_rows);
    if (issues_tokens_) add(r, *this, provider_rows);
}

void control_plane::add_common(http::router& r) {
    add_of_own_server(r, {std::begin(document_rows), std::end(document_rows)});
    add(r, *this, common_rows);
    add(r, *this, page_rows);
}

void control_plane::add_as_routes(http::router& r) {
    add_switches(r);
    add(r, *this, as_reset);
    add_common(r);
}

void control_plane::add_mcp_routes(http::router& r) {
    add(r, *this, mcp_rows);
    add(r, *this, mcp_reset);
    add_common(r);
}

void control_plane::add_shared_routes(http::router& r) {
    add_switches(r);
    add(r, *this, mcp_rows);
    add(r, *this, both_reset);
    add_common(r);
}

namespace api {

reply json_answer(unsigned status, boost::json::value const& v) {
    auto r = http::json_reply(status, boost::json::serialize(v));
    r.headers.set("Cache-Control", "no-store");
    return r;
}

reply json_answer(std::string_view name, boost::json::value v) {
    boost::json::object o;
    o[name] = std::move(v);
    return json_answer(200, o);
}

}  // namespace api

}  // namespace tollgate::control
