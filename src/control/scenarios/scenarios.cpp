#include "control/scenarios/scenarios.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "config/config.hpp"
#include "control/scenarios/reader.hpp"

namespace tollgate::control {

namespace {

std::string joined(std::vector<std::string> const& lines) {
    std::string all;
    for (auto const& line : lines)
        all += all.empty() ? line : '\n' + line;
    return all;
}

scenario_reader read_ours(std::span<scenario_file const> files = scenario_data()) {
    scenario_reader reader;
    for (auto const& file : files)
        reader.read(file);
    // The files are ours: a bug, found by the first look at them.
    if (!reader.wrong.empty())
        throw std::logic_error("scenario data: " + joined(reader.wrong.lines()));
    return reader;
}

// What was read of those of the program: a tenth of a second of work, which nobody does twice.
scenario_reader& ours() {
    static scenario_reader reader = read_ours();
    return reader;
}

// Those of the program and those of the list; references to the former stay good.
std::deque<scenario>& known() {
    static std::deque<scenario> all = std::move(ours().scenarios);
    return all;
}

// Those of the list alone; they may be like those of the program.
std::deque<scenario> read_own(settings::value const& list, own_server const& in) {
    known();  // has taken what is not to be copied
    auto reader = ours();
    reader.read_own(list, in);
    if (!reader.wrong.empty()) throw config_error(joined(reader.wrong.lines()));
    return std::move(reader.scenarios);
}

bool is_own(scenario const& s) {
    return s.suite == own_suite;
}

bool is_called(scenario const& s, std::string_view name) {
    auto const fits = [&](std::string const& one) { return one == name || path_form(one) == name; };
    return fits(s.name) || std::ranges::any_of(s.aliases, fits);
}

}  // namespace

std::deque<scenario> const& all_scenarios() {
    return known();
}

void check_own_scenarios(settings::value const& list, own_server const& in) {
    if (!list.items.empty()) read_own(list, in);
}

void use_own_scenarios(settings::value const& list, own_server const& in) {
    static bool has_own = false;
    // Those of the program are read when somebody asks for one.
    if (list.items.empty() && !has_own) return;
    auto read = list.items.empty() ? std::deque<scenario>() : read_own(list, in);
    has_own = !list.items.empty();
    auto& all = known();
    while (is_own(all.back()))
        all.pop_back();
    for (auto& s : read)
        all.push_back(std::move(s));
}

scenario const& plain_scenario() {
    // Every start needs it, and the others take a hundred times as long to read.
    static std::deque<scenario> const first =
        std::move(read_ours(scenario_data().first(1)).scenarios);
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
