// Client process: a client that is started for one scenario, and how it ended.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace tollgate::trials {

struct client_end {
    enum class kind { exited, crashed, timed_out, not_started };
    kind is = kind::exited;
    std::optional<int> exit{};  // its code, or the number of the signal; where somebody knows
    std::string output;         // the end of what it printed
};

// Runs `command` by the shell, with `url` as its last argument and `variables` set besides our own.
// Whatever it leaves running is ended with it. Blocks; `give_up` ends it early.
client_end run_client(std::string const& command, std::string const& url,
                      std::vector<std::pair<std::string, std::string>> const& variables,
                      std::chrono::milliseconds timeout, std::atomic<bool> const& give_up);

}  // namespace tollgate::trials
