#include "support/redis_server.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include "support/process.hpp"
#include "support/waiting.hpp"

namespace test {

namespace {

constexpr unsigned short highest_port = 55'000;  // a cluster takes that + 10,000, too

// Debian's redis-tools has the program, which goes by the name that it is called; redis-server
// would come with a service of the system. Where neither is: a sentence.
std::string program_below(std::filesystem::path const& folder) {
    if (::access("/usr/bin/redis-check-rdb", X_OK) == 0) {
        auto const link = folder / "redis-server";
        std::error_code there;
        std::filesystem::create_symlink("/usr/bin/redis-check-rdb", link, there);
        return link.string();
    }
    for (auto const* path : {"/usr/bin/redis-server", "/usr/local/bin/redis-server"})
        if (::access(path, X_OK) == 0) return path;
    throw std::runtime_error(
        "this test needs redis-server, and there is none: apt-get install "
        "redis-tools (scripts/test does so)");
}

int connected_to(std::string const& path) {
    auto const s = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    std::strncpy(where.sun_path, path.c_str(), sizeof where.sun_path - 1);
    if (::connect(s, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0) return s;
    ::close(s);
    return -1;
}

}  // namespace

redis_server::redis_server(std::vector<std::string> more)
    : more_(std::move(more)), socket_((folder_.path() / "redis.sock").string()) {
    auto const given = std::ranges::find(more_, "--port");
    if (given != more_.end()) port_ = static_cast<unsigned short>(std::stoi(*(given + 1)));
    begin();
}

redis_server::~redis_server() {
    kill();
}

void redis_server::begin() {
    std::vector<std::string> words{program_below(folder_.path()),
                                   "--dir",
                                   folder_.path().string(),
                                   "--unixsocket",
                                   socket_,
                                   "--save",
                                   "",
                                   "--appendonly",
                                   "yes",
                                   "--appendfsync",
                                   "always",
                                   "--maxmemory-policy",
                                   "noeviction"};
    if (port_ == 0) words.insert(words.end(), {"--port", "0"});
    words.insert(words.end(), more_.begin(), more_.end());
    process_ = start_process(std::move(words), (folder_.path() / "log").string());
    if (!eventually([&] { return answers(); }))
        throw std::runtime_error("redis-server does not answer; its output is in " +
                                 folder_.path().string());
}

void redis_server::kill() {
    if (process_ < 0) return;
    ::kill(process_, SIGKILL);
    ::kill(process_, SIGCONT);
    ::waitpid(process_, nullptr, 0);
    process_ = -1;
}

void redis_server::freeze() {
    ::kill(process_, SIGSTOP);
}

void redis_server::thaw() {
    ::kill(process_, SIGCONT);
}

// It loads its data before; and one that asks for a password answers, too.
bool redis_server::answers() const {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == process_)
        throw std::runtime_error("redis-server ended; what it said is in " +
                                 folder_.path().string());
    auto const said = ask({"PING"});
    return !said.empty() && said.find("LOADING") == std::string::npos;
}

std::string redis_server::url() const {
    return "redis+unix://" + socket_;
}

std::string redis_server::url_as(std::string const& credentials) const {
    return "redis+unix://" + credentials + '@' + socket_;
}

std::string redis_server::ask(std::vector<std::string> const& words) const {
    auto const s = connected_to(socket_);
    if (s < 0) return {};
    std::string all = '*' + std::to_string(words.size()) + "\r\n";
    for (auto const& word : words)
        all += '$' + std::to_string(word.size()) + "\r\n" + word + "\r\n";
    std::string said;
    if (::send(s, all.data(), all.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(all.size())) {
        // Nothing follows: the server closes when it has answered.
        ::shutdown(s, SHUT_WR);
        char room[4096];
        for (ssize_t n = 0; (n = ::recv(s, room, sizeof room, 0)) > 0;)
            said.append(room, static_cast<std::size_t>(n));
    }
    ::close(s);
    return said;
}

unsigned short redis_server::free_port() {
    for (;;) {
        auto const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        bool const bound = ::bind(s, reinterpret_cast<sockaddr*>(&where), size) == 0 &&
                           ::getsockname(s, reinterpret_cast<sockaddr*>(&where), &size) == 0;
        ::close(s);
        auto const port = ntohs(where.sin_port);
        if (bound && port < highest_port) return port;
    }
}

}  // namespace test
