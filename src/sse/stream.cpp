#include "sse/stream.hpp"

#include <utility>

#include <boost/asio/post.hpp>

#include "base/metrics.hpp"
#include "sse/reader.hpp"

namespace tollgate::sse {

namespace {

metric slow_consumers(metric::kind::counter, "tollgate_sse_slow_consumers_total",
                      "Event streams closed because their reader was too slow");

}  // namespace

struct channel::key {};

channel::channel(key const&, boost::asio::any_io_executor home, std::size_t max_bytes,
                 std::string farewell)
    : home_(std::move(home)), max_bytes_(max_bytes), farewell_(std::move(farewell)) {}

bool channel::push(frame const& f) {
    std::lock_guard const hold(lock_);
    if (closed_ || gone_) return false;
    if (!waiting_.empty() && waiting_.size() + f.bytes().size() > max_bytes_) {
        // Half a conversation helps nobody: drop it all and let the client reconnect.
        waiting_.clear();
        farewell_.clear();
        closed_ = true;
        slow_consumers.add();
        wake_locked();
        return false;
    }
    waiting_ += f.bytes();
    wake_locked();
    return true;
}

void channel::close() noexcept {
    std::lock_guard const hold(lock_);
    if (closed_ || gone_) return;
    closed_ = true;
    waiting_ += std::exchange(farewell_, std::string());
    try {
        wake_locked();
    } catch (...) {
        // Out of memory: the reader sees `closed_` at its next heartbeat.
    }
}

bool channel::is_open() const {
    std::lock_guard const hold(lock_);
    return !closed_ && !gone_;
}

// Posting under the lock is what makes it safe: reader_gone() takes the lock, too, and runs
// while the executor is alive.
void channel::wake_locked() {
    if (gone_ || wake_posted_) return;
    wake_posted_ = true;
    boost::asio::post(home_, [self = shared_from_this()] {
        {
            std::lock_guard const hold(self->lock_);
            self->wake_posted_ = false;
        }
        if (self->reader_ != nullptr) self->reader_->wake();
    });
}

std::optional<std::string> channel::take() {
    std::lock_guard const hold(lock_);
    if (waiting_.empty()) return std::nullopt;
    return std::exchange(waiting_, std::string());
}

bool channel::ended() const {
    std::lock_guard const hold(lock_);
    return closed_ && waiting_.empty();
}

void channel::reader_gone() noexcept {
    reader_ = nullptr;
    std::lock_guard const hold(lock_);
    gone_ = true;
    waiting_.clear();
}

opened_stream open_stream(boost::asio::any_io_executor home, stream_options options) {
    auto farewell = options.farewell ? options.farewell->bytes() : std::string();
    auto shared =
        std::make_shared<channel>(channel::key(), home, options.max_bytes, std::move(farewell));
    auto body = std::make_unique<reader>(std::move(home), std::move(options), shared);
    return {std::move(shared), std::move(body)};
}

http::reply empty_stream_reply() {
    auto r = stream_reply(nullptr);
    return r;
}

http::reply stream_reply(std::unique_ptr<http::body_stream> body) {
    http::reply r(200);
    r.headers.add("Content-Type", "text/event-stream");
    // RFC 9111 §5.2.2.6: a proxy that compressed the stream would hold its events back.
    r.headers.add("Cache-Control", "no-store, no-transform");
    // Streamable HTTP 2026-07-28, "Receiving Messages": keeps nginx from holding events back.
    r.headers.add("X-Accel-Buffering", "no");
    r.stream = std::move(body);
    return r;
}

}  // namespace tollgate::sse
