// Answers that are sent wrongly on purpose: cut off, in small pieces, with a frame that lies, or no
// HTTP at all.
#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/server/connection.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;

namespace {

std::string chunked(std::string_view body, std::size_t size) {
    std::string out;
    std::array<char, 16> digits;
    for (std::size_t at = 0; at < body.size(); at += size) {
        auto const piece = body.substr(at, size);
        auto* const end =
            std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16).ptr;
        out.append(digits.data(), end);
        out.append("\r\n").append(piece).append("\r\n");
    }
    return out += "0\r\n\r\n";
}

// The length of the whole, so that a client can tell that something is missing; or a wrong one.
std::size_t announced(reply const& r) {
    auto const wrong = static_cast<std::int64_t>(r.body.size()) + r.wrongly->length_error;
    return static_cast<std::size_t>(std::max<std::int64_t>(wrong, 0));
}

std::string body_of(reply const& r, bool in_chunks) {
    auto const& how = *r.wrongly;
    auto body = in_chunks ? chunked(r.body, how.chunk) : r.body;
    if (how.cut) body.resize(std::min(body.size(), how.body_bytes));
    return body + how.trailing;
}

}  // namespace

task<bool> connection::send_wrongly(reply& r, bool keep) {
    auto const& how = *r.wrongly;
    auto const& asked = reader_.request();
    if (r.stream && !how.ends()) {
        bool const streamed = co_await send_spoiled_stream(r, keep);
        co_return streamed;
    }
    reply_frame frame;
    frame.version = asked.version;
    frame.keep_alive = keep && !how.ends() && !no_close_notify_;
    frame.date = core_.date();
    bool const has_body = !is_bodiless(r.status) && !r.stream;
    bool const told = has_body && !no_close_notify_;  // where it ends
    frame.chunked = told && how.chunk != 0 && asked.version >= 11;
    if (told && !frame.chunked) frame.length = announced(r);
    std::string head = how.interim;
    std::string body;
    if (!how.instead.empty()) {
        head += how.instead;
    } else if (!how.cut || how.head) {
        append_head(head, r, frame);
        head.insert(head.size() - 2, how.lines);
        if (has_body && asked.method != verb::head) body = body_of(r, frame.chunked);
    }
    bool const sent = co_await send_parts(std::move(head), std::move(body), how);
    if (sent && how.hold.count() != 0) co_await stay_silent(how.hold);
    bool const all_of_it = how.head && !how.reset && how.body_bytes >= r.body.size();
    polite_ = sent && (!how.ends() || (how.cut && all_of_it));
    if (how.reset) reset();
    co_return sent&& frame.keep_alive;
}

// What goes before the head; the rest is as usual, but for its pace.
task<bool> connection::send_spoiled_stream(reply& r, bool keep) {
    auto const& how = *r.wrongly;
    auto before = how.interim;
    std::chrono::milliseconds const no_pause{0};
    bool const sent = co_await send_in_pieces(std::move(before), 0, no_pause);
    if (!sent) co_return false;
    bool const whole = co_await send_stream(r, keep);
    co_return whole;
}

task<bool> connection::send_parts(std::string head, std::string body, reply_delivery const& how) {
    using part = reply_delivery::part;
    auto const piece_of = [&how](part p) {
        return how.paced == part::all || how.paced == p ? how.piece : 0;
    };
    bool const together = how.paced == part::all && how.before_body.count() == 0;
    if (together) head += std::exchange(body, {});
    auto const head_piece = piece_of(part::head);
    bool const head_sent = co_await send_in_pieces(std::move(head), head_piece, how.pause);
    if (!head_sent) co_return false;
    if (how.before_body.count() != 0) co_await wait(how.before_body);
    auto const body_piece = piece_of(part::body);
    bool const body_sent = co_await send_in_pieces(std::move(body), body_piece, how.pause);
    co_return body_sent;
}

// `piece` 0: all at once.
task<bool> connection::send_in_pieces(std::string bytes, std::size_t piece,
                                      std::chrono::milliseconds pause) {
    auto const step = piece == 0 ? bytes.size() : piece;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        if (at != 0 && pause.count() != 0) co_await wait(pause);
        if (cut_) co_return false;
        pieces const p{asio::buffer(bytes.data() + at, std::min(step, bytes.size() - at)), {}};
        bool const sent = co_await write(p);
        if (!sent) co_return false;
    }
    co_return !cut_;
}

task<void> connection::wait(std::chrono::milliseconds time) {
    asio::steady_timer timer(executor_, time);
    auto const token = asio::as_tuple(asio::use_awaitable);
    [[maybe_unused]] auto const done = co_await timer.async_wait(token);
}

// SO_LINGER of zero: closing the socket sends RST and drops what is not sent yet.
void connection::reset() noexcept {
    reset_ = true;
    if (is_passed()) return;
    error_code ignored;
    io_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
}

}  // namespace tollgate::http
