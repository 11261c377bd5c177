// Runner: one client per scenario, several at once, against a running server.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "cli/trials/client_process.hpp"
#include "cli/trials/options.hpp"
#include "control/verdict/verdict.hpp"

namespace tollgate::trials {

// How the server is reached.
struct server_access {
    std::string control;  // the control base of the default realm
    std::string token;
    std::string ca_file;
};

struct trial_result {
    control::verdict verdict;
    client_end end;
    std::string mcp;    // the URL that the client got
    std::string wrong;  // why there is no verdict; "" = there is one
    std::chrono::milliseconds took{0};
};

// Called from several threads, one at a time. `left`: how many are not finished.
using progress = std::function<void(trial_result const&, std::size_t left)>;

// In the order of the scenarios. `give_up`: ends the clients that run and starts no more.
std::vector<trial_result> run_trials(options const& o, server_access const& to,
                                     progress const& told, std::atomic<bool> const& give_up);

// A realm for each scenario, without a client: its control base and its MCP URL.
struct prepared_trial {
    std::string control;
    std::string mcp;
    std::string wrong;
    boost::json::object context{};  // what its client is told besides
};
prepared_trial prepare_trial(control::scenario const& s, options const& o, std::string const& name,
                             server_access const& to);
// POST done, and the verdict.
trial_result finish_trial(control::scenario const& s, prepared_trial const& p,
                          server_access const& to, client_end const& end);

}  // namespace tollgate::trials
