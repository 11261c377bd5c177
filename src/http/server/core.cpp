#include "http/server/core.hpp"

#include <netinet/tcp.h>

#include <algorithm>
#include <exception>
#include <limits>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/log/log.hpp"
#include "base/metrics.hpp"
#include "http/message/http_date.hpp"
#include "http/net/leave_hooks.hpp"

namespace tollgate::http {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

metric accepted(metric::kind::counter, "tollgate_connections_total", "Connections accepted.");
metric turned_away(metric::kind::counter, "tollgate_connections_refused_total",
                   "Connections closed at once because there were too many.");
metric connections(metric::kind::gauge, "tollgate_connections_open", "Connections open now.");

// After a failed accept (out of descriptors, say): trying on at once would only spin.
constexpr auto accept_pause = 100ms;
// Connections of other instances.
constexpr std::ptrdiff_t most_passed = 4'096;
// What connections that were cut get to unwind in.
constexpr auto unwind_time = 1s;

// A peer that vanished without a word acknowledges nothing, not even the heartbeats of its stream:
// the kernel gives up when that lasts as long as a write may take, and not after a quarter of an
// hour.
void notice_dead_peer(tcp::socket& s, std::chrono::milliseconds patience) {
    using user_timeout = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_USER_TIMEOUT>;
    auto const most = std::chrono::milliseconds(std::numeric_limits<int>::max());
    error_code ignored;
    s.set_option(user_timeout(static_cast<int>(std::min(patience, most).count())), ignored);
}

}  // namespace

// A listening socket of this core.
struct core::door {
    door(tcp::acceptor a, std::shared_ptr<listener_info> i)
        : acceptor(std::move(a)), pause(acceptor.get_executor()), info(std::move(i)) {}

    void close() {
        error_code ignored;
        closed = true;
        acceptor.close(ignored);
        pause.cancel();
    }

    tcp::acceptor acceptor;
    asio::steady_timer pause;
    std::shared_ptr<listener_info> info;
    conduct_ptr conduct;
    bool closed = false;
};

core::core(shared_state& shared)
    : shared_(shared),
      io_(1),
      guard_(io_.get_executor()),
      deadline_(io_),
      ordered_(io_.get_executor()) {}

core::~core() = default;

void core::run() {
    // One handler that throws must not take the other connections with it.
    for (;;) {
        try {
            io_.run();
            break;
        } catch (std::exception const& e) {
            log(log_level::error, "handler_threw", {{"what", e.what()}});
        }
    }
    // Idle sockets and timers of services go first, or the context would not run out of work.
    io_.restart();
    leave_hooks::of(io_).run();
    try {
        io_.run_until(linger_until_);
    } catch (std::exception const& e) {
        log(log_level::error, "handler_threw", {{"what", e.what()}});
    }
}

void core::open(tcp::acceptor acceptor, std::shared_ptr<listener_info> info) {
    auto at = std::make_shared<door>(std::move(acceptor), std::move(info));
    asio::post(ordered_, [this, at = std::move(at)]() mutable {
        // A realm may get a port of its own while the server ends.
        if (draining_) return;
        doors_.push_back(at);
        auto loop = accept_loop(std::move(at));
        asio::co_spawn(io_, std::move(loop), asio::detached);
    });
}

void core::close(std::shared_ptr<listener_info> const& info) {
    asio::post(ordered_, [this, info] {
        std::erase_if(doors_, [&](std::shared_ptr<door> const& d) {
            if (d->info != info) return false;
            d->close();
            return true;
        });
    });
}

void core::conduct(std::shared_ptr<listener_info> const& info, conduct_ptr how, bool keep_sound,
                   std::function<void()> done) {
    asio::post(ordered_, [this, info, how = std::move(how), keep_sound, done = std::move(done)] {
        for (auto const& d : doors_)
            if (d->info == info) d->conduct = how;
        for (auto at = connections_.begin(); at != connections_.end();) {
            auto& one = *at++;  // it may end at once
            if (one.came_by(info) && !(keep_sound && one.is_sound())) one.retire();
        }
        done();
    });
}

