#include "control/scenarios/scenarios.hpp"

#include <algorithm>
#include <vector>

#include <boost/json/parse.hpp>

#include "base/nearest.hpp"
#include "base/text.hpp"

namespace tollgate::control {

namespace {

constexpr std::string_view dead_refresh[] = {"refresh.invalid_grant"};
constexpr std::string_view an_hour_told[] = {"token.expires_lies_long"};
constexpr std::string_view forbidden[] = {"scope.forbidden"};

struct entry {
    std::string_view name;
    std::string_view summary;
    std::string_view policy = "{}";  // as POST /control/realms takes it
    std::span<std::string_view const> faults = {};
};

constexpr entry entries[] = {
    {"plain", "Everything works."},
    {"token.short", "Access tokens live 5 s: the client refreshes and goes on.",
     R"({"tokens.access_ttl": "5s"})"},
    {"token.dies_early",
     "Access tokens are said to live an hour and are dead after 3 s: the client meets a 401, "
     "refreshes and goes on.",
     R"({"tokens.access_ttl": "3s"})", an_hour_told},
    {"refresh.rotate",
     "Access tokens live 5 s and every refresh gives a new refresh token; the old one is dead: the "
     "client keeps the newest.",
     R"({"tokens.access_ttl": "5s", "tokens.refresh_rotation": "always"})"},
    {"refresh.dead",
     "Access tokens live 5 s and every refresh answers invalid_grant: the client asks for "
     "authorization again, once.",
     R"({"tokens.access_ttl": "5s"})", dead_refresh},
    {"consent.denied",
     "The user says no: the client stops with access_denied and asks for no token.",
     R"({"deny_consent": true})"},
    {"scope.forbidden",
     "Every tool call answers 403 insufficient_scope: the client stops, or asks for more scope a "
     "bounded number of times.",
     "{}", forbidden},
};

std::vector<scenario> read_entries() {
    std::vector<scenario> all;
    for (auto const& e : entries) {
        auto const policy = boost::json::parse(e.policy).as_object();
        // Throws for a mistake in the table above: a bug, found by the first look at it.
        all.push_back({e.name, e.summary, read_policy_patch(policy, "", {}).value(), e.faults});
    }
    return all;
}

}  // namespace

std::span<scenario const> all_scenarios() {
    static std::vector<scenario> const all = read_entries();
    return all;
}

scenario const& plain_scenario() {
    return all_scenarios().front();
}

std::string path_form(std::string_view scenario_name) {
    std::string out(scenario_name);
    std::ranges::replace(out, '/', '.');
    return out;
}

outcome<scenario const*> find_scenario(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& s : all_scenarios()) {
        if (s.name == name || path_form(s.name) == name) return &s;
        names.push_back(s.name);
    }
    return problem(404, "unknown_scenario",
                   "no scenario is called \"" + tollgate::printable(name, 80) +
                       "\"; the nearest is \"" + std::string(nearest_name(name, names)) + '"');
}

}  // namespace tollgate::control
