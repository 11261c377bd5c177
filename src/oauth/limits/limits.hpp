// Limits ([limits]): bounds of what strangers may use of what all share, and who keeps to them.
#pragma once

#include <cstdint>

#include "http/limits/rate_budget.hpp"
#include "http/message/problem.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/limits/client_places.hpp"
#include "oauth/limits/live_budget.hpp"

namespace tollgate::oauth {

// Rates are a minute's. The defaults are those of the configuration.
struct limits {
    http::rate_budget::bounds registrations{200, 1000};  // RFC 7591 §5
    http::rate_budget::bounds logins{100, 1000};         // broker: sent to the provider
    http::rate_budget::bounds user_codes{10, 1000};      // wrong ones (RFC 8628 §5.1)
    client_places::bounds clients;
    live_budget::bounds tokens{100'000, 50'000, 200'000};  // codes, access and refresh tokens
    live_budget::bounds devices{1000, 200, 10'000};        // device authorizations (RFC 8628 §3.2)
};

// One for the whole server: realms that anybody may make have no budget of their own. Thread-safe.
struct budgets {
    explicit budgets(limits const& l);

    // Whatever a realm had is gone; its peers keep what they have used.
    void forget_realm(std::uint64_t id);
    // Whoever runs the server begins anew in that realm: its clients stay, and no peer has used
    // anything.
    void reset(std::uint64_t realm);

    http::rate_budget registrations;
    http::rate_budget logins;
    http::rate_budget user_codes;
    http::rate_budget tried_codes;  // which of them, by whom: the same one is counted once
    client_places clients;
    live_budget tokens;
    live_budget devices;
};

// The client in whose name the request leaves something behind.
live_budget::owner owner_of(http::context const& c, std::string const& client_id);

// When a record that the realm's clock ends at `until` frees its place: in real time, for budgets,
// which no realm's clock moves; but where that clock stands nothing ends before it has gone on.
place_end real_end(http::context const& c, time_point until) noexcept;

// What is answered when a budget is used up; counts it for /metrics.
problem too_many_registrations(http::rate_budget::answer const& a);
problem too_many_logins(http::rate_budget::answer const& a);
problem too_many_wrong_codes(http::rate_budget::answer const& a);
// 503 temporarily_unavailable. Nothing of the request is used up: it can be sent again.
problem too_many_tokens(live_budget::spent what);
problem too_many_devices(live_budget::spent what);
problem too_many_clients();
// A client that had to go for another one.
void count_evicted_client() noexcept;

}  // namespace tollgate::oauth
