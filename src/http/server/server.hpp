// HTTP server: listeners, cores and connections. Bytes in, bytes out; knows no realm and no route.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"
#include "http/message/listener.hpp"
#include "http/message/listener_conduct.hpp"
#include "http/message/reply.hpp"
#include "http/message/request.hpp"
#include "http/net/tls.hpp"
#include "http/server/limits.hpp"

namespace tollgate::http {

struct relay_terms;

// Whole answer to one request. Must not throw; what it does throw becomes a bare 500 and a log
// line. Runs on the connection's executor.
using service =
    std::function<task<reply>(request const&, listener_info const&, boost::asio::any_io_executor)>;

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
    // Opens `address` for other instances of this server, which pass requests on, and lets requests
    // be passed on to them. Where it is, as HOST:PORT. Before run(). Throws cannot_bind.
    std::string listen_for_instances(std::string const& address,
                                     std::shared_ptr<relay_terms const> terms);
    // Answers what they have passed on, and does not pass it on again. Before run().
    void serve_passed(service s);
    // Stops accepting there; open connections finish. Any thread.
    void close(std::shared_ptr<listener_info> const& listener);

    // How connections of that listener are treated from now on; those that are there end, busy ones
    // after their answer. Returns when it is so. Any thread but those of the cores, one at a time.
    // Throws std::runtime_error with a sentence when the port cannot be had back, or TLS not be
    // made ready.
    void conduct(std::shared_ptr<listener_info> const& listener, listener_conduct how);

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
