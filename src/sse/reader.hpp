// Event stream reader: the connection's end of an event stream.
#pragma once

#include <boost/asio/steady_timer.hpp>

#include "sse/stream.hpp"

namespace tollgate::sse {

class reader final : public http::body_stream {
public:
    reader(boost::asio::any_io_executor home, stream_options options,
           std::shared_ptr<channel> source);
    ~reader() override;

    task<std::optional<std::string>> next() override;
    void close() noexcept override;

    // Ends the wait in next(). On the home executor.
    void wake();

private:
    using steady = std::chrono::steady_clock;

    task<void> ask_whether_to_continue();
    void finish() noexcept;

    // Of the options what a reader needs: one waits for each open stream.
    std::chrono::milliseconds const heartbeat_;
    std::chrono::milliseconds const recheck_;
    std::function<task<bool>()> const may_continue_;
    std::function<void()> const on_close_;
    std::shared_ptr<channel> source_;
    boost::asio::steady_timer timer_;
    steady::time_point next_heartbeat_;
    steady::time_point next_recheck_;
    bool finished_ = false;
};

}  // namespace tollgate::sse
