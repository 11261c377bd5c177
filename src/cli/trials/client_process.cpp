#include "cli/trials/client_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace tollgate::trials {

namespace {

using namespace std::chrono_literals;

constexpr auto often = 10ms;  // how often it is looked whether the client has ended
constexpr off_t longest_output = 2000;

// A file without a name, for what the client prints.
class print {
public:
    print() {
        char name[] = "/tmp/tollgate-client-XXXXXX";
        file_ = mkostemp(name, O_CLOEXEC);
        if (file_ >= 0) unlink(name);
    }
    ~print() {
        if (file_ >= 0) close(file_);
    }
    print(print const&) = delete;
    print& operator=(print const&) = delete;

    int file() const noexcept { return file_; }
    std::string end() const {
        if (file_ < 0) return {};
        auto const size = lseek(file_, 0, SEEK_END);
        auto const from = size > longest_output ? size - longest_output : 0;
        std::string text(static_cast<std::size_t>(size - from), '\0');
        auto const got = pread(file_, text.data(), text.size(), from);
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return text;
    }

private:
    int file_ = -1;
};

// In single quotes, for the shell.
std::string shell_quoted(std::string const& text) {
    std::string out = "'";
    for (char const c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

// Ours, and the variables that are set besides.
std::vector<std::string> environment_with(
    std::vector<std::pair<std::string, std::string>> const& variables) {
    std::vector<std::string> all;
    for (char** one = environ; *one != nullptr; ++one) {
        std::string const text = *one;
        bool replaced = false;
        for (auto const& [name, value] : variables)
            replaced = replaced || text.starts_with(name + '=');
        if (!replaced) all.push_back(text);
    }
    for (auto const& [name, value] : variables)
        all.push_back(name + '=' + value);
    return all;
}

// A process group of its own, so that what it starts ends with it. 0: it cannot be started.
pid_t start(std::string const& shell_line, std::vector<std::string> environment, int output) {
    std::string shell = "sh", flag = "-c", line = shell_line;
    char* arguments[] = {shell.data(), flag.data(), line.data(), nullptr};
    std::vector<char*> variables;
    for (auto& one : environment)
        variables.push_back(one.data());
    variables.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    posix_spawn_file_actions_adddup2(&files, output, 2);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&how, 0);
    pid_t child = 0;
    int const failed = posix_spawn(&child, "/bin/sh", &files, &how, arguments, variables.data());
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    return failed == 0 ? child : 0;
}

client_end end_of(int status) {
    client_end e;
    constexpr int by_signal = 128;  // what a shell adds to the number of a signal
    if (WIFSIGNALED(status)) {
        e.is = client_end::kind::crashed;
        e.exit = WTERMSIG(status);
    } else {
        e.exit = WEXITSTATUS(status);
        if (e.exit > by_signal) e.is = client_end::kind::crashed;
        // 126 and 127: the shell could not run it.
        if (e.exit == 126 || e.exit == 127) e.is = client_end::kind::not_started;
    }
    return e;
}

}  // namespace

client_end run_client(std::string const& command, std::string const& url,
                      std::vector<std::pair<std::string, std::string>> const& variables,
                      std::chrono::milliseconds timeout, std::atomic<bool> const& give_up) {
    print const output;
    client_end e;
    e.is = client_end::kind::not_started;
    auto const child = output.file() < 0 ? 0
                                         : start(command + ' ' + shell_quoted(url),
                                                 environment_with(variables), output.file());
    if (child == 0) {
        e.output = "it cannot be started";
        return e;
    }
    auto const deadline = std::chrono::steady_clock::now() + timeout;
    int status = 0;
    bool ended = false;
    bool late = false;
    while (!ended && !late) {
        ended = waitpid(child, &status, WNOHANG) == child;
        late = !ended && (give_up || std::chrono::steady_clock::now() >= deadline);
        if (!ended && !late) std::this_thread::sleep_for(often);
    }
    kill(-child, SIGKILL);
    if (!ended) waitpid(child, &status, 0);
    e = end_of(status);
    if (late) e.is = client_end::kind::timed_out;
    e.output = output.end();
    return e;
}

}  // namespace tollgate::trials
