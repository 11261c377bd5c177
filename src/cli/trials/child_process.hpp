// Child process: a program that is started in a process group of its own, so that Ctrl+C is for us
// and what the program starts can be ended with it.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tollgate::trials {

struct child_start {
    std::string program;                   // a path
    std::vector<std::string> arguments;    // the first is the name that it is called by
    std::vector<std::string> environment;  // "NAME=VALUE"
    bool silent_input = false;             // reads nothing, else what we read
    int output = -1;                       // its stdout; -1: ours
    int errors = -1;                       // its stderr; -1: ours
};

// Our own variables, "NAME=VALUE".
std::vector<std::string> own_environment();

class child_process {
public:
    explicit child_process(child_start how);
    // Ends it at once, with all that it started, if it has not ended.
    ~child_process();
    child_process(child_process const&) = delete;
    child_process& operator=(child_process const&) = delete;

    bool started() const noexcept { return id_ != 0; }
    void signal(int number) const;  // to its whole group
    // Blocks until it has ended, `limit` has passed or somebody gave up. Its status as waitpid
    // tells it; nothing where it has not ended.
    std::optional<int> wait(std::chrono::milliseconds limit, std::atomic<bool> const& give_up);
    // SIGKILL for its group; its status.
    int kill();

private:
    bool poll();

    pid_t id_ = 0;               // of the process and of its group; 0: it was not started
    std::optional<int> status_;  // once it has ended
};

}  // namespace tollgate::trials
