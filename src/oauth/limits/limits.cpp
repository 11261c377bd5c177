#include "oauth/limits/limits.hpp"

#include <string>
#include <string_view>

#include "base/metrics.hpp"
#include "http/realm/peer.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

constexpr auto counter = metric::kind::counter;
constexpr auto gauge = metric::kind::gauge;
constexpr std::string_view refusals = "Requests refused because a budget of [limits] was used up.";

metric no_registration(counter, "tollgate_limit_refusals_total{limit=\"registrations\"}", refusals);
metric no_login(counter, "tollgate_limit_refusals_total{limit=\"logins\"}", refusals);
metric no_guess(counter, "tollgate_limit_refusals_total{limit=\"user_codes\"}", refusals);
metric no_client(counter, "tollgate_limit_refusals_total{limit=\"clients\"}", refusals);
metric no_token(counter, "tollgate_limit_refusals_total{limit=\"tokens\"}", refusals);
metric no_device(counter, "tollgate_limit_refusals_total{limit=\"devices\"}", refusals);
metric evicted(counter, "tollgate_clients_evicted_total",
               "Registered clients without a token that went to make room for another one.");
metric clients_alive(gauge, "tollgate_clients_registered", "Clients that registered.");
metric tokens_alive(gauge, "tollgate_tokens",
                    "Codes, access and refresh tokens issued and not over; revoked ones count.");
metric devices_alive(gauge, "tollgate_device_authorizations",
                     "Device authorizations begun and not over.");

constexpr std::string_view soon = "60";  // seconds: what lapses does so bit by bit

problem used_up(std::string sentence) {
    return problem(503, errors::temporarily_unavailable.error(), std::move(sentence))
        .with("Retry-After", std::string(soon));
}

// `key`: of [limits], for all; `what`: in the plural.
problem used_up(live_budget::spent spent, std::string_view what, std::string const& key) {
    std::string sentence(what);
    if (spent == live_budget::spent::by_client)
        return used_up(sentence + " of this client are too many (limits.client_" + key + ')');
    if (spent == live_budget::spent::by_peer)
        return used_up(sentence + " for your address are too many (limits.peer_" + key + ')');
    return used_up(sentence + " of this server are too many (limits." + key + ')');
}

}  // namespace

budgets::budgets(limits const& l)
    : registrations(l.registrations),
      logins(l.logins),
      user_codes(l.user_codes),
      // The same wrong code again is not another guess.
      tried_codes({1, l.user_codes.all}),
      clients(l.clients, &clients_alive),
      tokens(l.tokens, &tokens_alive),
      devices(l.devices, &devices_alive) {}

void budgets::forget_realm(std::uint64_t id) {
    clients.forget_realm(id);
    tokens.forget_realm(id);
    devices.forget_realm(id);
}

void budgets::reset(std::uint64_t realm) {
    // Rates know peers and no realms: those of the other realms begin anew as well.
    for (auto* rate : {&registrations, &logins, &user_codes, &tried_codes})
        rate->reset();
    for (auto* alive : {&tokens, &devices}) {
        alive->forget_realm(realm);
        alive->forget_peers();
    }
}

live_budget::owner owner_of(http::context const& c, std::string const& client_id) {
    live_budget::owner o;
    o.realm = c.realm().id();
    o.client = client_id;
    o.who = http::account_of(c.request(), c.place());
    return o;
}

place_end real_end(http::context const& c, time_point until) noexcept {
    auto const real = c.real_now();
    auto const& clock = c.realm().time_handle();
    auto const at = real + (until - clock->at(real));
    return clock->is_frozen() ? place_end(at, clock, until) : place_end(at);
}

problem too_many_registrations(http::rate_budget::answer const& a) {
    no_registration.add();
    return http::refusal_of(a, "registrations", "registrations");
}

problem too_many_logins(http::rate_budget::answer const& a) {
    no_login.add();
    return http::refusal_of(a, "logins", "logins");
}

problem too_many_wrong_codes(http::rate_budget::answer const& a) {
    no_guess.add();
    return http::refusal_of(a, "wrong codes", "user_codes");
}

problem too_many_tokens(live_budget::spent what) {
    no_token.add();
    return used_up(what, "the tokens that are still valid", "tokens");
}

problem too_many_devices(live_budget::spent what) {
    no_device.add();
    return used_up(what, "the device authorizations under way", "devices");
}

problem too_many_clients() {
    no_client.add();
    return used_up(
        "there are as many registered clients as there may be, and all of them are in "
        "use (limits.realm_clients, limits.clients)");
}

void count_evicted_client() noexcept {
    evicted.add();
}

}  // namespace tollgate::oauth
