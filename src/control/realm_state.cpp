#include "control/realm_state.hpp"

#include <algorithm>

namespace tollgate::control {

namespace {

// FNV-1a: the same realm seed and fault id give the same sequence on every machine.
std::uint64_t mix(std::uint64_t seed, std::string_view id) noexcept {
    auto h = 14695981039346656037ULL ^ seed;
    for (char const ch : id) {
        h ^= static_cast<unsigned char>(ch);
        h *= 1099511628211ULL;
    }
    return h;
}

}  // namespace

std::string_view to_string(isolation way) noexcept {
    switch (way) {
        case isolation::origin:
            return "origin";
        case isolation::path:
            return "path";
        case isolation::host:
            return "host";
        case isolation::port:
            return "port";
        case isolation::scenario_path:
            return "scenario";
    }
    return "path";
}

realm_state::realm_state(realm_birth birth, http::time_point now)
    : birth_(std::move(birth)), scenario_(birth_.how), last_used_(now.time_since_epoch().count()) {}

plan_ptr realm_state::faults() const {
    if (!has_faults()) return nullptr;
    std::shared_lock const lock(plan_mutex_);
    return plan_;
}

// The caller holds the lock.
void realm_state::publish(std::shared_ptr<fault_plan> next) {
    auto const n = next->size();
    plan_ = n == 0 ? nullptr : plan_ptr(std::move(next));
    count_.store(n, std::memory_order_release);
}

outcome<fault_ptr> realm_state::add(fault_settings settings, http::time_point now) {
    settings.id = "f" + std::to_string(next_id_.fetch_add(1));
    if (settings.when.seed == 0) settings.when.seed = mix(birth_.seed, settings.id);
    auto made = std::make_shared<fault>(std::move(settings));
    std::scoped_lock const lock(plan_mutex_);
    auto next = plan_ ? std::make_shared<fault_plan>(*plan_) : std::make_shared<fault_plan>();
    std::erase_if(*next, [&](fault_ptr const& f) { return f->expired(now); });
    if (next->size() >= most_faults) {
        return problem(
            409, "too_many_faults",
            "this realm has " + std::to_string(most_faults) + " faults already; delete some first");
    }
    next->push_back(made);
    publish(std::move(next));
    return made;
}

std::size_t realm_state::remove_if(std::function<bool(fault const&)> const& condition) {
    std::scoped_lock const lock(plan_mutex_);
    if (!plan_) return 0;
    auto next = std::make_shared<fault_plan>(*plan_);
    auto const gone = std::erase_if(*next, [&](fault_ptr const& f) { return condition(*f); });
    publish(std::move(next));
    return gone;
}

realm_state::token_requests realm_state::counted_token_requests() const noexcept {
    return {token_requests_.load(std::memory_order_relaxed),
            faulted_token_requests_.load(std::memory_order_relaxed)};
}

void realm_state::reset_token_requests() noexcept {
    token_requests_.store(0, std::memory_order_relaxed);
    faulted_token_requests_.store(0, std::memory_order_relaxed);
}

void realm_state::touch(http::time_point now) noexcept {
    // A busy realm writes the shared line once a second, not once a request.
    constexpr auto grain = http::time_point::duration(std::chrono::seconds(1)).count();
    auto const ticks = now.time_since_epoch().count();
    if (ticks - last_used_.load(std::memory_order_relaxed) >= grain) {
        last_used_.store(ticks, std::memory_order_relaxed);
    }
}

http::time_point realm_state::last_used() const noexcept {
    return http::time_point(http::time_point::duration(last_used_.load(std::memory_order_relaxed)));
}

std::optional<http::time_point> realm_state::expires_at() const noexcept {
    if (!birth_.ttl) return std::nullopt;
    return last_used() + *birth_.ttl;
}

bool realm_state::expired(http::time_point now) const noexcept {
    auto const end = expires_at();
    return end && *end <= now;
}

}  // namespace tollgate::control
