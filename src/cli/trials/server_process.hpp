// Server process: a `tollgate serve` of our own, on free ports, for as long as the object lives.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "cli/trials/child_process.hpp"

namespace tollgate::trials {

class server_process {
public:
    // `arguments`: those behind "serve --ready-json". Blocks until it accepts, has ended, or
    // somebody gave up; a minute at most.
    server_process(std::vector<std::string> arguments, std::atomic<bool> const& give_up);
    // Lets it end politely for a while, then at once.
    ~server_process();
    server_process(server_process const&) = delete;
    server_process& operator=(server_process const&) = delete;

    // The line of --ready-json; "" when it did not start: it has said why on stderr.
    std::string const& ready_line() const noexcept { return ready_; }

private:
    int ends_[2] = {-1, -1};  // of the pipe: where we read, where its stdout goes
    child_process child_;
    std::string ready_;
};

}  // namespace tollgate::trials
