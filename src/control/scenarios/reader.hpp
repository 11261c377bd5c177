// Reader of scenarios: [[scenario]] tables of a TOML document.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>

#include "control/scenarios/scenarios.hpp"

namespace tollgate::control {

struct scenario_file {
    std::string_view name;
    std::string_view text;
};
// Those of the program.
std::span<scenario_file const> scenario_data() noexcept;

// Expectations that several scenarios share, by the name of their group, as they were written.
using expectation_groups = std::map<std::string, boost::json::array, std::less<>>;

// Appends the scenarios of the file to `all`, whose earlier ones they may be like (`like`); the
// first mistake is returned, with its file, line and column or the scenario that has it.
outcome<void> read_scenarios(scenario_file const& file, std::vector<scenario>& all);
// Likewise; its groups are added to `groups`, which its scenarios may name (`with`).
outcome<void> read_scenarios(scenario_file const& file, std::vector<scenario>& all,
                             expectation_groups& groups);

}  // namespace tollgate::control
