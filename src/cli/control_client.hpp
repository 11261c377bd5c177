// Control client: calls of a running server's control plane, one after another, for the commands.
#pragma once

#include <map>
#include <string>

#include "base/task.hpp"
#include "cli/command_line.hpp"
#include "config/config.hpp"
#include "http/client/client.hpp"

namespace tollgate {

// What a command prints and leaves with. 1: nobody answers, or the server refuses; 2: bad usage.
struct command_output {
    std::string out;
    std::string err;
    int exit_code = 0;
};

class control_client {
public:
    // `command`: what its errors begin with ("tollgate scenario"). `ca_file`: trusted besides the
    // system's; "" = none.
    control_client(std::string command, std::string token, std::string ca_file);

    // False when nobody answered, or with anything but 2xx: result.err says why.
    task<bool> ask(http::verb method, std::string url, std::string body);
    // The answer to the last call that went well.
    http::client_response const& last() const noexcept { return last_; }
    void fail(std::string text);

    command_output result;

private:
    std::string const command_;
    std::string const token_;
    http::client client_;
    http::client_response last_;
};

using environment_variables = std::map<std::string, std::string>;

// "" when it is not set.
std::string variable(environment_variables const& environment, char const* name);
// What the configuration says about the server. Beside --url it is only needed for the
// certificate, so that a mistake in it does not matter unless it was asked for. Throws
// config_error.
config configuration_for(command_line const& line, bool by_url,
                         environment_variables const& environment);
std::string token_for(command_line const& line, config const& c, bool by_url,
                      environment_variables const& environment);

}  // namespace tollgate
