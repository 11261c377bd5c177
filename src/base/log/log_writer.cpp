#include "base/log/log_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>

#include <poll.h>
#include <unistd.h>

namespace tollgate {

namespace {

constexpr std::chrono::milliseconds gather_for{5};
constexpr std::chrono::seconds flush_patience{1};

// A log that cannot be written is given up: it must not stop the server. Nor may a reader who
// does not read keep it from ending: a pipe that is ready takes PIPE_BUF bytes without blocking,
// and once `hurry` is set, one that is not ready is left.
void write_all(int descriptor, std::string_view bytes, std::atomic<bool> const& hurry) {
    while (!bytes.empty()) {
        pollfd ready{descriptor, POLLOUT, 0};
        if (::poll(&ready, 1, 100) == 0) {
            if (hurry.load()) return;
            continue;
        }
        auto const piece = std::min<std::size_t>(bytes.size(), PIPE_BUF);
        auto const n = ::write(descriptor, bytes.data(), piece);
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (n == 0 || (errno != EINTR && errno != EAGAIN && errno != EWOULDBLOCK)) {
            return;
        }
    }
}

}  // namespace

log_writer::log_writer(int descriptor, std::size_t capacity)
    : descriptor_(descriptor), capacity_(capacity), thread_([this] { run(); }) {}

log_writer::~log_writer() {
    {
        std::lock_guard const lock(mutex_);
        ending_ = true;
    }
    hurry_ = true;
    wake_.notify_one();
    thread_.join();
}

bool log_writer::write(std::string_view line) {
    bool wake = false;
    {
        std::lock_guard const lock(mutex_);
        if (gathered_.size() + line.size() + 1 > capacity_) {
            ++dropped_;
            return false;
        }
        bool const was_urgent = is_urgent();
        gathered_ += line;
        gathered_ += '\n';
        ++taken_;
        // The thread sleeps, or what has gathered cannot wait any longer; else it comes by itself.
        wake = idle_ || (!was_urgent && is_urgent());
        idle_ = false;
    }
    if (wake) wake_.notify_one();
    return true;
}

void log_writer::flush() {
    std::unique_lock lock(mutex_);
    flushing_ = true;
    wake_.notify_one();
    written_.wait_for(lock, flush_patience, [this, until = taken_] { return done_ >= until; });
    flushing_ = false;
}

void log_writer::run() {
    std::string batch;
    std::unique_lock lock(mutex_);
    for (;;) {
        idle_ = gathered_.empty();
        wake_.wait(lock, [this] { return ending_ || !gathered_.empty(); });
        idle_ = false;
        wake_.wait_for(lock, gather_for, [this] { return is_urgent(); });
        // Nothing to write: that is the end alone.
        if (gathered_.empty()) return;
        batch.clear();
        batch.swap(gathered_);
        if (dropped_ != 0) {
            batch += "log lines dropped: " + std::to_string(dropped_) + '\n';
            dropped_ = 0;
        }
        auto const until = taken_;
        // A descriptor that is slow holds up nobody who logs.
        lock.unlock();
        write_all(descriptor_, batch, hurry_);
        lock.lock();
        done_ = until;
        written_.notify_all();
    }
}

}  // namespace tollgate
