// Realm state of the control plane beside the faults: how the realm was made, its scenario.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "control/input/policy_patch.hpp"
#include "control/scenarios/scenarios.hpp"
#include "http/message/problem.hpp"

namespace tollgate::control {

using milliseconds = std::chrono::milliseconds;

// How a realm is reached besides the ways that every named realm has.
enum class isolation { origin, path, host, port, scenario_path };
std::string_view to_string(isolation way) noexcept;

// What the realm was made with. Never changes; a reset returns to it.
struct realm_settings {
    isolation way = isolation::path;
    std::string base;        // "", "/r/NAME" or "/s/SCENARIO/RUN"
    std::string run{};       // of an implicit one
    std::string revision{};  // of a cell
    // Of an implicit one, the peer that asked for it (http::account); empty: nobody in particular.
    std::string founder{};
    control::scenario const* scenario = &plain_scenario();
    policy_patch policy;              // on top of the scenario's
    std::uint64_t seed = 0;           // of the probability triggers
    std::optional<milliseconds> ttl;  // since last use; nothing: lives for ever
    unsigned short as_port = 0;       // isolation::port
    unsigned short mcp_port = 0;
};

// Thread-safe.
class realm_state {
public:
    realm_state(realm_settings birth, time_point now);

    realm_settings const& birth() const noexcept { return birth_; }

    scenario const& current_scenario() const noexcept {
        return *scenario_.load(std::memory_order_relaxed);
    }
    void set_scenario(scenario const& s) noexcept {
        scenario_.store(&s, std::memory_order_relaxed);
    }

    // realms.ttl counts from the last use.
    void touch(time_point now) noexcept;
    time_point last_used() const noexcept;
    std::optional<time_point> expires_at() const noexcept;
    bool expired(time_point now) const noexcept;

    // Held by whoever reads a policy, changes it and writes it back. Never across a co_await.
    std::mutex& editing() noexcept { return editing_; }

private:
    realm_settings const birth_;
    std::atomic<scenario const*> scenario_;
    std::atomic<time_point::rep> last_used_;
    std::mutex editing_;
};

}  // namespace tollgate::control
