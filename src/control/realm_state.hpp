// What the control plane keeps for a realm: how it was made, its scenario, its faults.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>

#include "control/fault.hpp"
#include "control/policy_patch.hpp"
#include "control/scenarios.hpp"
#include "http/clock.hpp"
#include "http/problem.hpp"

namespace tollgate::control {

using milliseconds = std::chrono::milliseconds;

// How a realm is reached besides the ways that every named realm has.
enum class isolation { origin, path, host, port, scenario_path };
std::string_view to_string(isolation way) noexcept;

// What the realm was made with. Never changes; a reset returns to it.
struct realm_birth {
    isolation way = isolation::path;
    std::string base;  // "", "/r/NAME" or "/s/SCENARIO/RUN"
    // Of an implicit one, the peer that asked for it (http::account); empty: nobody in particular.
    std::string founder{};
    scenario const* how = &plain_scenario();
    policy_patch policy;              // on top of the scenario's
    std::uint64_t seed = 0;           // of the probability triggers
    std::optional<milliseconds> ttl;  // since last use; nothing: lives for ever
    unsigned short as_port = 0;       // isolation::port
    unsigned short mcp_port = 0;
};

// Thread-safe.
class realm_state {
public:
    static constexpr std::size_t most_faults = 100;

    realm_state(realm_birth birth, http::time_point now);

    realm_birth const& birth() const noexcept { return birth_; }

    // The faults, read once per request. Costs one relaxed load while there are none.
    bool has_faults() const noexcept { return count_.load(std::memory_order_acquire) != 0; }
    plan_ptr faults() const;
    // Gives the fault its id. 409 when there are too many.
    outcome<fault_ptr> add(fault_settings settings, http::time_point now);
    // How many went.
    std::size_t remove_if(std::function<bool(fault const&)> const& condition);

    scenario const& current_scenario() const noexcept {
        return *scenario_.load(std::memory_order_relaxed);
    }
    void set_scenario(scenario const& s) noexcept {
        scenario_.store(&s, std::memory_order_relaxed);
    }

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

    // realms.ttl counts from the last use.
    void touch(http::time_point now) noexcept;
    http::time_point last_used() const noexcept;
    std::optional<http::time_point> expires_at() const noexcept;
    bool expired(http::time_point now) const noexcept;

    // Held by whoever reads a policy, changes it and writes it back. Never across a co_await.
    std::mutex& editing() noexcept { return editing_; }

private:
    void publish(std::shared_ptr<fault_plan> next);

    realm_birth const birth_;
    std::atomic<scenario const*> scenario_;
    std::atomic<http::time_point::rep> last_used_;
    std::mutex editing_;

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
