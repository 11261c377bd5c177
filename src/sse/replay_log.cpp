#include "sse/replay_log.hpp"

#include <utility>

namespace tollgate::sse {

bool byte_budget::take(std::size_t n) noexcept {
    auto left = left_.load(std::memory_order_relaxed);
    while (left >= n) {
        if (left_.compare_exchange_weak(left, left - n, std::memory_order_relaxed)) return true;
    }
    return false;
}

void replay_log::drop_oldest() noexcept {
    auto const n = cost(entries_->front().event);
    entries_->pop_front();
    bytes_ -= n;
    shared_.give_back(n);
}

void replay_log::keep(stream_number stream, std::uint64_t number, frame const& f) {
    auto const n = cost(f);
    if (n > max_bytes_) return;
    if (!entries_) entries_ = std::make_unique<std::deque<entry>>();
    while (bytes_ + n > max_bytes_)
        drop_oldest();
    // Only our own can go: what other sessions keep is under locks of their own.
    while (!shared_.take(n)) {
        if (entries_->empty()) return;
        drop_oldest();
    }
    bytes_ += n;
    entries_->push_back({stream, number, f});
}

replay_log::replay replay_log::after(stream_number stream, std::uint64_t number,
                                     std::uint64_t newest) const {
    replay out;
    auto expected = number + 1;
    if (entries_) {
        for (auto const& e : *entries_) {
            if (e.stream != stream || e.number <= number) continue;
            out.complete = out.complete && e.number == expected;
            expected = e.number + 1;
            out.frames.push_back(e.event);
        }
    }
    out.complete = out.complete && expected == newest + 1;
    return out;
}

void replay_log::forget(stream_number stream) {
    if (!entries_) return;
    std::erase_if(*entries_, [&](entry const& e) {
        if (e.stream != stream) return false;
        bytes_ -= cost(e.event);
        shared_.give_back(cost(e.event));
        return true;
    });
}

void replay_log::clear() noexcept {
    shared_.give_back(bytes_);
    bytes_ = 0;
    entries_.reset();
}

}  // namespace tollgate::sse
