// Scenarios: named sets of policy and faults that a realm can be in.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "control/input/policy_patch.hpp"
#include "http/message/problem.hpp"

namespace tollgate::control {

struct scenario {
    std::string_view name;
    std::string_view summary;  // one line
    policy_patch policy{};
    std::span<std::string_view const> faults{};  // names of the catalogue
};

std::span<scenario const> all_scenarios();
// A realm that misbehaves in no way.
scenario const& plain_scenario();

// By name, or by the form that stands in a path: "/" is written ".". 404 with the nearest name.
outcome<scenario const*> find_scenario(std::string_view name);
// The form of a scenario's name that stands in a path and in a realm's name.
std::string path_form(std::string_view scenario_name);

}  // namespace tollgate::control
