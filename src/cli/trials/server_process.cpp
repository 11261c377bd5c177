#include "cli/trials/server_process.hpp"

#include <csignal>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace tollgate::trials {

namespace {

std::string read_line(int from) {
    std::string line;
    char c = 0;
    while (read(from, &c, 1) == 1) {
        if (c == '\n') return line;
        line += c;
    }
    return {};
}

}  // namespace

server_process::server_process(std::vector<std::string> arguments) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    std::vector<std::string> words{"tollgate", "serve", "--ready-json"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& w : words)
        pointers.push_back(w.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], 1);
    posix_spawnattr_t how;
    posix_spawnattr_init(&how);
    // A process group of its own: Ctrl+C is for us, and we end it when we are through with it.
    posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&how, 0);
    int const failed =
        posix_spawn(&child_, "/proc/self/exe", &files, &how, pointers.data(), environ);
    posix_spawnattr_destroy(&how);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    if (failed == 0) ready_ = read_line(ends[0]);
    if (failed != 0) child_ = 0;
    close(ends[0]);
}

server_process::~server_process() {
    if (child_ == 0) return;
    kill(child_, SIGTERM);
    int status = 0;
    waitpid(child_, &status, 0);
}

}  // namespace tollgate::trials
