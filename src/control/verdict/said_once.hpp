// Said once: rules of every verdict that a check of the official suite says already.
#pragma once

#include <string_view>

#include "control/scenarios/scenarios.hpp"

namespace tollgate::control {

// An expectation of the scenario is about the same mistake as that rule.
bool says_the_same(scenario const& s, std::string_view rule) noexcept;

}  // namespace tollgate::control
