#include "mcp/transport/stdio/jobs.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <boost/system/system_error.hpp>

#include "base/log/log.hpp"

namespace tollgate::mcp {

namespace asio = boost::asio;

namespace {

bool was_cancelled(std::exception_ptr const& failed) {
    try {
        std::rethrow_exception(failed);
    } catch (boost::system::system_error const& e) {
        return e.code() == asio::error::operation_aborted;
    } catch (...) {
        return false;
    }
}

}  // namespace

stdio_jobs::stdio_jobs(asio::any_io_executor executor, std::size_t most_at_once)
    : executor_(std::move(executor)),
      most_at_once_(most_at_once),
      changed_(executor_, asio::steady_timer::time_point::max()) {}

void stdio_jobs::spawn(std::function<task<void>()> work, std::string id, bool streams,
                       bool modern) {
    auto& added = jobs_.emplace_back();
    added.id = std::move(id);
    added.work = std::move(work);
    added.streams = streams;
    added.modern = modern;
    if (streams) return start(std::prev(jobs_.end()));
    start_waiting();
}

void stdio_jobs::start(place which) {
    auto const work = std::exchange(which->work, {});
    auto done = [this, which](std::exception_ptr failed) {
        if (failed && !was_cancelled(failed))
            log(log_level::error, "stdio", {{"why", "a handler threw"}});
        forget(which);
        start_waiting();
    };
    auto stoppable = asio::bind_cancellation_slot(which->stop.slot(), done);
    // Bound to it, what stops the job comes after its first step. Boost 1.83 ends the program where
    // a coroutine is cancelled before.
    asio::co_spawn(executor_, work(), asio::bind_executor(executor_, stoppable));
}

// A job may end before start() returns, and calls this: the loop that runs goes on then.
void stdio_jobs::start_waiting() {
    if (starting_) return;
    starting_ = true;
    while (under_way() - waiting() < most_at_once_) {
        auto const next = std::ranges::find_if(jobs_, is_waiting);
        if (next == jobs_.end()) break;
        start(next);
    }
    starting_ = false;
}

void stdio_jobs::forget(place which) {
    jobs_.erase(which);
    wake();
}

void stdio_jobs::cancel(std::string const& id) {
    bool const before = std::exchange(starting_, true);  // none begins while the list is walked
    for (auto at = jobs_.begin(); at != jobs_.end();) {
        auto const next = std::next(at);  // the job may end at once
        bool const meant = at->modern && at->id == id;
        if (meant && at->work)
            forget(at);
        else if (meant)
            at->stop.emit(asio::cancellation_type::terminal);
        at = next;
    }
    starting_ = before;
    start_waiting();
}

void stdio_jobs::expect_no_answer(std::string const& id) {
    for (auto at = jobs_.begin(); at != jobs_.end();) {
        auto const next = std::next(at);
        bool const meant = !id.empty() && at->id == id;
        if (meant && at->work)
            forget(at);
        else if (meant)
            at->cancelled = true;
        at = next;
    }
}

bool stdio_jobs::expects_answer(std::string const& id) const {
    return std::ranges::none_of(jobs_, [&](job const& j) { return j.id == id && j.cancelled; });
}

void stdio_jobs::cancel_all() {
    jobs_.remove_if(is_waiting);
    wake();
    for (auto at = jobs_.begin(); at != jobs_.end();) {
        auto const next = std::next(at);  // the job may end at once
        at->stop.emit(asio::cancellation_type::terminal);
        at = next;
    }
}

std::size_t stdio_jobs::under_way() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(jobs_, [](job const& j) { return !j.streams; }));
}

std::size_t stdio_jobs::waiting() const {
    return static_cast<std::size_t>(std::ranges::count_if(jobs_, is_waiting));
}

std::vector<std::string> stdio_jobs::streaming() const {
    std::vector<std::string> out;
    for (auto const& j : jobs_) {
        if (j.streams && !j.id.empty()) out.push_back(j.id);
    }
    return out;
}

task<void> stdio_jobs::next_end() {
    auto const token = asio::as_tuple(asio::use_awaitable);
    co_await changed_.async_wait(token);
}

void stdio_jobs::wake() {
    changed_.cancel();
}

}  // namespace tollgate::mcp
