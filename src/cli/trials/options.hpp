// Options of `tollgate test`, checked. Pure.
#pragma once

#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "cli/command_line.hpp"
#include "control/report/report.hpp"
#include "control/scenarios/scenarios.hpp"

namespace tollgate::trials {

// One more file with the verdicts.
struct wanted_report {
    control::report_format format;
    std::string file;
};

struct options {
    std::string command;  // of the client; the MCP URL becomes its last argument; "" = --url-only
    std::vector<control::scenario const*> scenarios;
    std::string era;  // a revision; "" = that of each scenario
    std::size_t parallel = 4;
    std::chrono::milliseconds timeout{60'000};  // of one client
    control::report_format format = control::report_format::text;
    std::string expected_failures;  // a file; "" = none
    std::string output;             // a file; "" = stdout
    std::vector<wanted_report> reports;
};

std::variant<options, usage_error> read_options(command_line const& line);

}  // namespace tollgate::trials
