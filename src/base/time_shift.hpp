// Time shift: how far one clock is set apart from another. Moved on, stopped, wrong on purpose.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "base/clock.hpp"

namespace tollgate {

// Thread-safe; reading takes no lock.
class time_shift {
public:
    using duration = time_point::duration;

    struct setting {
        duration offset{0};                // moved on by so much; counts while it is not frozen
        duration skew{0};                  // and shown wrong by so much
        std::optional<time_point> frozen;  // it stands here, without the skew
    };

    // What the clock shows when it is really `real`.
    time_point at(time_point real) const noexcept { return unskewed(real) + skew(); }
    // What it would show if it were not wrong.
    time_point unskewed(time_point real) const noexcept {
        auto const standing = frozen_.load(std::memory_order_acquire);
        if (standing != running) return time_point(duration(standing));
        return real + duration(offset_.load(std::memory_order_relaxed));
    }
    // The earliest of the two: what is over by then stays over when the skew is taken away.
    time_point earliest(time_point real) const noexcept {
        return unskewed(real) + std::min(skew(), duration(0));
    }
    duration skew() const noexcept { return duration(skew_.load(std::memory_order_relaxed)); }
    bool is_frozen() const noexcept { return frozen_.load(std::memory_order_relaxed) != running; }
    // Shows anything but the real time.
    bool is_moved() const noexcept {
        return is_frozen() || offset_.load(std::memory_order_relaxed) != 0 ||
               skew_.load(std::memory_order_relaxed) != 0;
    }

    // Moves it on, also where it stands. False, and nothing is done, when it would be further from
    // `real` than most_away.
    bool advance(duration by, time_point real);
    // Stops it, or lets it go on from where it stands.
    void freeze(bool on, time_point real);
    // In place of the earlier skew.
    void set_skew(duration by);
    // As if it had never been touched.
    void reset();

    setting current() const;
    // Shows what it showed when `then` was taken at `real_then`: it is set back by what has passed
    // since.
    void restore(setting const& then, time_point real_then, time_point real);

    static constexpr duration most_away = std::chrono::days(36'600);  // a century

private:
    static constexpr duration::rep running = duration::min().count();

    mutable std::mutex setting_;  // held by who changes it
    std::atomic<duration::rep> offset_{0};
    std::atomic<duration::rep> skew_{0};
    std::atomic<duration::rep> frozen_{running};
};

// A clock for what outlives the moment at which it was asked for. `real` must outlive it.
class shifted_clock final : public clock {
public:
    shifted_clock(std::shared_ptr<time_shift const> by, clock const& real) noexcept
        : by_(std::move(by)), real_(real) {}
    time_point now() const noexcept override { return by_->at(real_.now()); }

private:
    std::shared_ptr<time_shift const> by_;
    clock const& real_;
};

}  // namespace tollgate
