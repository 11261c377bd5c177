#include "http/server/connection.hpp"

#include <utility>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "http/net/tls.hpp"
#include "http/relay/passing.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;

namespace {

// Up to this size a body is copied behind its head: one buffer is cheaper than two, and TLS
// makes one record of it.
constexpr std::size_t joined_body = 4 << 10;
constexpr std::size_t joined_body_tls = 16 << 10;
constexpr std::size_t keep_buffer = 64 << 10;

}  // namespace

connection::connection(core& home, tcp::socket socket, tcp::endpoint const& peer,
                       std::shared_ptr<listener_info const> listener, conduct_ptr conduct,
                       bool passed)
    : core_(home),
      io_(std::move(socket)),
      door_(listener.get()),
      conduct_(std::move(conduct)),
      wronged_(acts_on_next(conduct_)),
      listener_(!conduct_  ? std::move(listener)
                : wronged_ ? conduct_->listener
                           : conduct_->spared),
      passed_(passed),
      executor_(home.executor()),
      reader_(home.shared().limits, peer.address().to_string(), peer.address().is_loopback(),
              listener_->tls),
      timer_(home.io()) {}

task<void> connection::run() {
    bool open = true;
    if (conduct_)
        open = co_await begin_wrongly();
    else if (listener_->tls)
        open = co_await handshake(*core_.shared().tls);
    while (open) {
        open = co_await receive();
        if (open) open = co_await answer();
        if (open) reader_.next();
    }
    co_await finish();
}

task<bool> connection::handshake(asio::ssl::context& with) {
    io_.use_tls(with);
    // No request has come yet: a drain ends it as it ends an idle connection.
    idle_ = true;
    due(steady::now() + core_.shared().limits.header_timeout);
    error_code ec;
    co_await io_.handshake(ec);
    idle_ = false;
    not_due();
    if (!ec) co_return true;
    polite_ = false;
    log(log_level::debug, "tls_handshake_failed",
        {{"peer", reader_.request().peer}, {"reason", ec.message()}});
    if (spoke_plain_http(ec)) say_plain_http_is_wrong();
    co_return false;
}

void connection::say_plain_http_is_wrong() {
    constexpr std::string_view text = "This port speaks TLS: use https:// instead of http://.\n";
    std::string answer =
        "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\n"
        "X-Content-Type-Options: nosniff\r\nContent-Length: ";
    answer += std::to_string(text.size());
    answer += "\r\nConnection: close\r\n\r\n";
    answer += text;
    error_code ignored;
    // Without waiting: an empty send buffer has room for it.
    io_.socket().write_some(asio::buffer(answer), ignored);
    io_.shutdown_send();
}

// Reads until a request is whole. False: there is none, and the connection ends.
task<bool> connection::receive() {
    phase_ = phase::none;
    error_code ec;
    while (reader_.now() == request_reader::stage::head ||
           reader_.now() == request_reader::stage::body) {
        // Of a request that was passed on all is there, and its client was told so.
        if (reader_.take_expectation() && !is_passed()) {
            constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
            pieces const p{asio::buffer(go_on), {}};
            auto const sent = co_await write(p);
            if (!sent) co_return false;
        }
        idle_ = reader_.idle();
        // drain() cancels a read under way, and may have come when there was none.
        if (idle_ && leaving()) co_return false;
        enter(idle_ ? phase::idle
                    : (reader_.now() == request_reader::stage::head ? phase::head : phase::body));
        auto const room = reader_.room();
        asio::mutable_buffer const into(room.data(), room.size());
        auto const n = co_await io_.read_some(into, ec);
        idle_ = false;
        if (ec) {
            auto const go_on = co_await receive_failed(phase_);
            co_return go_on;
        }
        reader_.feed(n);
    }
    not_due();
    if (reader_.now() == request_reader::stage::ready) co_return true;
    unread_ = true;
    co_await refuse(reader_.why());
    co_return false;
}

// The limits count from the start of a phase, so that dribbling does not stretch them.
void connection::enter(phase p) {
    if (p == phase_) return;
    phase_ = p;
    expired_ = false;
    auto const& allowed = core_.shared().limits;
    auto const time = p == phase::idle   ? allowed.idle_timeout
                      : p == phase::head ? allowed.header_timeout
                                         : allowed.body_timeout;
    due(steady::now() + time);
}

