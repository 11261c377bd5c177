#include "support/process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/types.h>

#include <stdexcept>

extern char** environ;

namespace test {

int start_process(std::vector<std::string> words, std::string const& log) {
    words.insert(words.begin(), {"setpriv", "--pdeathsig", "KILL"});
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    // Sockets of programs of this process: their ports would stay open when they have ended.
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    pid_t process = -1;
    auto const error =
        posix_spawnp(&process, arguments[0], &files, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (error != 0) throw std::runtime_error("cannot start " + words[3]);
    return process;
}

}  // namespace test
