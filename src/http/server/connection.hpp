// Connection: one that was accepted. Requests in, replies out, in order, until a side has enough.
#pragma once

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list_hook.hpp>

#include "http/net/stream_io.hpp"
#include "http/server/connection_conduct.hpp"
#include "http/server/reply_head.hpp"
#include "http/server/request_reader.hpp"
#include "http/server/server.hpp"

namespace tollgate::http {

class core;
class relay_link;
struct passing_order;

using connection_hook =
    boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

// Belongs to one core and is touched by its thread alone. Shared with the handler of its timer.
class connection : public connection_hook, public std::enable_shared_from_this<connection> {
public:
    connection(core& home, tcp::socket socket, tcp::endpoint const& peer,
               std::shared_ptr<listener_info const> listener, conduct_ptr conduct, bool passed);

    // Serves the connection to its end. Throws only when it is cut.
    task<void> run();
    // Of a request that another instance has passed on, whose socket this is: serves that one.
    task<void> run_passed();
    // After run_passed(): the other one may send another request, on the socket that is given back.
    bool may_follow() const noexcept { return may_follow_; }
    tcp::socket release() noexcept { return io_.release(); }
    // Drain: an idle connection ends now, a busy one after its answer, a stream is told to close.
    void drain() noexcept;
    // Ends everything here and now: the work of the handler is cancelled, the socket closed.
    void cut() noexcept;
    // As drain(), for this connection alone: its listener is treated otherwise from now on.
    void retire() noexcept;
    bool came_by(std::shared_ptr<listener_info> const& l) const noexcept {
        return door_ == l.get();
    }
    // It is as one that is accepted when its listener is treated as it should be.
    bool is_sound() const noexcept;
    bool was_cut() const noexcept { return cut_; }
    // After run(): nothing of the connection is used any more but by its own timer.
    void ended() noexcept;
    boost::asio::cancellation_slot slot() noexcept { return cancel_.slot(); }

private:
    using steady = std::chrono::steady_clock;
    static constexpr steady::time_point never = steady::time_point::max();
    enum class phase { none, idle, head, body };

    task<bool> handshake(boost::asio::ssl::context& with);
    // As its listener is to treat it (connection_conduct.cpp).
    task<bool> begin_wrongly();
    task<bool> misbehave(listener_conduct::manner how);
    task<void> stay_silent(std::chrono::milliseconds time);
    bool leaving() const noexcept;
    void say_plain_http_is_wrong();
    task<bool> receive();
    void enter(phase p);
    task<bool> receive_failed(phase during);
    task<bool> answer();
    task<reply> ask_service();
    task<bool> send(reply& r);
    // What can be sent without waiting is. Nothing: `rest` is to be awaited, and says whether the
    // connection goes on. No coroutine, whose frame would stay for as long as a stream does.
    std::optional<bool> begin_to_send(reply& r, task<bool>& rest);
    task<bool> send_left(pieces left, bool keep);
    // As another instance answers (connection_relay.cpp).
    enum class relayed { going, keep, over, not_mine, unreachable, unknown };
    task<bool> pass_on(reply& r);
    task<bool> send_otherwise(passing_order const& order);
    task<relayed> relay(passing_order const& order);
    task<relayed> carry(relay_link& link, bool watched);
    task<relayed> carry_watched(relay_link& link);
    relayed broken() noexcept;
    relayed end_as(std::uint32_t number) noexcept;
    bool is_passed() const noexcept { return passed_; }
    // The client's connection goes through TLS, here or where it was passed on.
    bool over_tls() const noexcept { return io_.tls() || (is_passed() && listener_->tls); }
    // Whoever passed the request on says from now on when the client goes.
    task<void> ask_to_watch();
    task<bool> send_whole(reply const& r, bool keep);
    // Without waiting. Nothing: `left` is still to be written, and sent_whole() told how that went.
    std::optional<bool> send_at_once(reply const& r, bool keep, pieces& left);
    bool sent_whole(bool sent, bool keep) noexcept;
    struct stream_frame {
        bool bodiless;
        bool chunked;
        bool keep_alive;
    };
    task<bool> send_stream(reply& r, bool keep);
    // Its head is in out_ then.
    stream_frame begin_head(reply& r, bool keep);
    void begin_stream(body_stream& body) noexcept;
    // As reply_delivery says (connection_delivery.cpp).
    task<bool> send_wrongly(reply& r, bool keep);
    task<bool> send_spoiled_stream(reply& r, bool keep);
    task<bool> send_parts(std::string head, std::string body, reply_delivery const& how);
    task<void> wait(std::chrono::milliseconds time);
    task<bool> send_chunk(reply_delivery const* how);
    task<bool> send_in_pieces(std::string bytes, std::size_t piece,
                              std::chrono::milliseconds pause);
    void reset() noexcept;
    // `how`: null when it is sent as it should be.
    task<void> pump(body_stream& body, bool chunked, reply_delivery const* how);
    task<std::exception_ptr> pump_beside_watch(body_stream& body, bool chunked,
                                               reply_delivery const* how);
    task<void> watch();
    void await_input();
    void look();
    void lose_peer();
    void stop_looking() noexcept;
    task<void> refuse(refusal why);
    // What write_now() has left over, within the write timeout.
    task<bool> write(pieces p);
    task<void> finish();
    task<void> discard_input();

    // One timer, re-armed only when something is due earlier than it fires.
    void due(steady::time_point when);
    void not_due() noexcept { due_ = never; }
    void tick(error_code const& ec);

    core& core_;
    stream_io io_;
    listener_info const* door_;  // of the listener that accepted it, to be compared
    conduct_ptr conduct_;        // of the listener; null: as it should be
    bool const wronged_;         // this one is treated so
    std::shared_ptr<listener_info const> listener_;
    bool const passed_;                             // by another instance, whose socket this is
    boost::asio::any_io_executor const& executor_;  // of the core
    request_reader reader_;
    boost::asio::steady_timer timer_;
    boost::asio::cancellation_signal cancel_;
    steady::time_point due_ = never;
    steady::time_point armed_ = never;
    std::string out_;                // bytes on their way out
    body_stream* stream_ = nullptr;  // while one is being sent
    relay_link* link_ = nullptr;     // while another instance answers
    std::uint32_t watch_ = 0;        // which stream look() is asked for
    phase phase_ = phase::none;
    bool expired_ = false;    // the timer has cancelled what was going on
    bool idle_ = false;       // nothing of a request is here
    bool peer_gone_ = false;  // noticed while streaming
    bool stream_ended_ = false;
    bool unread_ = false;  // the peer may still be sending what we refused
    bool polite_ = true;   // the end of the connection was agreed
    bool cut_ = false;
    bool ended_ = false;
    bool retired_ = false;
    bool no_close_notify_ = false;
    bool reset_ = false;        // what passed the request on is to reset its connection
    bool carried_any_ = false;  // of this answer something went to the client
    bool not_mine_ = false;     // the request that was passed here belongs elsewhere
    bool may_follow_ = false;
};

}  // namespace tollgate::http
