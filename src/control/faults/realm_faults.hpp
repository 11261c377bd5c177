// The faults of a realm.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <shared_mutex>
#include <vector>

#include "base/clock.hpp"
#include "control/faults/fault.hpp"
#include "http/message/problem.hpp"

namespace tollgate::control {

class journal;

// Lets a fault whose trigger is `until` end with the next such event of that journal; one that was
// over stays so. For whoever gives it to a realm.
void watch_end(fault_settings& s, journal& in);

// Hangs on the realm. Thread-safe.
class realm_faults {
public:
    static constexpr std::size_t most_faults = 100;

    // `seed`: of the probability triggers.
    explicit realm_faults(std::uint64_t seed) noexcept : seed_(seed) {}

    // The faults, read once per request. Costs one relaxed load while there are none.
    bool has_faults() const noexcept { return count_.load(std::memory_order_acquire) != 0; }
    plan_ptr faults() const;
    // Gives the fault its id. 409 when there are too many.
    outcome<fault_ptr> add(fault_settings settings, time_point now);
    // How many went.
    std::size_t remove_if(std::function<bool(fault const&)> const& condition);

    // Requests to the token endpoint as they arrive, and those of them that a fault answered in the
    // place of the server, since the realm began or its authorization server was reset.
    struct token_requests {
        std::uint64_t all = 0;
        std::uint64_t faulted = 0;
    };
    void count_token_request() noexcept { token_requests_.fetch_add(1, std::memory_order_relaxed); }
    void count_faulted_token_request() noexcept {
        faulted_token_requests_.fetch_add(1, std::memory_order_relaxed);
    }
    token_requests counted_token_requests() const noexcept;
    void reset_token_requests() noexcept;

    // The faults of one moment, in which it is really `now`, with what they have counted, and the
    // counted requests to the token endpoint. Gates are none of them.
    struct image {
        std::vector<fault::image> faults;
        std::uint64_t next_id = 1;
        token_requests counted;
        time_point taken{};
    };
    image save(time_point now) const;
    // What was left of their time is left again at `now`. The image may be resumed again.
    static image resumed(image then, time_point now);
    // Those in the place of what there is; what they remember is theirs from then on.
    void load(image then);
    // Likewise after a restart: so are their ids, by which the random
    // sequences of their triggers go on.
    void restore(image then);

private:
    void publish(std::shared_ptr<fault_plan> next);
    void seed_effects(fault_settings const& s) const;

    std::uint64_t const seed_;

    // Not atomic<shared_ptr>: the one of libstdc++ 12 releases its lock without ordering, which
    // ThreadSanitizer reports as the race it is. Empty plans never get as far as the lock.
    mutable std::shared_mutex plan_mutex_;
    plan_ptr plan_;
    std::atomic<std::size_t> count_{0};
    std::atomic<std::uint64_t> next_id_{1};
    std::atomic<std::uint64_t> token_requests_{0};
    std::atomic<std::uint64_t> faulted_token_requests_{0};
};

}  // namespace tollgate::control
