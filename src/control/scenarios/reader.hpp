// Reader of scenarios: [[scenario]] tables of the program's own documents, and [[scenarios]] of
// config.toml.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "config/values/value.hpp"
#include "control/scenarios/scenarios.hpp"

namespace tollgate::control {

struct scenario_file {
    std::string_view name;
    std::string_view text;
};
// Those of the program.
std::span<scenario_file const> scenario_data() noexcept;

// Reads one document after another. A scenario may be like (`like`) one that was read before it,
// and have the expectations of [[group]] tables (`with`) that were read before it.
class scenario_reader {
public:
    // [[scenario]] and [[group]] tables; their suite is what the file's name begins with.
    void read(scenario_file const& file);
    // [[scenarios]], the suite "own". What the program's have already is refused: a name, and the
    // standing of a scenario of the official suite; and so is a policy that does not go with the
    // server.
    void read_own(settings::value const& list, own_server const& in);

    // What was read; where something is wrong, what is right of it.
    std::deque<scenario> scenarios;
    // "FILE:LINE:COLUMN: scenarios[0].expect[1].count.of.x: what is wrong", the first of each
    // table.
    settings::mistakes wrong;

private:
    bool read_groups(settings::value const& document);
    void read_table(settings::value const& table, std::string const& called,
                    std::string const& suite, bool own);

    std::map<std::string, boost::json::array, std::less<>> groups_;   // expectations by their group
    std::map<std::string, boost::json::object, std::less<>> tables_;  // scenarios as they were read
    std::set<std::string, std::less<>> taken_;                        // names that are given away
    own_server server_;
};

}  // namespace tollgate::control
