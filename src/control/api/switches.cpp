// The switches of the seed: each is a policy value or a named fault, and nothing else.
#include <algorithm>

#include "control/api/api.hpp"
#include "control/faults/catalogue.hpp"

namespace tollgate::control::api {

namespace {

// {"on": true}
outcome<bool> read_on(context& c) {
    auto const body = body_object(c);
    if (!body) return body.error();
    object_reader in(**body);
    auto const on = in.need("on", "true or false").boolean("on");
    auto const ok = in.finish();
    if (!ok) return ok.error();
    return on.value_or(false);
}

template <class Change>
void change_policy(control_plane& p, http::realm& r, Change const& change) {
    auto& servers = p.servers();
    std::scoped_lock const lock(r.get<realm_state>().editing());
    auto policy = *servers.oauth.current_policy(r);
    change(policy);
    servers.oauth.set_policy(r, std::move(policy));
}

// Puts the named fault in, or takes those out that a switch or a scenario put in.
outcome<void> set_fault(context& c, std::string_view name, bool on) {
    auto& faults = c.realm().get<realm_faults>();
    std::scoped_lock const lock(c.realm().get<realm_state>().editing());
    if (!on) {
        faults.remove_if(
            [&](fault const& f) { return f.settings().name == name && f.unconditional(); });
        return outcome<void>();
    }
    if (is_on(faults, name)) return outcome<void>();
    auto const added = faults.add(settings_of(name), c.real_now());
    if (!added) return added.error();
    return outcome<void>();
}

task<outcome<reply>> switch_fault(context& c, std::string_view fault_name,
                                  std::string_view member) {
    auto const on = read_on(c);
    if (!on) co_return on.error();
    auto const done = set_fault(c, fault_name, *on);
    if (!done) co_return done.error();
    co_return json_answer(member, *on);
}

}  // namespace

bool is_on(realm_faults const& faults, std::string_view fault_name) {
    auto const plan = faults.faults();
    return plan && std::ranges::any_of(*plan, [&](fault_ptr const& f) {
               // One with an end is not what the switch puts in.
               auto const& s = f->settings();
               return s.name == fault_name && f->unconditional() && !s.expires_at;
           });
}

task<outcome<reply>> rotate(control_plane& p, context& c) {
    auto const on = read_on(c);
    if (!on) co_return on.error();
    auto const to = *on ? oauth::refresh_rotation::always : oauth::refresh_rotation::never;
    change_policy(p, c.realm(), [&](oauth::policy& policy) { policy.rotation = to; });
    co_return json_answer("rotate", *on);
}

task<outcome<reply>> expires_in(control_plane& p, context& c) {
    constexpr std::int64_t a_year = 31'536'000;
    auto const body = body_object(c);
    if (!body) co_return body.error();
    object_reader in(**body);
    auto const seconds =
        in.need("seconds", "a whole number of seconds").integer("seconds", 0, a_year);
    auto const ok = in.finish();
    if (!ok) co_return ok.error();
    auto const ttl = std::chrono::seconds(seconds.value_or(0));
    change_policy(p, c.realm(), [&](oauth::policy& policy) { policy.access_ttl = ttl; });
    co_return json_answer("expiresIn", ttl.count());
}

task<outcome<reply>> rotate_keys(control_plane& p, context& c) {
    auto const empty = nothing_in_body(c);
    if (!empty) co_return empty.error();
    auto const kid = co_await p.servers().oauth.rotate_keys(c.realm());
    if (!kid) co_return kid.error();
    co_return json_answer("kid", boost::json::value(*kid));
}

task<outcome<reply>> revoke_access(control_plane& p, context& c) {
    auto const empty = nothing_in_body(c);
    if (!empty) co_return empty.error();
    auto const done = co_await p.servers().oauth.revoke_access_tokens(c.realm());
    if (!done) co_return done.error();
    auto const left = co_await p.servers().oauth.count(c.realm());
    if (!left) co_return left.error();
    co_return json_answer("accessTokens", left->access_tokens);
}

task<outcome<reply>> invalid_grant(control_plane&, context& c) {
    return switch_fault(c, "refresh.invalid_grant", "invalidGrant");
}

task<outcome<reply>> deny_consent(control_plane& p, context& c) {
    auto const on = read_on(c);
    if (!on) co_return on.error();
    auto const to = *on;
    change_policy(p, c.realm(), [&](oauth::policy& policy) { policy.deny_consent = to; });
    co_return json_answer("denyConsent", to);
}

task<outcome<reply>> seed_refresh(control_plane& p, context& c) {
    auto const body = body_object(c);
    if (!body) co_return body.error();
    object_reader in(**body);
    auto token = in.need("token", "a refresh token").text("token", 4096).value_or("");
    if (token.empty()) in.fail("token", "expected a refresh token, got an empty string");
    auto const ok = in.finish();
    if (!ok) co_return ok.error();
    auto const done = co_await p.servers().oauth.seed_refresh_token(c.realm(), std::move(token));
    if (!done) {
        auto const& wrong = done.error();
        if (wrong.status() != 400) co_return wrong;
        co_return mistake("/token", wrong.description());
    }
    co_return json_answer("seeded", true);
}

task<outcome<reply>> force_403(control_plane&, context& c) {
    return switch_fault(c, "scope.forbidden", "force403");
}

task<outcome<reply>> nothing_to_switch(control_plane&, context&) {
    co_return problem(409, "conflict",
                      "Tokens come from the provider of [upstream], and this server only passes "
                      "requests on: there is nothing of its own to switch. Faults work here as "
                      "everywhere (POST /control/faults), and so do invalid-grant and force-403.");
}

}  // namespace tollgate::control::api
