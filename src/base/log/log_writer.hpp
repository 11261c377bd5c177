// Log writer: a thread, so that requests do not wait for the terminal or a full pipe.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace tollgate {

// Lines gather for some milliseconds in a bounded buffer, so that a busy server wakes the thread
// seldom. When the buffer is full, further lines are dropped and counted, and the count is written
// when there is room again.
class log_writer {
public:
    // Writes to `descriptor`, which stays the caller's.
    explicit log_writer(int descriptor, std::size_t capacity = 1 << 20);
    ~log_writer();  // what was gathered is written, if somebody reads it
    log_writer(log_writer const&) = delete;
    log_writer& operator=(log_writer const&) = delete;

    // `line` without its end. False when it was dropped.
    bool write(std::string_view line);
    // Returns when everything written before is out, the descriptor is broken, or its reader has
    // not read for a second.
    void flush();

private:
    void run();
    bool is_urgent() const { return ending_ || flushing_ || gathered_.size() > capacity_ / 2; }

    int const descriptor_;
    std::size_t const capacity_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable written_;
    std::string gathered_;
    std::uint64_t taken_ = 0;  // lines, since the start
    std::uint64_t done_ = 0;   // of these, written or given up
    std::uint64_t dropped_ = 0;
    bool idle_ = false;  // nothing gathered: the next line must wake the thread
    bool flushing_ = false;
    bool ending_ = false;
    std::atomic<bool> hurry_{false};  // wait for no reader any more
    std::thread thread_;              // last: it starts when everything else is there
};

}  // namespace tollgate
