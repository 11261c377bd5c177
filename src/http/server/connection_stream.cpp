// The part of a connection that sends a body while it is being made.
#include <array>
#include <charconv>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "http/server/connection.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;

namespace {

// Of the last chunk, until there is another one.
constexpr std::size_t kept_while_idle = 256;

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

// True when the stream came to its end and the connection can go on.
task<bool> connection::send_stream(reply& r, bool keep) {
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
    pieces const head{asio::buffer(out_), {}};
    auto const sent = co_await write(head);
    // A stream may be open all day: it keeps nothing that has been sent.
    r.headers = header_list();
    if (!sent || bodiless) {
        polite_ = sent;
        co_return sent&& frame.keep_alive;
    }
    counted const one;
    // An idle stream keeps no room for what it has sent.
    std::string().swap(out_);
    begin_stream(*r.stream);
    if (is_passed()) co_await ask_to_watch();

    // Whichever ends first cancels the other, and both are awaited.
    auto pump_work = pump(*r.stream, frame.chunked, r.wrongly.get());
    auto watch_work = watch();
    auto pumping = asio::co_spawn(executor_, std::move(pump_work), asio::deferred);
    auto watching = asio::co_spawn(executor_, std::move(watch_work), asio::deferred);
    auto both = asio::experimental::make_parallel_group(std::move(pumping), std::move(watching));
    asio::experimental::wait_for_one const first_ends_both;
    auto const result = co_await both.async_wait(first_ends_both, asio::use_awaitable);
    auto const& failure = std::get<1>(result);
    stream_ = nullptr;
    if (failure && !peer_gone_ && !cut_) log_failure(failure);
    polite_ = stream_ended_;
    co_return stream_ended_&& frame.keep_alive && !leaving();
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
        if (out_.capacity() > kept_while_idle) std::string().swap(out_);
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