task<bool> connection::receive_failed(phase during) {
    not_due();
    bool const late = std::exchange(expired_, false);
    if (late && during != phase::idle) {
        unread_ = true;
        refusal const why{408, during == phase::head ? "The request took too long to arrive."
                                                     : "The request body took too long to arrive."};
        co_await refuse(why);
    } else {
        // Whatever else failed was the peer's doing: nobody is there to say goodbye to.
        polite_ = late || leaving();
    }
    co_return false;
}

// Asks the service and writes what it says. True: the connection goes on.
task<bool> connection::answer() {
    reply r = co_await ask_service();
    if (cut_) co_return false;
    if (r.stream && order_in(r) != nullptr) {
        bool const passed = co_await pass_on(r);
        co_return passed;
    }
    task<bool> rest;
    auto const done = begin_to_send(r, rest);
    if (done) co_return *done;
    bool const go_on = co_await std::move(rest);
    if (r.on_sent) r.on_sent(polite_);
    co_return go_on;
}

// A service must not throw (server.hpp). One that does costs its peer a bare 500, and nobody else
// anything.
task<reply> connection::ask_service() {
    std::string what;
    try {
        auto const& serve = passed_ ? core_.shared().serve_passed : core_.shared().serve;
        auto work = serve(reader_.request(), *listener_, executor_);
        reply made = co_await std::move(work);
        co_return made;
    } catch (std::exception const& e) {
        what = e.what();
    } catch (...) {
        what = "not a std::exception";
    }
    if (!cut_) log(log_level::error, "service_threw", {{"what", what}});
    reply bare(500);
    co_return bare;
}

std::optional<bool> connection::begin_to_send(reply& r, task<bool>& rest) {
    bool const keep =
        reader_.keep_alive() && !leaving() && !iequals(r.headers.get("Connection"), "close");
    if (r.wrongly) {
        rest = send_wrongly(r, keep);
        return std::nullopt;
    }
    if (r.stream) {
        rest = send_stream(r, keep);
        return std::nullopt;
    }
    pieces left;
    auto const done = send_at_once(r, keep, left);
    if (!done)
        rest = send_left(left, keep);
    else if (r.on_sent)
        r.on_sent(polite_);
    return done;
}

task<bool> connection::send_left(pieces left, bool keep) {
    bool const sent = co_await write(left);
    co_return sent_whole(sent, keep);
}

task<bool> connection::send(reply& r) {
    task<bool> rest;
    auto const done = begin_to_send(r, rest);
    if (done) co_return *done;
    bool const go_on = co_await std::move(rest);
    if (r.on_sent) r.on_sent(polite_);
    co_return go_on;
}

task<bool> connection::send_whole(reply const& r, bool keep) {
    pieces left;
    auto const done = send_at_once(r, keep, left);
    if (done) co_return *done;
    bool const sent = co_await write(left);
    co_return sent_whole(sent, keep);
}

std::optional<bool> connection::send_at_once(reply const& r, bool keep, pieces& left) {
    auto const& asked = reader_.request();
    reply_frame frame;
    frame.version = asked.version;
    frame.keep_alive = keep && !no_close_notify_;
    frame.date = core_.date();
    bool const bodiless = is_bodiless(r.status);
    // RFC 9110 §8.6: 204 has none, and that of a 304 would have to be the length of its 200.
    if (!bodiless && !no_close_notify_) frame.length = r.body.size();
    out_.clear();
    append_head(out_, r, frame);
    if (!bodiless && asked.method != verb::head) {
        if (r.body.size() <= (io_.tls() ? joined_body_tls : joined_body))
            out_ += r.body;
        else
            left[1] = asio::buffer(r.body);
    }
    left[0] = asio::buffer(out_);
    error_code ec;
    // Most answers fit into the socket's buffer: then no timer is armed and nothing is awaited.
    if (!io_.write_now(left, ec)) return std::nullopt;
    return sent_whole(!ec, keep);
}

bool connection::sent_whole(bool sent, bool keep) noexcept {
    // One large answer must not hold its memory for as long as the connection idles.
    if (out_.capacity() > keep_buffer) std::string().swap(out_);
    if (!sent) polite_ = false;
    // Without close_notify nobody knows whether an answer is whole that ends with its connection.
    return sent && keep && !no_close_notify_;
}

task<bool> connection::write(pieces p) {
    due(steady::now() + core_.shared().limits.write_timeout);
    error_code ec;
    co_await io_.write(p, ec);
    not_due();
    expired_ = false;
    co_return !ec;
}

}  // namespace tollgate::http
