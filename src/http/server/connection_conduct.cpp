// Connections that are treated wrongly from their first byte on.
#include "http/server/connection_conduct.hpp"

#include "http/net/flawed_tls.hpp"
#include "http/server/connection.hpp"
#include "http/server/core.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

// Every wait is bounded.
constexpr auto longest_silence = 10min;

}  // namespace

conduct_ptr make_conduct(listener_conduct asked, listener_info const& listener,
                         std::shared_ptr<asio::ssl::context> own) {
    auto made = std::make_shared<connection_conduct>();
    auto seen = std::make_shared<listener_info>(listener);
    auto spared = std::make_shared<listener_info>(listener);
    bool const plain = asked.how == listener_conduct::manner::plain;
    made->sound = std::move(own);
    if (asked.expects_tls() && !made->sound) made->sound = make_sound_tls();
    if (asked.how == listener_conduct::manner::tls) made->flawed = make_flawed_tls(asked.flaw);
    seen->tls = made->sound != nullptr && !plain;
    spared->tls = made->sound != nullptr;
    made->asked = std::move(asked);
    made->listener = std::move(seen);
    made->spared = std::move(spared);
    return made;
}

bool acts_on_next(conduct_ptr const& c) {
    return c && (!c->asked.acts || c->asked.acts());
}

// True: it is served.
task<bool> connection::begin_wrongly() {
    using manner = listener_conduct::manner;
    auto const& asked = conduct_->asked;
    auto* tls = conduct_->sound.get();
    if (wronged_ && asked.how != manner::tls) {
        bool const served = co_await misbehave(asked.how);
        co_return served;
    }
    if (wronged_) tls = conduct_->flawed.get();
    no_close_notify_ = wronged_ && asked.flaw == tls_flaw::no_close_notify;
    if (tls == nullptr) co_return true;
    bool const ready = co_await handshake(*tls);
    if (ready || !wronged_) co_return ready;
    // The alert must arrive: closing with unread input would reset the connection before.
    io_.shutdown_send();
    co_await discard_input();
    co_return false;
}

task<bool> connection::misbehave(listener_conduct::manner how) {
    using manner = listener_conduct::manner;
    if (how == manner::serve || how == manner::plain) co_return true;
    if (how == manner::silent) co_await stay_silent(longest_silence);
    if (how == manner::cut_handshake) {
        idle_ = true;
        due(steady::now() + core_.shared().limits.header_timeout);
        std::string bytes(512, '\0');
        error_code ignored;
        co_await io_.read_some(asio::buffer(bytes), ignored);
        idle_ = false;
        not_due();
    }
    polite_ = how == manner::end;
    if (how == manner::reset || how == manner::cut_handshake) reset();
    co_return false;
}

// Says nothing, and drops what comes, until the peer goes or the time is over.
task<void> connection::stay_silent(std::chrono::milliseconds time) {
    std::string dropped(4096, '\0');
    error_code ec;
    expired_ = false;
    if (is_passed()) co_await ask_to_watch();
    // A drain ends it as it ends an idle connection.
    idle_ = true;
    due(steady::now() + time);
    while (!ec && !leaving())
        co_await io_.read_some(asio::buffer(dropped), ec);
    idle_ = false;
    expired_ = false;
    not_due();
}

void connection::retire() noexcept {
    retired_ = true;
    drain();
}

bool connection::is_sound() const noexcept {
    return !conduct_ || (!wronged_ && listener_->tls == door_->tls);
}

bool connection::leaving() const noexcept {
    return retired_ || core_.draining();
}

}  // namespace tollgate::http
