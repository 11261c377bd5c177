// Control calls that a scenario command means, and where they go. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/command_line.hpp"
#include "config/config.hpp"

namespace tollgate {

enum class control_side { authorization_server, mcp_server };

struct control_call {
    control_side side;
    std::string path;  // below the control base: "rotate"
    std::string body;  // JSON, or "" for none
};

// A switch of `tollgate scenario`, and the control call behind it.
struct switch_row {
    enum class takes { nothing, on_off, seconds };

    std::string_view name;
    takes argument;
    control_side side;
    std::string_view path;  // below the control base
    std::string_view effect;
};
std::span<switch_row const> switches();

// The POSTs of `tollgate scenario NAME ARGUMENT`, in order; none for "state". The state is asked
// for afterwards.
std::variant<std::vector<control_call>, usage_error> plan_scenario(std::string_view name,
                                                                   std::string_view argument);

// The sentence for a name that is neither one of the command's own nor one of `scenarios` (those of
// the server); it names the nearest of both. Nothing for a name that is known.
std::optional<std::string> flaw_of_name(std::string_view name,
                                        std::vector<std::string> const& scenarios);

// Control bases without a slash at the end: "http://localhost:9100/r/alpha/control".
struct control_bases {
    std::string authorization_server;
    std::string mcp_server;
};

// By the listen addresses and the certificate; `realm` as in --realm. A mistake is told without the
// name of the command, of which several ask.
std::variant<control_bases, usage_error> control_bases_of(config const& c, std::string_view realm);
// By --url and --mcp-url, with or without "/control"; an empty `mcp_url` means the same server.
std::variant<control_bases, usage_error> control_bases_of(std::string const& url,
                                                          std::string const& mcp_url,
                                                          std::string_view realm);

}  // namespace tollgate
