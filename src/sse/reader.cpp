#include "sse/reader.hpp"

#include <algorithm>
#include <memory_resource>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace tollgate::sse {

namespace asio = boost::asio;

reader::reader(asio::any_io_executor home, stream_options options, std::shared_ptr<channel> source)
    : heartbeat_(options.heartbeat),
      recheck_(options.recheck),
      may_continue_(std::move(options.may_continue)),
      on_close_(std::move(options.on_close)),
      source_(std::move(source)),
      timer_(std::move(home)),
      next_heartbeat_(steady::now() + heartbeat_),
      next_recheck_(steady::now() + recheck_) {
    source_->reader_ = this;
}

reader::~reader() {
    finish();
}

task<std::optional<std::string>> reader::next() {
    bool const rechecks = recheck_.count() > 0 && may_continue_;
    for (;;) {
        auto const cancellation = co_await asio::this_coro::cancellation_state;
        if (cancellation.cancelled() != asio::cancellation_type::none) break;
        auto const now = steady::now();
        // First: a busy stream is asked about as often as a quiet one.
        if (rechecks && now >= next_recheck_ && !source_->ended()) {
            co_await ask_whether_to_continue();
            continue;
        }
        if (auto waiting = source_->take()) {
            next_heartbeat_ = now + heartbeat_;
            co_return waiting;
        }
        if (source_->ended()) break;
        if (now >= next_heartbeat_) {
            next_heartbeat_ = now + heartbeat_;
            co_return comment({}).bytes();
        }
        timer_.expires_at(rechecks ? std::min(next_heartbeat_, next_recheck_) : next_heartbeat_);
        // Nothing can be missed here: a push since take() has posted a wake, which runs on this
        // executor and therefore after the wait has begun.
        // As much memory as it needs: what Asio keeps at hand is larger, and most streams are idle.
        auto until_due = asio::as_tuple(
            asio::bind_allocator(std::pmr::polymorphic_allocator<>(), asio::use_awaitable));
        co_await timer_.async_wait(std::move(until_due));
    }
    finish();
    co_return std::nullopt;
}

// Events that arrive meanwhile wait for the answer; the one who answers has a time limit.
task<void> reader::ask_whether_to_continue() {
    next_recheck_ = steady::now() + recheck_;
    try {
        bool const go_on = co_await may_continue_();
        if (!go_on) source_->close();
    } catch (boost::system::system_error const& e) {
        // The peer went away while we asked: next() sees it.
        if (e.code() != asio::error::operation_aborted) throw;
    }
}

void reader::close() noexcept {
    source_->close();
}

void reader::wake() {
    timer_.cancel();
}

void reader::finish() noexcept {
    if (std::exchange(finished_, true)) return;
    source_->reader_gone();
    if (on_close_) on_close_();
}

}  // namespace tollgate::sse
