// Server process: a `tollgate serve` of our own, on free ports, for as long as the object lives.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace tollgate::trials {

class server_process {
public:
    // `arguments`: those behind "serve --ready-json". Blocks until it accepts, or has ended.
    explicit server_process(std::vector<std::string> arguments);
    ~server_process();
    server_process(server_process const&) = delete;
    server_process& operator=(server_process const&) = delete;

    // The line of --ready-json; "" when it did not start: it has said why on stderr.
    std::string const& ready_line() const noexcept { return ready_; }

private:
    pid_t child_ = 0;
    std::string ready_;
};

}  // namespace tollgate::trials
