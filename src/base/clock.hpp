// Clock: time as a dependency, so that tests and faults can move it.
#pragma once

#include <atomic>
#include <chrono>
#include <string>

namespace tollgate {

using time_point = std::chrono::system_clock::time_point;

class clock {
public:
    virtual ~clock() = default;
    virtual time_point now() const noexcept = 0;
};

class system_clock final : public clock {
public:
    time_point now() const noexcept override { return std::chrono::system_clock::now(); }
};

// Stands still until it is moved. Safe to move from another thread.
class manual_clock final : public clock {
public:
    explicit manual_clock(time_point start = time_point(std::chrono::seconds(1'800'000'000)))
        : ticks_(start.time_since_epoch().count()) {}
    time_point now() const noexcept override {
        return time_point(time_point::duration(ticks_.load(std::memory_order_relaxed)));
    }
    void advance(time_point::duration by) noexcept {
        ticks_.fetch_add(by.count(), std::memory_order_relaxed);
    }

private:
    std::atomic<time_point::rep> ticks_;
};

// A clock that was set back counts as one that has moved on: better to ask once too often.
inline bool has_passed(std::chrono::seconds length, time_point since, time_point now) noexcept {
    return now < since || now - since >= length;
}

// "2027-01-15T08:00:00Z" (RFC 3339 §5.6, whole seconds, UTC).
std::string rfc3339(time_point t);

}  // namespace tollgate
