#include "mcp/transport/stdio/jobs.hpp"

#include <algorithm>
#include <exception>
#include <iterator>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
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

stdio_jobs::stdio_jobs(asio::any_io_executor executor)
    : executor_(std::move(executor)), changed_(executor_, asio::steady_timer::time_point::max()) {}

void stdio_jobs::spawn(std::function<task<void>()> work, std::string id, bool streams,
                       bool modern) {
    running_.emplace_back();
    auto const self = std::prev(running_.end());
    self->id = std::move(id);
    self->streams = streams;
    self->modern = modern;
    auto done = [this, self](std::exception_ptr failed) {
        if (failed && !was_cancelled(failed))
            log(log_level::error, "stdio", {{"why", "a handler threw"}});
        running_.erase(self);
        changed_.cancel();
    };
    asio::co_spawn(executor_, work(), asio::bind_cancellation_slot(self->stop.slot(), done));
}

void stdio_jobs::cancel(std::string const& id) {
    for (auto at = running_.begin(); at != running_.end();) {
        auto const next = std::next(at);  // the job may end at once
        if (at->modern && at->id == id) at->stop.emit(asio::cancellation_type::terminal);
        at = next;
    }
}

void stdio_jobs::expect_no_answer(std::string const& id) {
    for (auto& j : running_) {
        if (!id.empty() && j.id == id) j.cancelled = true;
    }
}

bool stdio_jobs::expects_answer(std::string const& id) const {
    return std::ranges::none_of(running_, [&](job const& j) { return j.id == id && j.cancelled; });
}

void stdio_jobs::cancel_all() {
    for (auto at = running_.begin(); at != running_.end();) {
        auto const next = std::next(at);  // the job may end at once
        at->stop.emit(asio::cancellation_type::terminal);
        at = next;
    }
}

std::size_t stdio_jobs::under_way() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(running_, [](job const& j) { return !j.streams; }));
}

std::vector<std::string> stdio_jobs::streaming() const {
    std::vector<std::string> out;
    for (auto const& j : running_) {
        if (j.streams && !j.id.empty()) out.push_back(j.id);
    }
    return out;
}

task<void> stdio_jobs::next_end() {
    auto const token = asio::as_tuple(asio::use_awaitable);
    co_await changed_.async_wait(token);
}

}  // namespace tollgate::mcp
