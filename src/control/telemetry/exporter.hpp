// Exporter: sends spans to a collector in batches, on a thread of its own, so that no request waits
// for it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "control/telemetry/span.hpp"
#include "http/client/client.hpp"

namespace tollgate::control {

class exporter {
public:
    struct options {
        std::string url;  // where to post
        http::header_list headers;
        std::chrono::milliseconds timeout{10'000};  // of one try
        std::chrono::milliseconds delay{1000};      // a batch is gathered for so long
        std::size_t queue = 2048;                   // more spans than that are dropped
        std::size_t batch = 512;
        unsigned tries = 5;
    };
    // `instance`: of this process.
    exporter(http::client& outbound, options o, std::string instance);
    ~exporter();

    void start();
    // From any thread. A span that finds the queue full is dropped and counted.
    void add(span s) noexcept;
    // Sends what is there, once, and ends the thread: within `grace`.
    void end(std::chrono::milliseconds grace);

private:
    task<> export_until_end();
    task<> deliver_or_drop(std::vector<span> batch);
    task<> deliver(std::vector<span> batch);
    task<bool> try_once(std::string const& body, std::size_t count, unsigned attempt);
    bool has_batch();
    std::vector<span> next_batch();
    void note_failure(std::string_view why);
    void note_success();
    void wake();

    http::client& client_;
    options const options_;
    std::string const instance_;
    std::mutex mutex_;
    std::deque<span> queue_;
    std::atomic<bool> woken_{false};
    // Of the thread alone.
    boost::asio::cancellation_signal give_up_;
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    boost::asio::steady_timer pause_{io_};    // while a batch is gathered; a full one ends it
    boost::asio::steady_timer backoff_{io_};  // before the next try; that does not
    boost::asio::steady_timer last_moment_{io_};
    std::chrono::milliseconds next_pause_{0};
    std::size_t under_way_ = 0;
    bool ending_ = false;
    bool failing_ = false;
    std::thread thread_;
};

}  // namespace tollgate::control
