#include "app/housekeeping.hpp"

#include <csignal>
#include <exception>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

#include "base/log/log.hpp"
#include "http/client/pool.hpp"

namespace tollgate {

namespace {

constexpr auto result_of_wait = boost::asio::as_tuple(boost::asio::use_awaitable);
constexpr auto between_sweeps = std::chrono::seconds(10);
// What a process that is killed may lose of a journal, where nobody has read it.
constexpr auto between_journals = std::chrono::seconds(1);
// Long enough for whoever waits for the start to ask, short enough for nobody to be faster who logs
// in.
constexpr auto until_started = std::chrono::milliseconds(200);

// A task here ends by returning; an exception is a bug that must not go unseen.
void report(std::exception_ptr failure) {
    if (!failure) return;
    try {
        std::rethrow_exception(failure);
    } catch (boost::system::system_error const& e) {
        if (e.code() != boost::asio::error::operation_aborted)  // it was given up
            log(log_level::error, "housekeeping", {{"why", e.what()}});
    } catch (std::exception const& e) {
        log(log_level::error, "housekeeping", {{"why", e.what()}});
    }
}

}  // namespace

housekeeping::housekeeping(control::realm_registry& realms)
    : realms_(realms), work_(io_.get_executor()) {}

housekeeping::~housekeeping() {
    end();
}

void housekeeping::start(std::function<void()> terminate, std::function<void()> hangup) {
    terminate_ = std::move(terminate);
    hangup_ = std::move(hangup);
    for (int signal : {SIGINT, SIGTERM, SIGHUP})
        signals_.add(signal);
    auto watching = watch_signals();
    boost::asio::co_spawn(io_, std::move(watching), report);
    auto sweeping = sweep_now_and_then();
    boost::asio::co_spawn(io_, std::move(sweeping), report);
    if (realms_.is_lasting()) {
        auto keeping = keep_journals_now_and_then();
        boost::asio::co_spawn(io_, std::move(keeping), report);
    }
    thread_ = std::thread([this] { io_.run(); });
}

void housekeeping::spawn(task<> work) {
    // What the work asked others for must not keep this thread waiting for idle connections.
    auto done = [this](std::exception_ptr failure) {
        report(std::move(failure));
        http::client_pool::of(io_.get_executor()).close_all();
    };
    auto until_given_up = boost::asio::bind_cancellation_slot(give_up_.slot(), std::move(done));
    boost::asio::co_spawn(io_, std::move(work), std::move(until_given_up));
}

void housekeeping::do_soon(std::function<void()> work) {
    soon_ = std::move(work);
    auto waiting = work_soon();
    boost::asio::co_spawn(io_, std::move(waiting), report);
}

void housekeeping::end() {
    if (!thread_.joinable()) return;
    boost::asio::post(io_, [this] {
        // A wait that is over already is not cancelled: its handler looks at this.
        ending_ = true;
        signals_.cancel();
        pause_.cancel();
        until_kept_.cancel();
        start_over_.cancel();
        realms_.stop_waiting();
        give_up_.emit(boost::asio::cancellation_type::all);
        work_.reset();
    });
    thread_.join();
}

task<> housekeeping::watch_signals() {
    while (!ending_) {
        auto const caught = co_await signals_.async_wait(result_of_wait);
        auto const& [ec, signal] = caught;
        if (ec) co_return;
        if (signal == SIGHUP) {
            hangup_();
        } else {
            terminate_();
        }
    }
}

task<> housekeeping::work_soon() {
    start_over_.expires_after(until_started);
    auto const waited = co_await start_over_.async_wait(result_of_wait);
    if (!std::get<0>(waited) && !ending_) soon_();
}

task<> housekeeping::sweep_now_and_then() {
    while (!ending_) {
        pause_.expires_after(between_sweeps);
        auto const waited = co_await pause_.async_wait(result_of_wait);
        if (std::get<0>(waited)) co_return;
        co_await realms_.sweep();
    }
}

task<> housekeeping::keep_journals_now_and_then() {
    while (!ending_) {
        until_kept_.expires_after(between_journals);
        auto const waited = co_await until_kept_.async_wait(result_of_wait);
        if (std::get<0>(waited)) co_return;
        co_await realms_.keep_journals();
    }
}

}  // namespace tollgate
