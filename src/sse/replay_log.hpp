// Replay log of a few streams, for readers that come back: bounded by bytes, oldest first out.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "sse/event.hpp"

namespace tollgate::sse {

// Bytes that several logs share. Thread-safe.
class byte_budget {
public:
    explicit byte_budget(std::size_t most) noexcept : left_(most) {}
    bool take(std::size_t n) noexcept;
    void give_back(std::size_t n) noexcept { left_.fetch_add(n, std::memory_order_relaxed); }
    std::size_t left() const noexcept { return left_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::size_t> left_;
};

// Not thread-safe. Costs nothing while it is empty.
class replay_log {
public:
    using stream_number = std::uint32_t;

    // Holds at most `max_bytes`, of `shared`, which outlives the log.
    replay_log(std::size_t max_bytes, byte_budget& shared) noexcept
        : max_bytes_(max_bytes), shared_(shared) {}
    ~replay_log() { clear(); }
    replay_log(replay_log const&) = delete;
    replay_log& operator=(replay_log const&) = delete;

    // Event `number` of that stream; numbers of a stream grow by one. What is older goes where it
    // must; an event too big for the bounds is not kept, and leaves a gap that is noticed.
    void keep(stream_number stream, std::uint64_t number, frame const& f);

    struct replay {
        std::vector<frame> frames;
        bool complete = true;  // false: something after `number` is not here any more
    };
    // What was said on that stream after `number`; its newest event is `newest`.
    replay after(stream_number stream, std::uint64_t number, std::uint64_t newest) const;

    void forget(stream_number stream);
    void clear() noexcept;
    std::size_t bytes() const noexcept { return bytes_; }

private:
    struct entry {
        stream_number stream;
        std::uint64_t number;
        frame event;
    };
    static std::size_t cost(frame const& f) noexcept { return f.bytes().size() + sizeof(entry); }
    void drop_oldest() noexcept;

    std::size_t const max_bytes_;
    byte_budget& shared_;
    std::unique_ptr<std::deque<entry>> entries_;  // an empty deque is half a kilobyte
    std::size_t bytes_ = 0;
};

}  // namespace tollgate::sse
