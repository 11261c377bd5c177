// Housekeeping thread: signals, the sweeping of realms and the writing of their journals, beside
// the requests. A thread of its own, so that nothing of it delays a request or keeps a core from
// ending.
#pragma once

#include <functional>
#include <thread>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "control/realms/realm_registry.hpp"

namespace tollgate {

class housekeeping {
public:
    explicit housekeeping(control::realm_registry& realms);
    ~housekeeping();

    boost::asio::any_io_executor executor() noexcept { return io_.get_executor(); }

    // Something to do beside the requests from start() on, given up at the end. Once, before
    // start().
    void spawn(task<> work);
    // Something that can wait until the first requests have been answered; not done at all where
    // the end comes sooner. Once, before start(), and on this thread.
    void do_soon(std::function<void()> work);
    // `terminate` on every SIGINT and SIGTERM, `hangup` on SIGHUP; both are called on this
    // thread. The signals are caught from here on.
    void start(std::function<void()> terminate, std::function<void()> hangup);
    // Lets the signals go and ends the thread. Not from `terminate`.
    void end();

private:
    task<> watch_signals();
    task<> sweep_now_and_then();
    task<> keep_journals_now_and_then();
    task<> work_soon();

    control::realm_registry& realms_;
    boost::asio::cancellation_signal give_up_;  // outlives the work that obeys it
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::signal_set signals_{io_};
    boost::asio::steady_timer pause_{io_};
    boost::asio::steady_timer until_kept_{io_};
    boost::asio::steady_timer start_over_{io_};
    bool ending_ = false;  // this thread's
    std::function<void()> soon_;
    std::function<void()> terminate_;
    std::function<void()> hangup_;
    std::thread thread_;
};

}  // namespace tollgate
