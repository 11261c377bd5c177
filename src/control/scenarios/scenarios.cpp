#include "control/scenarios/scenarios.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "control/scenarios/reader.hpp"

namespace tollgate::control {

namespace {

std::vector<scenario> read_from(std::span<scenario_file const> files) {
    std::vector<scenario> all;
    expectation_groups groups;
    for (auto const& file : files) {
        auto const ok = read_scenarios(file, all, groups);
        // The files are ours: a bug, found by the first look at them.
        if (!ok) throw std::logic_error("scenario data: " + ok.error().description());
    }
    return all;
}

bool is_called(scenario const& s, std::string_view name) {
    return s.name == name || path_form(s.name) == name ||
           std::ranges::find(s.aliases, name) != s.aliases.end();
}

}  // namespace

std::span<scenario const> all_scenarios() {
    static std::vector<scenario> const all = read_from(scenario_data());
    return all;
}

scenario const& plain_scenario() {
    // Every start needs it, and the others take a hundred times as long to read.
    static std::vector<scenario> const first = read_from(scenario_data().first(1));
    return first.front();
}

std::string path_form(std::string_view scenario_name) {
    std::string out(scenario_name);
    std::ranges::replace(out, '/', '.');
    return out;
}

outcome<scenario const*> find_scenario(std::string_view name) {
    std::vector<std::string_view> names;
    for (auto const& s : all_scenarios()) {
        if (is_called(s, name)) return &s;
        names.push_back(s.name);
        names.insert(names.end(), s.aliases.begin(), s.aliases.end());
    }
    return problem(404, "unknown_scenario",
                   "no scenario is called \"" + tollgate::printable(name, 80) +
                       "\"; the nearest is \"" + std::string(nearest_name(name, names)) + '"');
}

}  // namespace tollgate::control
