// The commands and options as tables: parsing and help go by them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/command_line.hpp"

namespace tollgate::cli {

using target = std::variant<bool command_line::*, std::string command_line::*,
                            std::vector<std::string> command_line::*>;

struct option_row {
    std::string_view name;   // "--config"
    std::string_view value;  // "FILE"; "" for a switch
    std::string_view summary;
    target into;
};

struct command_row {
    std::string_view name;
    command run;
    std::string_view arguments;  // in the usage line, besides options
    std::string_view summary;    // one line
    std::string_view details;    // paragraphs of the command's own help
    std::span<option_row const> options;
    std::span<std::string command_line::*const> positions;  // what plain arguments fill
    bool needs_first_position = false;
};

// In the order in which help lists them.
std::span<command_row const> commands();
command_row const* find_command(std::string_view name);

}  // namespace tollgate::cli
