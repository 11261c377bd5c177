// Connection pool: idle outbound connections, one pool for every execution context.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "http/net/stream_io.hpp"

namespace tollgate::http {

class client_pool;

// What a client and the pools that hold its connections know of each other. Either may go first.
struct client_mark {
    std::mutex lock;
    std::set<client_pool*> pools;
};

// A service of the context, so that its sockets never outlive the reactor they belong to.
class client_pool : public boost::asio::execution_context::service {
public:
    static boost::asio::execution_context::id id;

    struct keeping {
        std::size_t idle_per_host = 8;
        std::chrono::seconds idle_for{30};
    };

    explicit client_pool(boost::asio::execution_context& context);

    // The pool of the context that `executor` belongs to.
    static client_pool& of(boost::asio::any_io_executor const& executor);

    // A connection that was put under `host` and is still quiet; the youngest, else nothing.
    std::unique_ptr<stream_io> take(client_mark const& owner, std::string const& host);
    void put(std::shared_ptr<client_mark> const& owner, std::string const& host,
             std::unique_ptr<stream_io> connection, keeping how,
             boost::asio::any_io_executor const& executor);
    // Closes what belongs to that client.
    void forget(client_mark const& owner);
    // Closes everything, so that no timer keeps the context running.
    void close_all();
    std::size_t size();

    void shutdown() override;

private:
    using steady = std::chrono::steady_clock;
    struct idle {
        std::shared_ptr<client_mark> owner;
        std::string host;
        std::unique_ptr<stream_io> connection;
        steady::time_point until;
    };

    void arm();
    void expire();

    std::mutex lock_;
    std::list<idle> idle_;                           // the oldest first
    std::set<std::shared_ptr<client_mark>> owners_;  // those that know this pool
    std::optional<boost::asio::steady_timer> timer_;
    bool armed_ = false;
};

}  // namespace tollgate::http
