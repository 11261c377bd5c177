// Answers that are sent wrongly on purpose: cut off, in small pieces, or no HTTP at all.
#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "http/server/connection.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;

task<bool> connection::send_wrongly(reply& r, bool keep) {
    auto const& how = r.delivery;
    auto const& asked = reader_.request();
    reply_frame frame;
    frame.version = asked.version;
    frame.keep_alive = keep && !how.cut;
    frame.date = core_.date();
    bool const bodiless = is_bodiless(r.status) || asked.method == verb::head;
    // The length of the whole: a client can tell that something is missing.
    if (!is_bodiless(r.status) && !r.stream) frame.length = r.body.size();
    std::string bytes;
    if (!how.instead.empty()) {
        bytes = how.instead;
    } else if (!how.cut || how.head) {
        append_head(bytes, r, frame);
        auto const most = how.cut ? how.body_bytes : r.body.size();
        if (!bodiless) bytes.append(r.body, 0, most);
    }
    auto const piece = how.piece == 0 ? bytes.size() : how.piece;
    auto const pause = how.pause;
    bool const sent = co_await send_in_pieces(std::move(bytes), piece, pause);
    bool const whole = sent && !how.cut && how.instead.empty();
    polite_ = whole;
    if (how.reset) reset();
    co_return whole&& keep;
}

task<bool> connection::send_in_pieces(std::string bytes, std::size_t piece,
                                      std::chrono::milliseconds pause) {
    asio::steady_timer timer(executor_);
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        if (at != 0 && pause.count() != 0) {
            timer.expires_after(pause);
            auto const token = asio::as_tuple(asio::use_awaitable);
            [[maybe_unused]] auto const done = co_await timer.async_wait(token);
        }
        if (cut_) co_return false;
        pieces const p{asio::buffer(bytes.data() + at, std::min(piece, bytes.size() - at)), {}};
        bool const sent = co_await write(p);
        if (!sent) co_return false;
    }
    co_return true;
}

// SO_LINGER of zero: closing the socket sends RST and drops what is not sent yet.
void connection::reset() noexcept {
    error_code ignored;
    io_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
}

}  // namespace tollgate::http
