// The part of a connection that sends a body while it is being made.
#include <array>
#include <charconv>
#include <exception>
#include <memory_resource>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "http/server/connection.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;

namespace {

metric streams_open(metric::kind::gauge, "tollgate_streams_open", "Streamed answers being sent.");

// Counts a stream for as long as it is sent.
struct counted {
    counted() { streams_open.add(1); }
    ~counted() { streams_open.add(-1); }
    counted(counted const&) = delete;
    counted& operator=(counted const&) = delete;
};

void append_chunk(std::string& out, std::string_view data) {
    std::array<char, 16> digits;
    auto const end = std::to_chars(digits.data(), digits.data() + digits.size(), data.size(), 16);
    out.append(digits.data(), end.ptr);
    out += "\r\n";
    out += data;
    out += "\r\n";
}

void log_failure(std::exception_ptr const& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (std::exception const& e) {
        log(log_level::error, "stream_threw", {{"what", e.what()}});
    } catch (...) {
        log(log_level::error, "stream_threw", {{"what", "not a std::exception"}});
    }
}

// nginx would hold events back.
void ask_for_no_buffering(reply& r) {
    if (media_type(r.headers.get("Content-Type")) == "text/event-stream")
        r.headers.set("X-Accel-Buffering", "no");
}

}  // namespace

connection::stream_frame connection::begin_head(reply& r, bool keep) {
    auto const& asked = reader_.request();
    reply_frame frame;
    frame.version = asked.version;
    frame.chunked = asked.version >= 11 && !no_close_notify_;  // else one knew its end by that
    // Its end cancels a read of watch(); a TLS stream is not used on after that.
    frame.keep_alive = keep && frame.chunked && !over_tls();
    frame.date = core_.date();
    bool const bodiless = is_bodiless(r.status) || asked.method == verb::head;
    if (bodiless) frame.chunked = frame.chunked && !is_bodiless(r.status);
    ask_for_no_buffering(r);
    out_.clear();
    append_head(out_, r, frame);
    if (r.wrongly) out_.insert(out_.size() - 2, r.wrongly->lines);
    return {bodiless, frame.chunked, frame.keep_alive};
}

// True when the stream came to its end and the connection can go on.
task<bool> connection::send_stream(reply& r, bool keep) {
    auto const frame = begin_head(r, keep);
    pieces const head{asio::buffer(out_), {}};
    auto const sent = co_await write(head);
    // A stream may be open all day: it keeps nothing that has been sent, nor what it was asked.
    r.headers = header_list();
    if (!sent || frame.bodiless) {
        polite_ = sent;
        co_return sent&& frame.keep_alive;
    }
    counted const one;
    std::string().swap(out_);
    reader_.let_go();
    begin_stream(*r.stream);
    if (is_passed()) co_await ask_to_watch();
    std::exception_ptr failure;
    if (io_.tls() || is_passed()) {
        failure = co_await pump_beside_watch(*r.stream, frame.chunked, r.wrongly.get());
    } else {
        await_input();
        try {
            co_await pump(*r.stream, frame.chunked, r.wrongly.get());
        } catch (...) {
            failure = std::current_exception();
        }
        stop_looking();
        // It was the stream that had to end with its peer, and not the connection.
        if (peer_gone_ && !cut_) co_await asio::this_coro::reset_cancellation_state();
    }
    stream_ = nullptr;
    if (failure && !peer_gone_ && !cut_) log_failure(failure);
    polite_ = stream_ended_;
    co_return stream_ended_&& frame.keep_alive && !leaving();
}

// Whichever ends first cancels the other, and both are awaited.
task<std::exception_ptr> connection::pump_beside_watch(body_stream& body, bool chunked,
                                                       reply_delivery const* how) {
    auto pump_work = pump(body, chunked, how);
    auto watch_work = watch();
    auto pumping = asio::co_spawn(executor_, std::move(pump_work), asio::deferred);
    auto watching = asio::co_spawn(executor_, std::move(watch_work), asio::deferred);
    auto both = asio::experimental::make_parallel_group(std::move(pumping), std::move(watching));
    asio::experimental::wait_for_one const first_ends_both;
    auto const result = co_await both.async_wait(first_ends_both, asio::use_awaitable);
    co_return std::get<1>(result);
}

