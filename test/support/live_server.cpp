#include "support/live_server.hpp"

#include "support/waiting.hpp"

namespace test {

using namespace std::chrono_literals;

live_server::live_server(http::service s, http::server::options o, std::string const& address)
    : server_(std::move(o)), listener_(server_.listen(address, http::site::shared)) {
    thread_ = std::thread([this, s = std::move(s)]() mutable { server_.run(std::move(s)); });
}

live_server::~live_server() {
    if (!thread_.joinable()) return;
    server_.stop(0ms);
    server_.stop(0ms);
    thread_.join();
}

http::server::options live_server::small() {
    http::server::options o;
    o.workers = 2;
    return o;
}

std::chrono::milliseconds live_server::stop(std::chrono::milliseconds grace) {
    auto const start = std::chrono::steady_clock::now();
    server_.stop(grace);
    thread_.join();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start);
}

bool live_server::wait_for_connections(std::size_t n) const {
    return eventually([&] { return server_.open_connections() == n; });
}

}  // namespace test
