// How a connection ends: refusals, goodbyes, cuts, and the timer that brings them about.
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "http/relay/link.hpp"
#include "http/server/connection.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// How long and how much a refused peer may go on sending before it is cut.
constexpr auto linger_time = 1s;
constexpr std::size_t linger_bytes = 4 << 20;
constexpr std::size_t discard_at_once = 64 << 10;

}  // namespace

task<void> connection::refuse(refusal why) {
    reply r(why.status, "text/plain; charset=utf-8", std::string(why.sentence) + "\n");
    r.headers.add("Cache-Control", "no-store");
    log(log_level::info, "request_refused",
        {{"peer", reader_.request().peer}, {"reason", why.sentence}});
    co_await send_whole(r, false);
}

task<void> connection::finish() {
    error_code ignored;
    if (polite_ && !cut_ && io_.tls() && !no_close_notify_) {
        due(steady::now() + linger_time);
        co_await io_.tls_shutdown(ignored);
        not_due();
    }
    if (polite_ && !cut_) io_.shutdown_send();
    if (polite_ && !cut_ && unread_) co_await discard_input();
    io_.close();
}

// Closing with unread input resets the connection, and the reset may overtake our answer.
task<void> connection::discard_input() {
    out_.resize(discard_at_once);
    expired_ = false;
    due(steady::now() + linger_time);
    std::size_t left = linger_bytes;
    error_code ec;
    while (!ec && !leaving()) {
        auto const n = co_await io_.socket().async_read_some(
            asio::buffer(out_), asio::redirect_error(asio::use_awaitable, ec));
        if (n >= left) break;
        left -= n;
    }
    not_due();
}

void connection::drain() noexcept {
    if (idle_) io_.cancel();
    if (stream_ != nullptr) stream_->close();
    if (link_ != nullptr) link_->ask_to_close();
    if (unread_) io_.cancel();
}

void connection::cut() noexcept {
    // First: what the next two lines wake looks at it.
    cut_ = true;
    io_.close();
    cancel_.emit(asio::cancellation_type::terminal);
}

void connection::ended() noexcept {
    ended_ = true;
    unlink();
    timer_.cancel();
}

void connection::due(steady::time_point when) {
    due_ = when;
    // The timer fires early then, and tick() arms it again: cheaper than moving it for each read.
    if (due_ >= armed_) return;
    armed_ = due_;
    timer_.expires_at(armed_);
    timer_.async_wait([self = shared_from_this()](error_code const& ec) { self->tick(ec); });
}

void connection::tick(error_code const& ec) {
    if (ec || ended_) return;
    armed_ = never;
    if (due_ == never) return;
    if (due_ > steady::now()) {
        due(due_);
        return;
    }
    // What is waited for ends with operation_aborted; expired_ says whose doing that was.
    due_ = never;
    expired_ = true;
    io_.cancel();
}

}  // namespace tollgate::http
