// GET state, POST reset.
#include <boost/json/array.hpp>

#include "control/api/api.hpp"
#include "control/realms/realm_setup.hpp"

namespace tollgate::control::api {

namespace json = boost::json;

namespace {

json::array fault_names(context const& c, realm_faults const& s) {
    json::array names;
    auto const plan = s.faults();
    if (!plan) return names;
    for (auto const& f : *plan) {
        if (!f->expired(c.real_now())) names.emplace_back(f->settings().name);
    }
    return names;
}

// As tokens.refresh_rotation has it. The seed's "rotate" alone would say false while the tokens of
// public clients do rotate.
std::string_view rotation_word(oauth::refresh_rotation rule) noexcept {
    switch (rule) {
        case oauth::refresh_rotation::public_clients:
            return "public";
        case oauth::refresh_rotation::always:
            return "always";
        case oauth::refresh_rotation::never:
            return "never";
    }
    return "public";
}

json::object state_of(control_plane& p, context const& c, oauth::realm_counts const& n) {
    auto const& faults = c.realm().get<realm_faults>();
    auto const policy = p.servers().oauth.current_policy(c.realm());
    json::array refresh_tokens;
    for (auto const& pseudonym : n.refresh_tokens)
        refresh_tokens.emplace_back(pseudonym);
    json::object o;
    o["realm"] = c.realm().name();
    auto const calls = faults.counted_token_requests();
    o["tokenCalls"] = calls.all;
    o["tokenCallsFaulted"] = calls.faulted;
    o["accessTokens"] = n.access_tokens;
    o["refreshTokens"] = std::move(refresh_tokens);
    o["clients"] = n.clients;
    o["sessions"] = p.servers().mcp.sessions(c.realm());
    o["rotate"] = policy->rotation == oauth::refresh_rotation::always;
    o["refreshRotation"] = rotation_word(policy->rotation);
    o["expiresIn"] = std::chrono::floor<std::chrono::seconds>(policy->access_ttl).count();
    o["invalidGrant"] = is_on(faults, "refresh.invalid_grant");
    o["denyConsent"] = policy->deny_consent;
    o["force403"] = is_on(faults, "scope.forbidden");
    o["faults"] = fault_names(c, faults);
    return o;
}

// {"clients": true}: those that registered go, too. They belong to the authorization server.
outcome<bool> read_reset(context& c, unsigned side) {
    if (c.request().body.empty()) return false;
    auto const body = body_object(c);
    if (!body) return body.error();
    object_reader in(**body);
    bool const clients = (side & as_side) != 0 && in.boolean("clients").value_or(false);
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return clients;
}

task<outcome<reply>> reset(control_plane& p, context& c, unsigned side) {
    auto const clients = read_reset(c, side);
    if (!clients) co_return clients.error();
    if ((side & as_side) != 0) {
        auto const done = co_await p.servers().oauth.reset(c.realm());
        if (!done) co_return done.error();
        c.realm().time().reset();
        // They were opened with tokens that are gone now.
        auto const ended = co_await p.servers().mcp.end_sessions(c.realm_handle());
        if (!ended) co_return ended.error();
    }
    if (*clients) {
        auto const gone = co_await p.servers().oauth.forget_clients(c.realm());
        if (!gone) co_return gone.error();
    }
    restore_side(c.realm(), side, p.servers(), c.real_now());
    auto const settled = co_await p.realms().settle_connections(c.realm_handle());
    if (!settled) co_return settled.error();
    co_return json_answer("reset", true);
}

}  // namespace

task<outcome<reply>> state(control_plane& p, context& c) {
    auto const counts = co_await p.servers().oauth.count(c.realm());
    if (!counts) co_return counts.error();
    co_return json_answer(200, state_of(p, c, *counts));
}

task<outcome<reply>> reset_as(control_plane& p, context& c) {
    return reset(p, c, as_side);
}

task<outcome<reply>> reset_mcp(control_plane& p, context& c) {
    return reset(p, c, mcp_side);
}

task<outcome<reply>> reset_both(control_plane& p, context& c) {
    return reset(p, c, both_sides);
}

}  // namespace tollgate::control::api
