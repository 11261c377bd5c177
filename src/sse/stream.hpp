// A bounded event stream: any thread pushes, one connection reads.
//
// Two ends. The `channel` is shared by those who have something to say; it knows no connection
// and outlives it. The body stream is owned by the connection, reads the channel on the
// connection's executor, and adds what a quiet stream needs: heartbeats, and asking from time
// to time whether it may still exist. A reader that is too slow loses its stream; it never
// makes anybody wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "base/task.hpp"
#include "http/message/reply.hpp"
#include "sse/event.hpp"

namespace tollgate::sse {

class reader;

// Thread-safe.
class channel : public std::enable_shared_from_this<channel> {
public:
    // False when the stream has ended, or ends now because more than its limit would be waiting.
    bool push(frame const& f);
    // What is waiting is still sent, then the farewell, then the end.
    void close() noexcept;
    bool is_open() const;

    // Only through open_stream().
    struct key;
    channel(key const&, boost::asio::any_io_executor home, std::size_t max_bytes,
            std::string farewell);

private:
    friend class reader;
    void wake_locked();  // lock_ is held
    std::optional<std::string> take();
    bool ended() const;
    void reader_gone() noexcept;

    mutable std::mutex lock_;
    boost::asio::any_io_executor home_;
    std::size_t max_bytes_;
    std::string farewell_;
    std::string waiting_;
    bool closed_ = false;
    bool gone_ = false;  // the reader: `home_` may not be used any more
    bool wake_posted_ = false;
    reader* reader_ = nullptr;  // used on home_ only
};

struct stream_options {
    // That wait unread; more: closed as a slow consumer. One message may be as big as it is.
    std::size_t max_bytes = 1 << 20;
    std::chrono::milliseconds heartbeat{15'000};
    std::chrono::milliseconds recheck{0};      // 0 = never
    std::function<task<bool>()> may_continue;  // asked every `recheck`; false ends the stream
    std::optional<frame> farewell;             // sent last when the server ends the stream
    std::function<void()> on_close;  // exactly once, on the connection's executor; must not throw
};

struct opened_stream {
    std::shared_ptr<sse::channel> channel;
    std::unique_ptr<http::body_stream> body;
};

// `home` is the connection's executor: a strand, or a context run by one thread.
opened_stream open_stream(boost::asio::any_io_executor home, stream_options options);

// A 200 with the headers that an event stream needs; `body` becomes its body.
http::reply stream_reply(std::unique_ptr<http::body_stream> body);
// A stream that says nothing and ends.
http::reply empty_stream_reply();

}  // namespace tollgate::sse
