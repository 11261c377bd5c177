#include "server_process.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {

namespace {

std::string folder_of(pid_t pid) {
    return "/proc/" + std::to_string(pid);
}

// In the child: returns only where it failed.
void become(std::vector<std::string> const& command, int core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
    int const nowhere = open("/dev/null", O_RDWR);
    for (int stream = 0; stream < 3; ++stream)
        dup2(nowhere, stream);
    std::vector<char*> arguments;
    for (auto const& one : command)
        arguments.push_back(const_cast<char*>(one.c_str()));
    arguments.push_back(nullptr);
    execv(arguments[0], arguments.data());
}

std::int64_t cpu_nanoseconds_of(pid_t pid) {
    std::int64_t sum = 0;
    for (auto const& thread : std::filesystem::directory_iterator(folder_of(pid) + "/task")) {
        std::ifstream in(thread.path() / "schedstat");
        std::int64_t on_core = 0;
        // A thread that has just ended has none.
        if (in >> on_core) sum += on_core;
    }
    if (sum == 0) throw std::runtime_error("the kernel tells no CPU time of " + folder_of(pid));
    return sum;
}

}  // namespace

std::int64_t cpu_nanoseconds(std::vector<pid_t> const& pids) {
    std::int64_t sum = 0;
    for (auto const pid : pids)
        sum += cpu_nanoseconds_of(pid);
    return sum;
}

std::int64_t private_bytes(pid_t pid) {
    std::ifstream in(folder_of(pid) + "/smaps_rollup");
    std::int64_t sum = 0;
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("Private_")) sum += std::stoll(line.substr(line.find(':') + 1)) * 1024;
    if (sum == 0) throw std::runtime_error("the kernel tells no memory of " + folder_of(pid));
    return sum;
}

pid_t begin(std::vector<std::string> const& command, int core) {
    pid_t const pid = fork();
    if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (pid > 0) return pid;
    become(command, core);
    _exit(127);
}

bool has_ended(pid_t pid) {
    return waitpid(pid, nullptr, WNOHANG) == pid;
}

void end(pid_t pid) {
    kill(pid, SIGTERM);
    waitpid(pid, nullptr, 0);
}

}  // namespace bench
