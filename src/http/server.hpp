// Listeners, cores and connections: bytes in, bytes out. Knows no realm and no route.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "http/realm.hpp"
#include "http/reply.hpp"
#include "http/request.hpp"
#include "http/task.hpp"

namespace tollgate::http {

struct limits {
    std::size_t max_body = 1 << 20;                    // bytes; more: 413
    std::size_t max_header = 32 << 10;                 // bytes of all fields together; more: 431
    std::size_t max_header_count = 100;                // fields; more: 431
    std::size_t max_request_line = 8 << 10;            // bytes; more: 414
    std::size_t max_connections = 10000;               // accepted at once; more are closed at once
    std::chrono::milliseconds header_timeout{10'000};  // from the first byte; over: 408
    std::chrono::milliseconds body_timeout{30'000};    // over: 408
    std::chrono::milliseconds idle_timeout{75'000};    // between requests: closed in silence
    std::chrono::milliseconds write_timeout{30'000};   // per write; over: closed
};

struct tls_files {
    std::string certificate;  // PEM chain; empty = plain HTTP
    std::string private_key;
};

// A bound listener, as every request that came by it knows it.
struct listener_info {
    site at = site::shared;
    bool tls = false;
    bool loopback = true;        // bound to loopback addresses only
    std::string host;            // as configured: "localhost", "127.0.0.1", "0.0.0.0", "[::1]"
    unsigned short port = 0;     // as bound
    unsigned short as_port = 0;  // of the listener pair: what URLs name
    unsigned short mcp_port = 0;
    std::string realm;  // set: this listener serves that realm alone (isolation "port")
};

// Whole answer to one request. Must not throw; what it does throw becomes a bare 500 and a log
// line. Runs on the connection's executor.
using service =
    std::function<task<reply>(request const&, listener_info const&, boost::asio::any_io_executor)>;

// Thrown at start-up: exit code 3.
struct cannot_bind : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// One io_context per core, each with its own acceptors (SO_REUSEPORT).
class server {
public:
    struct options {
        unsigned workers = 0;  // 0 = one per core
        http::limits limits;
        tls_files tls;
    };

    // Throws std::runtime_error when the TLS files cannot be used.
    explicit server(options o);
    ~server();

    // Opens `address` ("localhost:9100", "[::1]:0", "0.0.0.0:80") for `at`; a name binds what
    // the machine has of 127.0.0.1 and ::1, both on one port. Probes the port without
    // SO_REUSEPORT first. Throws cannot_bind with a sentence naming the port. May be called
    // while running, from any thread (realms with a port of their own); `prepare` then fills in
    // what only the caller knows (realm, pair of ports) before the first connection is accepted.
    std::shared_ptr<listener_info> listen(std::string const& address, site at,
                                          std::function<void(listener_info&)> const& prepare = {});
    // Stops accepting there; open connections finish. Any thread.
    void close(std::shared_ptr<listener_info> const& listener);

    // Serves until stop(). Blocks; runs `workers` threads (the calling one is one of them).
    void run(service s);
    // Polite end: closes acceptors, finishes busy connections, ends streams, waits up to
    // `grace`, then cuts. A second call cuts at once. Any thread. When no connection is left,
    // what others run on the cores has a second at most to end before run() returns.
    void stop(std::chrono::milliseconds grace);

    // An executor of one of the cores, for timers and owned background work. Valid before run().
    boost::asio::any_io_executor executor();
    std::size_t open_connections() const noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace tollgate::http
