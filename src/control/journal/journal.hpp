// Journal: what happened in one realm, in order, bounded by bytes.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/task.hpp"
#include "control/journal/event.hpp"
#include "control/journal/event_batch.hpp"
#include "control/journal/event_blocks.hpp"
#include "control/journal/event_draft.hpp"
#include "control/journal/flows.hpp"

namespace tollgate::control {

// Which events are wanted; empty members want all.
struct event_filter {
    std::optional<event_type> type{};
    std::string endpoint{};
    std::string client_id{};
    std::string outcome{};  // of an exchange: its error, its status from 400 on, or "ok"
    std::string mcp_method{};

    bool wants(event_draft const& e) const noexcept;
    bool wants(packed_event const& e) const noexcept;
};

// What became of an event when it was recorded.
struct recorded_event {
    std::uint64_t seq = 0;
    std::string flow;
};

struct event_page {
    std::vector<event_ptr> events;
    std::uint64_t next = 1;     // what to ask for from then on
    std::uint64_t dropped = 0;  // from `since` on, for want of room
};

// Thread-safe.
class journal {
public:
    // More than `capacity` bytes push the oldest events out. 0: nothing is kept.
    explicit journal(std::size_t capacity) noexcept : capacity_(capacity), events_(capacity) {}

    bool on() const noexcept { return capacity_ != 0; }
    // Gives the event its number and, where it has none, its flow; wakes who waits. `peer`: where a
    // client is that does not say who it is.
    recorded_event record(event_draft const& e, std::string_view peer = {});
    // How the answer of that exchange got away.
    void note_delivery(std::uint64_t seq, delivery how) noexcept;
    // True from the next wanted event on. The journal keeps no hold of it.
    std::shared_ptr<std::atomic<bool> const> watch(event_filter wanted);
    // The flow that a request would belong to; empty for one that would begin a new one.
    std::string flow_of(http::exchange_facts const& known, std::string_view peer) const;
    // The wanted events from number `since` on; of all that are kept where it is 0 or 1.
    event_page read(std::uint64_t since, event_filter const& wanted) const;
    // The number of the next event.
    std::uint64_t next() const;
    // The number of the oldest event that is kept; next() where none is.
    std::uint64_t first() const;
    // The kept events from number `from` on, up to the first gap, and up to `most` bytes but for
    // one that alone is larger.
    event_batch batch(std::uint64_t from, std::size_t most) const;
    // How the answers of those exchanges got away, as far as they are still kept.
    std::vector<delivery> deliveries(std::vector<std::uint64_t> const& of) const;
    // Takes in events of an earlier process, those of a number that has been given left out; the
    // next event comes behind them. False, and then nothing is taken in, where it is no such batch.
    bool restore(event_batch const& b);
    // Returns when there is an event of that number or a later one, at the deadline, when wake() is
    // called, and when the caller was cancelled.
    task<void> wait_for(std::uint64_t number, std::chrono::steady_clock::time_point deadline,
                        boost::asio::any_io_executor on);
    // Whoever waits looks again.
    void wake();

private:
    struct waiter {
        waiter(boost::asio::any_io_executor e, std::chrono::steady_clock::time_point until)
            : timer(e, until) {}
        boost::asio::steady_timer timer;
    };

    void tell_watchers(event_draft const& e);
    void wake_locked();

    std::size_t const capacity_;
    mutable std::mutex mutex_;
    event_blocks events_;
    std::uint64_t next_ = 1;
    flows flows_;
    std::vector<std::weak_ptr<waiter>> waiting_;
    struct watched {
        event_filter wanted;
        std::weak_ptr<std::atomic<bool>> happened;
    };
    std::vector<watched> watched_;
};

}  // namespace tollgate::control