task<void> core::accept_loop(std::shared_ptr<door> at) {
    bool failing = false;
    for (;;) {
        tcp::endpoint peer;
        error_code ec;
        auto socket =
            co_await at->acceptor.async_accept(peer, asio::redirect_error(asio::use_awaitable, ec));
        if (at->closed) co_return;
        if (!ec) {
            failing = false;
            admit(std::move(socket), peer, at);
            continue;
        }
        // The peer left before it was accepted, which is no failure of ours.
        if (ec == asio::error::connection_aborted) continue;
        if (!failing) log(log_level::error, "accept_failed", {{"reason", ec.message()}});
        failing = true;
        at->pause.expires_after(accept_pause);
        co_await at->pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
        if (at->closed) co_return;
    }
}

void core::adopt(connection& one) {
    shared_.open.fetch_add(1, std::memory_order_relaxed);
    connections.add(1);
    connections_.push_back(one);
}

void core::admit_instance(tcp::socket socket) {
    if (std::distance(passed_.begin(), passed_.end()) >= most_passed) {
        turned_away.add();
        return;
    }
    auto one = std::make_shared<passed_session>(*this, std::move(socket));
    passed_.push_back(*one);
    auto life = one->run();
    auto const slot = one->slot();
    auto done = [one = std::move(one)](std::exception_ptr) { one->unlink(); };
    asio::co_spawn(io_, std::move(life), asio::bind_cancellation_slot(slot, std::move(done)));
}

void core::admit(tcp::socket socket, tcp::endpoint const& peer, std::shared_ptr<door> const& at) {
    if (at->info == shared_.instance_door) return admit_instance(std::move(socket));
    // Counted before it is compared: other cores accept at the same time.
    if (shared_.open.fetch_add(1, std::memory_order_relaxed) >= shared_.limits.max_connections) {
        shared_.open.fetch_sub(1, std::memory_order_relaxed);
        turned_away.add();
        return;
    }
    accepted.add();
    connections.add(1);
    notice_dead_peer(socket, shared_.limits.write_timeout);
    auto one =
        std::make_shared<connection>(*this, std::move(socket), peer, at->info, at->conduct, false);
    connections_.push_back(*one);
    auto life = one->run();
    auto const slot = one->slot();
    asio::co_spawn(io_, std::move(life),
                   asio::bind_cancellation_slot(
                       slot, [this, one = std::move(one)](std::exception_ptr failure) {
                           connection_over(*one, failure);
                       }));
}

void core::connection_over(connection& one, std::exception_ptr failure) {
    // A connection that is cut throws by design.
    if (failure && !one.was_cut()) {
        try {
            std::rethrow_exception(failure);
        } catch (std::exception const& e) {
            log(log_level::error, "connection_threw", {{"what", e.what()}});
        } catch (...) {
            log(log_level::error, "connection_threw");
        }
    }
    one.ended();
    shared_.open.fetch_sub(1, std::memory_order_relaxed);
    connections.add(-1);
    report_when_empty();
}

void core::drain(steady::time_point deadline) {
    asio::post(io_, [this, deadline] { start_drain(deadline); });
}

void core::start_drain(steady::time_point deadline) {
    draining_ = true;
    for (auto const& d : doors_)
        d->close();
    doors_.clear();
    for (auto& one : connections_)
        one.drain();
    for (auto& one : passed_)
        one.drain();
    deadline_.expires_at(deadline);
    deadline_.async_wait([this](error_code const& ec) {
        if (!ec) cut_sessions();
    });
    report_when_empty();
}

void core::cut() {
    asio::post(io_, [this] { cut_sessions(); });
}

void core::cut_sessions() {
    if (reported_) return;
    for (auto at = connections_.begin(); at != connections_.end();)
        // Moved on before: the end of a connection takes it out of the list.
        (at++)->cut();
    for (auto at = passed_.begin(); at != passed_.end();)
        (at++)->cut();
    deadline_.expires_after(unwind_time);
    deadline_.async_wait([this](error_code const& ec) {
        if (!ec && !reported_) {
            log(log_level::error, "sessions_stuck");
            report();
        }
    });
}

void core::report_when_empty() {
    if (draining_ && !reported_ && connections_.empty()) report();
}

void core::report() {
    reported_ = true;
    deadline_.cancel();
    shared_.core_drained();
}

// stop() only makes run() return here; what is left in the queue still runs, for a while.
void core::leave(steady::time_point linger_until) {
    asio::post(io_, [this, linger_until] {
        linger_until_ = linger_until;
        guard_.reset();
        io_.stop();
    });
}

std::string_view core::date() {
    auto const now = std::time(nullptr);
    if (now != date_at_) {
        date_at_ = now;
        date_ = http_date(now);
    }
    return date_;
}

}  // namespace tollgate::http
