#include "cli/trials/server_process.hpp"

#include <chrono>
#include <csignal>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace tollgate::trials {

namespace {

using namespace std::chrono_literals;

constexpr auto start_limit = 60s;
constexpr auto polite_end = 15s;  // longer than server.drain_timeout unless that was changed
constexpr int look_up_ms = 50;    // how often it is looked whether somebody gave up

// The first line; "" when there is none, or somebody gave up before.
std::string read_line(int from, std::atomic<bool> const& give_up) {
    std::string line;
    auto const deadline = std::chrono::steady_clock::now() + start_limit;
    while (!give_up && std::chrono::steady_clock::now() < deadline) {
        pollfd waiting{from, POLLIN, 0};
        if (poll(&waiting, 1, look_up_ms) <= 0) continue;
        char c = 0;
        if (read(from, &c, 1) != 1) return {};
        if (c == '\n') return line;
        line += c;
    }
    return {};
}

std::vector<std::string> server_words(std::vector<std::string> const& arguments) {
    std::vector<std::string> words{"tollgate", "serve", "--ready-json"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

// The end of a new pipe to write to, which its other end is told of; -1: there is none.
int open_pipe(int (&ends)[2]) {
    return pipe2(ends, O_CLOEXEC) == 0 ? ends[1] : -1;
}

}  // namespace

server_process::server_process(std::vector<std::string> arguments, std::atomic<bool> const& give_up)
    : child_(
          {"/proc/self/exe", server_words(arguments), own_environment(), false, open_pipe(ends_)}) {
    if (ends_[1] >= 0) close(ends_[1]);
    if (child_.started() && ends_[0] >= 0) ready_ = read_line(ends_[0], give_up);
    if (ends_[0] >= 0) close(ends_[0]);
}

server_process::~server_process() {
    std::atomic<bool> const patient{false};
    child_.signal(SIGTERM);
    child_.wait(polite_end, patient);
}

}  // namespace tollgate::trials
