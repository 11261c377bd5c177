// The command line: what was asked for, or why it cannot be understood. Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tollgate {

enum class command {
    help,
    version,
    serve,
    check,
    stdio,
    scenario,
    scenarios,
    verdict,
    test,
    store,
    certs
};

struct command_line {
    command run = command::help;
    std::string help_for;  // the command that help is wanted for; "" = all

    std::string config_file;
    std::vector<std::string> sets;  // "key=value"
    bool ready_json = false;
    bool keys = false;  // of check: say what there is instead of what is wrong

    std::string scenario_name;
    std::string scenario_argument;  // "", "on", "off" or seconds
    std::string url;                // of the control plane; "" = from the configuration
    std::string mcp_url;
    std::string token;
    std::string realm;
    std::string format;  // of a verdict; "" = text

    // Of `tollgate test`; "" = the default.
    std::string client;  // the command that starts it
    std::vector<std::string> scenarios;
    std::string suite;
    std::string era;
    std::string parallel;
    std::string timeout;
    std::string expected_failures;
    std::string output;
    std::vector<std::string> reports;  // "format=file"
    bool url_only = false;

    std::string store_action;  // "export" or "import"
    std::string store_file;    // "-": stdout or stdin

    std::string certs_dir = "certs";
};

// One line for stderr; the exit code is 2.
struct usage_error {
    std::string text;
};

// `arguments` are those behind the program's name.
std::variant<command_line, usage_error> parse_command_line(
    std::vector<std::string> const& arguments);

// What `tollgate --help` or `tollgate COMMAND --help` prints.
std::string help_text(std::string_view command_name);

}  // namespace tollgate
