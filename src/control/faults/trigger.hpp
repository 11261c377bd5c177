// Fault triggers: when a fault that matches also acts, purely by how often it has matched.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "control/faults/selector.hpp"
#include "control/journal/journal.hpp"

namespace tollgate::control {

struct trigger {
    enum class kind {
        always,
        next,
        nth,
        every,
        after,
        probability,
        script,
        first_per,
        between,
        until,
        since,
    };
    enum class per { token, client, session };

    trigger::kind kind = trigger::kind::always;
    std::uint64_t n = 0;       // next, nth, every, after
    double p = 0;              // probability
    std::uint64_t seed = 0;    // of probability: the same seed gives the same sequence
    std::vector<bool> script;  // true = fault; once it is over the fault is silent
    per key = per::token;      // first_per
    // between: since the fault was made.
    std::chrono::milliseconds from{0};
    std::chrono::milliseconds until{0};
    // until, since: this event of the journal.
    event_filter event{};
    std::shared_ptr<std::atomic<bool> const> over{};  // it has happened; set when a realm gets it
};

// `count` is the number of matching requests so far, this one included. Not for first_per,
// which remembers (first_seen), nor for between, which looks at the time.
bool fires(trigger const& t, std::uint64_t count) noexcept;

// between: from `from` on, until `until`.
bool is_within(trigger const& t, time_point::duration since_it_was_made) noexcept;

// What a first_per trigger looks at; empty when the request has none.
std::string const& key_of(trigger const& t, request_facts const& f) noexcept;
unsigned needs_of(trigger const& t) noexcept;

// The keys that a first_per trigger has met. Thread-safe, bounded: when it is full, new keys
// are no longer firsts.
class first_seen {
public:
    using keys = std::unordered_set<std::string>;

    first_seen() = default;
    explicit first_seen(keys met) : keys_(std::move(met)) {}
    bool insert(std::string const& key);
    keys all() const;

private:
    static constexpr std::size_t most = 10'000;
    mutable std::mutex mutex_;
    keys keys_;
};

}  // namespace tollgate::control
