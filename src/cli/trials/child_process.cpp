#include "cli/trials/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace tollgate::trials {

namespace {

using namespace std::chrono_literals;

constexpr auto often = 10ms;  // how often it is looked whether a child has ended

// Pointers to the words and a null, as exec wants them.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (auto& word : words)
        all.push_back(word.data());
    all.push_back(nullptr);
    return all;
}

// What is done with the files of the child between fork and exec.
class file_actions {
public:
    explicit file_actions(child_start const& how) {
        posix_spawn_file_actions_init(&actions_);
        if (how.silent_input)
            posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
        if (how.output >= 0) posix_spawn_file_actions_adddup2(&actions_, how.output, 1);
        if (how.errors >= 0) posix_spawn_file_actions_adddup2(&actions_, how.errors, 2);
    }
    ~file_actions() { posix_spawn_file_actions_destroy(&actions_); }
    file_actions(file_actions const&) = delete;
    file_actions& operator=(file_actions const&) = delete;

    posix_spawn_file_actions_t const* get() const noexcept { return &actions_; }

private:
    posix_spawn_file_actions_t actions_{};
};

// A group of its own, and signals as a shell would leave them: we ignore SIGPIPE.
class attributes {
public:
    attributes() {
        posix_spawnattr_init(&how_);
        posix_spawnattr_setflags(&how_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
        posix_spawnattr_setpgroup(&how_, 0);
        sigset_t usual;
        sigemptyset(&usual);
        sigaddset(&usual, SIGPIPE);
        posix_spawnattr_setsigdefault(&how_, &usual);
    }
    ~attributes() { posix_spawnattr_destroy(&how_); }
    attributes(attributes const&) = delete;
    attributes& operator=(attributes const&) = delete;

    posix_spawnattr_t const* get() const noexcept { return &how_; }

private:
    posix_spawnattr_t how_{};
};

}  // namespace

std::vector<std::string> own_environment() {
    std::vector<std::string> all;
    for (char** one = environ; *one != nullptr; ++one)
        all.emplace_back(*one);
    return all;
}

child_process::child_process(child_start how) {
    file_actions const files(how);
    attributes const group;
    auto arguments = pointers_to(how.arguments);
    auto variables = pointers_to(how.environment);
    pid_t id = 0;
    int const failed = posix_spawn(&id, how.program.c_str(), files.get(), group.get(),
                                   arguments.data(), variables.data());
    if (failed == 0) id_ = id;
}

child_process::~child_process() {
    if (started() && !status_) kill();
}

void child_process::signal(int number) const {
    if (started()) ::kill(-id_, number);
}

bool child_process::poll() {
    int status = 0;
    if (!status_ && waitpid(id_, &status, WNOHANG) == id_) status_ = status;
    return status_.has_value();
}

std::optional<int> child_process::wait(std::chrono::milliseconds limit,
                                       std::atomic<bool> const& give_up) {
    if (!started()) return std::nullopt;
    auto const deadline = std::chrono::steady_clock::now() + limit;
    while (!poll()) {
        if (give_up || std::chrono::steady_clock::now() >= deadline) return std::nullopt;
        std::this_thread::sleep_for(often);
    }
    return status_;
}

int child_process::kill() {
    signal(SIGKILL);
    int status = 0;
    while (!status_) {
        if (waitpid(id_, &status, 0) == id_)
            status_ = status;
        else if (errno != EINTR)
            status_ = 0;
    }
    return *status_;
}

}  // namespace tollgate::trials
