// A redis-server of its own for a test: Debian's program, on a socket in a folder that goes with
// it.
#pragma once

#include <string>
#include <vector>

#include "support/folder.hpp"

namespace test {

class redis_server {
public:
    // Started and answering, with an append-only file that is written for every change. `more`:
    // further words of its command line ("--requirepass", "x"). Fails the test, with a sentence,
    // where there is no redis-server.
    explicit redis_server(std::vector<std::string> more = {});
    ~redis_server();
    redis_server(redis_server const&) = delete;
    redis_server& operator=(redis_server const&) = delete;

    // "redis+unix:///tmp/…/redis.sock"
    std::string url() const;
    // With "user:password@".
    std::string url_as(std::string const& credentials) const;
    std::string const& socket() const noexcept { return socket_; }
    // Of `more`; 0: none.
    unsigned short port() const noexcept { return port_; }

    // As a person does with redis-cli: what the server answers, line by line.
    std::string ask(std::vector<std::string> const& words) const;

    void kill();    // at once, as by the machine
    void begin();   // again, with the data it has
    void freeze();  // it takes connections, and answers nobody
    void thaw();

    // A free port of 127.0.0.1 that is below what a cluster can use.
    static unsigned short free_port();

private:
    bool answers() const;

    folder folder_;
    std::vector<std::string> more_;
    std::string socket_;
    unsigned short port_ = 0;
    int process_ = -1;
};

}  // namespace test
