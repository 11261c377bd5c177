#include "mcp/transport/stdio/line_io.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

namespace tollgate::mcp {

namespace asio = boost::asio;

namespace {

constexpr std::size_t piece = 64 << 10;
constexpr std::size_t much = 1 << 20;  // bytes that wait to be written

int duplicate_of(int descriptor) {
    int const copy = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    if (copy >= 0) return copy;
    throw boost::system::system_error(errno, boost::system::system_category());
}

std::string without_end(std::string line) {
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

}  // namespace

borrowed_descriptor::borrowed_descriptor(asio::any_io_executor const& executor, int descriptor)
    : flags_(::fcntl(descriptor, F_GETFL)), stream_(executor, duplicate_of(descriptor)) {
    stream_.non_blocking(true);
}

borrowed_descriptor::~borrowed_descriptor() {
    int const mine = stream_.release();
    ::fcntl(mine, F_SETFL, flags_);
    ::close(mine);
}

line_reader::line_reader(asio::any_io_executor const& executor, int descriptor, std::size_t longest)
    : from_(executor, descriptor), longest_(longest) {}

std::optional<line_reader::line> line_reader::take() {
    auto const end = seen_.find('\n', searched_);
    if (end == std::string::npos) {
        searched_ = seen_.size();
        if (seen_.size() > longest_) skipping_ = true;
        if (skipping_) {
            seen_.clear();
            searched_ = 0;
        }
        return std::nullopt;
    }
    line found;
    found.too_long = std::exchange(skipping_, false) || end > longest_;
    if (!found.too_long) found.text = without_end(seen_.substr(0, end));
    seen_.erase(0, end + 1);
    searched_ = 0;
    return found;
}

task<std::optional<line_reader::line>> line_reader::next() {
    for (;;) {
        auto found = take();
        if (!found && ended_) {
            if (seen_.empty() && !skipping_) co_return std::nullopt;
            seen_ += '\n';  // the last line has no end
            continue;
        }
        if (found && (found->too_long || !found->text.empty())) co_return found;
        if (found) continue;
        std::string bytes(piece, '\0');
        auto const space = asio::buffer(bytes);
        auto const token = asio::as_tuple(asio::use_awaitable);
        auto const [failed, n] = co_await from_.stream().async_read_some(space, token);
        seen_.append(bytes, 0, n);
        // A failure ends the input as its end does.
        ended_ = failed.failed();
    }
}

void line_reader::cancel() noexcept {
    ended_ = true;
    boost::system::error_code ignored;
    from_.stream().cancel(ignored);
}

line_writer::line_writer(asio::any_io_executor const& executor, int descriptor)
    : to_(executor, descriptor), moved_(executor, asio::steady_timer::time_point::max()) {}

task<bool> line_writer::write(std::string text) {
    if (broken_) co_return false;
    text += '\n';
    bytes_ += text.size();
    waiting_.push_back(std::move(text));
    if (!writing_) {
        writing_ = true;
        // Of its own: whoever speaks may be cancelled, a line that was begun must be finished.
        // drain() waits for it.
        asio::co_spawn(to_.stream().get_executor(), write_all(), asio::detached);
    }
    while (bytes_ > much && !broken_) {
        auto const token = asio::as_tuple(asio::use_awaitable);
        co_await moved_.async_wait(token);
        auto const state = co_await asio::this_coro::cancellation_state;
        // The line goes out all the same.
        if (state.cancelled() != asio::cancellation_type::none) break;
    }
    co_return !broken_;
}

// One at a time, so that lines go out whole and in the order of their writing.
task<void> line_writer::write_all() {
    while (!waiting_.empty() && !broken_) {
        auto const& first = waiting_.front();
        auto const bytes = asio::buffer(first);
        auto const token = asio::as_tuple(asio::use_awaitable);
        auto const [failed, n] = co_await asio::async_write(to_.stream(), bytes, token);
        if (failed && !std::exchange(broken_, true) && on_broken_) on_broken_();
        bytes_ -= waiting_.front().size();
        waiting_.pop_front();
        moved_.cancel();
    }
    writing_ = false;
    moved_.cancel();
}

task<void> line_writer::drain(std::chrono::milliseconds patience) {
    auto const until = std::chrono::steady_clock::now() + patience;
    while (writing_ && std::chrono::steady_clock::now() < until) {
        asio::steady_timer soon(to_.stream().get_executor(), std::chrono::milliseconds(10));
        auto const token = asio::as_tuple(asio::use_awaitable);
        co_await soon.async_wait(token);
    }
}

void line_writer::cancel() noexcept {
    broken_ = true;
    boost::system::error_code ignored;
    to_.stream().cancel(ignored);
    moved_.cancel();
}

}  // namespace tollgate::mcp
