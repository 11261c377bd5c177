// A fault is data: which requests, when, at what point, and what happens. No handler knows it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/clock.hpp"
#include "control/faults/effects/effect.hpp"
#include "control/faults/selector.hpp"
#include "control/faults/trigger.hpp"

namespace tollgate::control {

// The name of the fault that a gate hangs in: it selects as a fault does, and changes nothing.
inline constexpr std::string_view gate_fault = "gate";

struct fault_settings {
    std::string id;
    std::string name;  // of the catalogue, or "raw"
    selector own;      // the named fault's own endpoint and grant
    selector select;   // what the creator added
    control::trigger trigger;
    std::vector<effect_ptr> effects;
    std::string station;   // of an exam, for which it is on; "": for none
    time_point made_at{};  // set when a realm gets it
    std::optional<time_point> expires_at;
    unsigned side = both_sides;
    boost::json::object params;      // as they were given, to be shown
    boost::json::array own_effects;  // likewise, of a fault without a name
};

// Some effects of a fault: a bit for each, in their order.
using effect_set = std::uint32_t;
static_assert(most_effects <= 32, "an effect_set has a bit for each effect");
constexpr bool has(effect_set some, std::size_t place) noexcept {
    return (some >> place & 1u) != 0;
}

// Immutable settings with counters of their own. Thread-safe.
class fault {
public:
    explicit fault(fault_settings s);

    // The fault with its counters at one moment, and one that goes on from there.
    struct image {
        fault_settings settings;
        std::uint64_t matched = 0;
        std::uint64_t fired = 0;
        first_seen::keys seen;
        std::optional<difference> nearest;
    };
    image save() const;
    explicit fault(image then);

    fault_settings const& settings() const noexcept { return settings_; }
    std::uint64_t matched() const noexcept { return matched_.load(std::memory_order_relaxed); }
    // On how many requests it has done something.
    std::uint64_t fired() const noexcept { return fired_.load(std::memory_order_relaxed); }
    bool expired(time_point now) const noexcept;
    // On for every request that the named fault is about: what a switch puts in.
    bool unconditional() const noexcept;

    unsigned needs() const noexcept { return needs_; }
    // Where its effects stand, together.
    unsigned seams() const noexcept { return seams_; }
    bool about(std::string_view endpoint) const noexcept;
    // Counts the request when it matches, and says which effects act on it: none when the fault
    // does not.
    effect_set hit(request_facts const& f, time_point now);
    unsigned seams_of(effect_set some) const noexcept;
    // It has done something to a request.
    void count_action() noexcept { fired_.fetch_add(1, std::memory_order_relaxed); }
    // The answer was none that its effects are about.
    void left_as_it_was(unsigned status);
    // The last request to one of its endpoints that it was not about.
    std::optional<difference> nearest() const;

private:
    effect_set effects_about(request_facts const& f) const;
    bool is_due(request_facts const& f, time_point now);
    void differ(difference d);

    fault_settings const settings_;
    unsigned const needs_;
    unsigned const seams_;
    std::atomic<std::uint64_t> matched_{0};
    std::atomic<std::uint64_t> fired_{0};
    first_seen seen_;
    mutable std::mutex nearest_mutex_;
    std::optional<difference> nearest_;
};

using fault_ptr = std::shared_ptr<fault>;
// Immutable once published; the first fault is the outermost.
using fault_plan = std::vector<fault_ptr>;
using plan_ptr = std::shared_ptr<fault_plan const>;

// The two points of the layer stack at which faults act.
enum class phase { raw, semantic };

// Raw unless it must know what only the guard or the parsed message reveals. Every fault acts at
// exactly one point of a request, so that the request counts once.
phase phase_of(fault const& f, bool guarded_route) noexcept;

// In the order in which they are asked about a request: those that act before the bearer guard
// first, and of the same point the one that was made first. The first that answers in the place of
// the server ends the row; what alters an answer does so from the last to the first.
fault_plan in_order(fault_plan const& plan);

// A fault, and those of its effects that act on a request.
struct acting_fault {
    fault_ptr fault;
    effect_set effects = 0;
};

// What the faults of a plan do to one request.
struct fault_hits {
    std::vector<acting_fault> before;  // in order; the last one may answer
    std::vector<acting_fault> after;   // outermost first
    bool empty() const noexcept { return before.empty() && after.empty(); }
};

// What the faults for that endpoint need to be told.
unsigned needs_of(fault_plan const& plan, phase at, std::string_view endpoint, bool guarded_route,
                  time_point now) noexcept;
// Counts and decides. A request that one fault answers is not seen by those further in.
fault_hits decide(fault_plan const& plan, phase at, request_facts const& f, bool guarded_route,
                  time_point now);

}  // namespace tollgate::control
