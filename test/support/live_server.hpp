// A real http::server on a free port, run by its own thread.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <thread>

#include "http/server/server.hpp"

namespace test {

namespace http = tollgate::http;

class live_server {
public:
    explicit live_server(http::service s, http::server::options o = small(),
                         std::string const& address = "127.0.0.1:0");
    // Cuts what is still open.
    ~live_server();
    live_server(live_server const&) = delete;
    live_server& operator=(live_server const&) = delete;

    // Two cores, the default limits.
    static http::server::options small();

    unsigned short port() const noexcept { return listener_->port; }
    http::server& server() noexcept { return server_; }
    std::shared_ptr<http::listener_info> const& listener() const noexcept { return listener_; }
    // Drains and waits until run() has returned; how long that took.
    std::chrono::milliseconds stop(std::chrono::milliseconds grace);
    // Waits until that many connections are open; false when it does not happen in five seconds.
    bool wait_for_connections(std::size_t n) const;

private:
    http::server server_;
    std::shared_ptr<http::listener_info> listener_;
    std::thread thread_;
};

}  // namespace test
