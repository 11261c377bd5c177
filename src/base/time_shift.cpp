#include "base/time_shift.hpp"

namespace tollgate {

bool time_shift::advance(duration by, time_point real) {
    std::lock_guard const lock(setting_);
    auto const next = unskewed(real) + by;
    if (next - real > most_away || real - next > most_away) return false;
    if (is_frozen()) {
        frozen_.store(next.time_since_epoch().count(), std::memory_order_release);
    } else {
        offset_.fetch_add(by.count(), std::memory_order_relaxed);
    }
    return true;
}

void time_shift::freeze(bool on, time_point real) {
    std::lock_guard const lock(setting_);
    if (on == is_frozen()) return;
    auto const shown = unskewed(real);
    if (on) {
        frozen_.store(shown.time_since_epoch().count(), std::memory_order_release);
    } else {
        // First: who finds it running must find where it goes on.
        offset_.store((shown - real).count(), std::memory_order_relaxed);
        frozen_.store(running, std::memory_order_release);
    }
}

void time_shift::set_skew(duration by) {
    std::lock_guard const lock(setting_);
    skew_.store(by.count(), std::memory_order_relaxed);
}

void time_shift::reset() {
    std::lock_guard const lock(setting_);
    skew_.store(0, std::memory_order_relaxed);
    offset_.store(0, std::memory_order_relaxed);
    frozen_.store(running, std::memory_order_release);
}

time_shift::setting time_shift::current() const {
    std::lock_guard const lock(setting_);
    setting s;
    s.offset = duration(offset_.load(std::memory_order_relaxed));
    s.skew = skew();
    auto const standing = frozen_.load(std::memory_order_relaxed);
    if (standing != running) s.frozen = time_point(duration(standing));
    return s;
}

void time_shift::restore(setting const& then, time_point real_then, time_point real) {
    std::lock_guard const lock(setting_);
    skew_.store(then.skew.count(), std::memory_order_relaxed);
    offset_.store((then.offset - (real - real_then)).count(), std::memory_order_relaxed);
    auto const standing = then.frozen ? then.frozen->time_since_epoch().count() : running;
    frozen_.store(standing, std::memory_order_release);
}

}  // namespace tollgate
