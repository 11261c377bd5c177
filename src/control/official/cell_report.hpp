// Cell report: what the hosted mode of the official suite says at
// /results/RUN[/REVISION[/SCENARIO]].
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "control/scenarios/scenarios.hpp"
#include "control/verdict/verdict.hpp"

namespace tollgate::control {

// The columns of the suite's matrix: revisions that have a set of requirements.
std::span<std::string_view const> scored_revisions() noexcept;

// Who a client says that it is: clientInfo, and the revisions of MCP that it spoke.
struct client_identity {
    std::string name;
    std::string version;
    std::set<std::string> revisions;
};
// Adds what is new to those that are known.
void add_identities(std::vector<client_identity>& known, std::vector<client_identity> const& more);

// A scenario at a revision, and what came of it; without a verdict nobody has used it.
struct cell {
    scenario const* of = nullptr;  // never null
    std::string run;
    std::string revision;
    std::optional<control::verdict> verdict{};
    std::string results_url;
    std::vector<client_identity> clients{};  // that have used it
};

// {"runId", "revision", "scenario", "scoring", "verdict", "state", "summary", "checks", …}
boost::json::object report_of_cell(cell const& c);
// {"runId", "columns": [{"revision", "scored", "cells", "notScored", …}], …}. `revision`: the only
// column; "": all of them.
boost::json::object report_of_run(std::string const& run, std::string const& revision,
                                  std::vector<cell> const& cells);

}  // namespace tollgate::control
