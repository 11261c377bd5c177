// What is asked of a scenario of the user's own, and not of those of the program, which tests look
// at.
#pragma once

#include <functional>
#include <set>
#include <string>

#include <boost/json/object.hpp>

#include "control/scenarios/scenarios.hpp"

namespace tollgate::control {

// What keeps it from being one, by JSON pointer: "/name: …"; "": nothing. `table` is what it was
// read from, `taken` the names of other scenarios.
std::string flaw_of_own(scenario const& s, boost::json::object const& table,
                        std::set<std::string, std::less<>> const& taken);

}  // namespace tollgate::control