// As watch() does for a plain socket, without a coroutine: two of them and their group weigh more
// than the rest of an idle stream.
void connection::await_input() {
    bool const full = !reader_.may_keep();
    auto ready = [self = shared_from_this(), turn = watch_, full](error_code const& ec) {
        if (turn != self->watch_ || self->cut_) return;
        // A write that took too long ends every wait on the socket, this one for nothing.
        if (full && ec != asio::error::operation_aborted)
            self->lose_peer();
        else
            self->look();
    };
    // As much memory as it needs: what Asio keeps at hand is larger, and this waits all day.
    std::pmr::polymorphic_allocator<> const exact;
    io_.socket().async_wait(full ? tcp::socket::wait_error : tcp::socket::wait_read,
                            asio::bind_allocator(exact, std::move(ready)));
}

void connection::stop_looking() noexcept {
    // What is on its way to look() finds that it is not asked any more.
    ++watch_;
    if (!cut_) io_.cancel();
}

void connection::look() {
    std::array<char, 512> bytes;
    error_code ec;
    while (!ec && reader_.may_keep()) {
        auto const n = io_.socket().read_some(asio::buffer(bytes), ec);
        reader_.keep(std::string_view(bytes.data(), n));
    }
    if (!ec || ec == asio::error::would_block || ec == asio::error::try_again)
        await_input();
    else
        lose_peer();
}

void connection::lose_peer() {
    peer_gone_ = true;
    cancel_.emit(asio::cancellation_type::terminal);
}

void connection::begin_stream(body_stream& body) noexcept {
    stream_ = &body;
    stream_ended_ = peer_gone_ = false;
    // A drain that began before found no stream to tell.
    if (leaving()) stream_->close();
}

task<void> connection::pump(body_stream& body, bool chunked, reply_delivery const* how) {
    for (;;) {
        auto const chunk = co_await body.next();
        // A chunk of no bytes would end a chunked body.
        if (chunk && chunk->empty()) continue;
        out_.clear();
        if (chunked && chunk)
            append_chunk(out_, *chunk);
        else if (chunked)
            out_ = "0\r\n\r\n";
        else if (chunk)
            out_ = *chunk;
        bool const sent = co_await send_chunk(how);
        std::string().swap(out_);
        if (!sent) co_return;
        if (!chunk) break;
    }
    stream_ended_ = true;
}

// What is in out_.
task<bool> connection::send_chunk(reply_delivery const* how) {
    if (how != nullptr && how->piece != 0 && how->paced != reply_delivery::part::head) {
        auto bytes = std::move(out_);
        bool const paced = co_await send_in_pieces(std::move(bytes), how->piece, how->pause);
        co_return paced;
    }
    pieces p{asio::buffer(out_), {}};
    error_code ec;
    if (io_.write_now(p, ec)) co_return !ec;
    bool const sent = co_await write(p);
    co_return sent;
}

// Returns when the peer is gone. What it sends meanwhile is kept for later, up to a bound;
// beyond that the peer has to wait, and only a reset is noticed.
task<void> connection::watch() {
    // Seldom anything comes, and every open stream has this one.
    std::array<char, 64> bytes;
    error_code ec;
    while (!ec && reader_.may_keep()) {
        auto const n = co_await io_.read_some(asio::buffer(bytes), ec);
        // Whoever passed the request on keeps the client's bytes; this one says: end politely.
        if (is_passed() && n != 0 && stream_ != nullptr) stream_->close();
        if (!is_passed()) reader_.keep(std::string_view(bytes.data(), n));
    }
    if (!ec) co_await io_.wait_for_error(ec);
    peer_gone_ = ec != asio::error::operation_aborted;
}

}  // namespace tollgate::http
