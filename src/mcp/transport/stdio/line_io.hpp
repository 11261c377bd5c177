// Lines from one descriptor and to another, without ever blocking the thread. Pipes, sockets,
// terminals and regular files.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"

namespace tollgate::mcp {

// A duplicate of a descriptor, non-blocking while it lives. The flag belongs to what is open and
// not to the descriptor, so that others see it, too: it is put back at the end.
class borrowed_descriptor {
public:
    borrowed_descriptor(boost::asio::any_io_executor const& executor, int descriptor);
    ~borrowed_descriptor();
    borrowed_descriptor(borrowed_descriptor const&) = delete;
    borrowed_descriptor& operator=(borrowed_descriptor const&) = delete;

    boost::asio::posix::stream_descriptor& stream() noexcept { return stream_; }

private:
    int const flags_;
    boost::asio::posix::stream_descriptor stream_;
};

class line_reader {
public:
    struct line {
        std::string text;       // without its end; empty when it was too long
        bool too_long = false;  // its end was found and nothing of it was kept
    };

    line_reader(boost::asio::any_io_executor const& executor, int descriptor, std::size_t longest);
    // The next line that is not empty; nothing when the input has ended. A last line needs no end.
    task<std::optional<line>> next();
    void cancel() noexcept;

private:
    std::optional<line> take();

    borrowed_descriptor from_;
    std::size_t const longest_;
    std::string seen_;
    std::size_t searched_ = 0;  // of seen_: no line end before
    bool skipping_ = false;     // the rest of a line that was too long
    bool ended_ = false;
};

class line_writer {
public:
    line_writer(boost::asio::any_io_executor const& executor, int descriptor);
    // Returns when the line is out, or at once while little is waiting: a slow reader makes those
    // wait who have much to say. False when nobody reads any more.
    task<bool> write(std::string text);
    // Returns when everything is out or given up, or `patience` is over. The last thing before the
    // end of a writer's life.
    task<void> drain(std::chrono::milliseconds patience);
    bool broken() const noexcept { return broken_; }
    // Calls `f` when a write fails: whoever waits for something to be read learns it only so.
    void when_broken(std::function<void()> f) { on_broken_ = std::move(f); }
    void cancel() noexcept;

private:
    task<void> write_all();

    borrowed_descriptor to_;
    boost::asio::steady_timer moved_;  // cancelled whenever lines went out
    std::function<void()> on_broken_;
    std::deque<std::string> waiting_;
    std::size_t bytes_ = 0;
    bool writing_ = false;
    bool broken_ = false;
};

}  // namespace tollgate::mcp
