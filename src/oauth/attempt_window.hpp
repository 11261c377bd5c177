// So many attempts in a minute and no more: against guessing and flooding. Thread-safe.
#pragma once

#include <chrono>
#include <mutex>

#include "http/clock.hpp"

namespace tollgate::oauth {

class attempt_window {
public:
    explicit attempt_window(unsigned most) noexcept : most_(most) {}

    static constexpr std::chrono::seconds length{60};

    // There were fewer than `most` in the current window.
    bool open(http::time_point now) const {
        std::lock_guard const lock(mutex_);
        return count_ < most_ || now >= began_ + length;
    }
    void count(http::time_point now) {
        std::lock_guard const lock(mutex_);
        if (now >= began_ + length) {
            began_ = now;
            count_ = 0;
        }
        ++count_;
    }

private:
    unsigned const most_;
    mutable std::mutex mutex_;
    http::time_point began_{};
    unsigned count_ = 0;
};

}  // namespace tollgate::oauth
