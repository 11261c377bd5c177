// Leave hooks: what an execution context is asked to let go of, so that it can run out of work.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include <boost/asio/execution_context.hpp>

namespace tollgate::http {

// A service of the context. Who keeps something on it that would keep it running for ever (a timer,
// a socket) says here how to end that; whoever runs the context calls run() when its own work is
// done. Thread-safe.
class leave_hooks : public boost::asio::execution_context::service {
public:
    static boost::asio::execution_context::id id;

    explicit leave_hooks(boost::asio::execution_context& context);
    static leave_hooks& of(boost::asio::execution_context& context);

    // `hook` must stay callable as long as the context lives; it may be called more than once.
    void add(std::function<void()> hook);
    void run();

    void shutdown() override;

private:
    std::mutex lock_;
    std::vector<std::function<void()>> hooks_;
};

}  // namespace tollgate::http
