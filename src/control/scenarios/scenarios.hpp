// Scenarios: what a realm can be put into, and what a right client does then. They are data
// (control/scenarios/data/*.toml), compiled in and read at first use; config.toml may have more.
#pragma once

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/policies.hpp"
#include "config/values/value.hpp"
#include "control/expectations/expectation.hpp"
#include "control/faults/fault.hpp"
#include "control/input/policy_patch.hpp"
#include "control/scenarios/equipment.hpp"
#include "control/scenarios/persona.hpp"
#include "control/scenarios/station.hpp"
#include "http/message/problem.hpp"

namespace tollgate::control {

struct scenario {
    std::string name;
    std::vector<std::string> aliases;  // names that it had before
    std::string suite;                 // the file that it is of: "refresh"
    std::vector<std::string> groups;   // further names for --suite
    // One of the official conformance suite: its expectations are the suite's checks, under the
    // suite's names, and are judged as it judges (docs/verdicts.md).
    bool official = false;
    // It is about what stands at the root of an origin: a realm in it needs ports of its own.
    bool own_origin = false;
    // What is more, its MCP server does: it cannot be had by a path of an origin.
    bool own_mcp_origin = false;
    std::string summary;            // one line: what the server does, and a right client
    std::string person;             // what somebody should do with the client
    std::string ends;               // when it is over
    std::vector<std::string> eras;  // the revisions that it is about; empty: all
    milliseconds quiet{5000};       // so long without a request, and nothing more is waited for
    policy_patch policy{};
    scenario_equipment equipment{};
    std::vector<fault_settings> faults;
    bool faults_may_rest = false;  // a right client need not meet them
    std::vector<expectation> expectations;
    std::optional<control::persona> persona;  // whom it imitates
    std::vector<station> stations;            // of an exam
};

// The suite of those that config.toml has.
inline constexpr std::string_view own_suite = "own";

// Those of the program, then the user's.
std::deque<scenario> const& all_scenarios();
// A realm that misbehaves in no way.
scenario const& plain_scenario();

// What scenarios of a configuration must go with.
struct own_server {
    policies configured{};                        // of a realm that nobody has changed
    std::vector<std::string_view> mcp_methods{};  // that faults may select, besides the usual ones
    std::vector<std::string_view> tools{};
};

// Reads `list`, the [[scenarios]] of a configuration (config::scenarios), in the way of the
// program's own, and knows nothing of it afterwards. Throws config_error with every mistake:
// "FILE:LINE:COLUMN: scenarios[0].expect[0].count.of.enpoint: is no member of an event; …".
void check_own_scenarios(settings::value const& list, own_server const& in);
// Likewise; from now on they are scenarios like those of the program, in the place of those that an
// earlier call brought. For the start of a process: nobody may hold or look for a scenario yet.
void use_own_scenarios(settings::value const& list, own_server const& in);

// By name or alias, or by the form that stands in a path: "/" is written ".". 404 with the nearest
// name.
outcome<scenario const*> find_scenario(std::string_view name);
// The form of a scenario's name that stands in a path and in a realm's name.
std::string path_form(std::string_view scenario_name);

}  // namespace tollgate::control
