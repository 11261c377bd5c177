#include "control/scenarios/scenarios.hpp"

#include <algorithm>
#include <vector>

#include "base/nearest.hpp"
#include "base/text.hpp"

namespace tollgate::control {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view dead_refresh[] = {"refresh.invalid_grant"};
constexpr std::string_view an_hour_told[] = {"token.expires_lies_long"};
constexpr std::string_view forbidden[] = {"scope.forbidden"};

constexpr scenario scenarios[] = {
    {.name = "plain", .summary = "Everything works.", .policy = {}, .faults = {}},
    {.name = "token.short",
     .summary = "Access tokens live 5 s: the client refreshes and goes on.",
     .policy = {.access_ttl = 5s},
     .faults = {}},
    {.name = "token.dies_early",
     .summary = "Access tokens are said to live an hour and are dead after 3 s: the client meets a "
                "401, refreshes and goes on.",
     .policy = {.access_ttl = 3s},
     .faults = an_hour_told},
    {.name = "refresh.rotate",
     .summary = "Access tokens live 5 s and every refresh gives a new refresh token; the old one "
                "is dead: the client keeps the newest.",
     .policy = {.access_ttl = 5s, .rotation = oauth::refresh_rotation::always},
     .faults = {}},
    {.name = "refresh.dead",
     .summary = "Access tokens live 5 s and every refresh answers invalid_grant: the client asks "
                "for authorization again, once.",
     .policy = {.access_ttl = 5s},
     .faults = dead_refresh},
    {.name = "consent.denied",
     .summary = "The user says no: the client stops with access_denied and asks for no token.",
     .policy = {.deny_consent = true},
     .faults = {}},
    {.name = "scope.forbidden",
     .summary = "Every tool call answers 403 insufficient_scope: the client stops, or asks for "
                "more scope a bounded number of times.",
     .policy = {},
     .faults = forbidden},
};

}  // namespace

std::span<scenario const> all_scenarios() noexcept {
    return scenarios;
}

scenario const& plain_scenario() noexcept {
    return scenarios[0];
}

std::string path_form(std::string_view scenario_name) {
    std::string out(scenario_name);
    std::ranges::replace(out, '/', '.');
    return out;
}

outcome<scenario const*> find_scenario(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& s : scenarios) {
        if (s.name == name || path_form(s.name) == name) return &s;
        names.push_back(s.name);
    }
    return problem(404, "unknown_scenario",
                   "no scenario is called \"" + tollgate::printable(name, 80) +
                       "\"; the nearest is \"" + std::string(nearest_name(name, names)) + '"');
}

}  // namespace tollgate::control
