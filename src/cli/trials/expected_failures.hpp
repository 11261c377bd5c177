// Expected failures: the file of the official suite, which says what is known to be wrong.
//
//     client:
//       - refresh.stampede               # the scenario as a whole
//       - login.state:state.checked      # one finding of it
//
// Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "control/verdict/verdict.hpp"

namespace tollgate::trials {

struct expected_failure {
    std::string scenario;
    std::string finding;  // "": all of it
    int line = 0;
};

// Or a sentence "FILE:LINE: what is wrong". What stands below `server` is not ours.
std::variant<std::vector<expected_failure>, std::string> read_expected_failures(
    std::string_view text, std::string const& file);

// "FILE:LINE: no scenario is called …", for each that there is not: the official suite may have it.
std::vector<std::string> unknown_scenarios(std::span<expected_failure const> expected,
                                           std::string const& file);

struct comparison {
    std::vector<std::string> unexpected;  // entries to paste: "scenario:finding"
    std::vector<std::string> stale;       // entries that did not fail
};

// A scenario that is no pass has failed; a finding that failed a MUST, too.
comparison compare(std::span<control::verdict const> verdicts,
                   std::span<expected_failure const> expected);

}  // namespace tollgate::trials
