#include "control/faults/realm_faults.hpp"

#include <string>
#include <string_view>
#include <utility>

#include "control/journal/journal.hpp"

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

void watch_end(fault_settings& s, journal& in) {
    auto& when = s.trigger;
    bool const watches = when.kind == trigger::kind::until || when.kind == trigger::kind::since;
    if (!watches || (when.over && *when.over)) return;
    when.over = in.watch(when.event);
}

plan_ptr realm_faults::faults() const {
    if (!has_faults()) return nullptr;
    std::shared_lock const lock(plan_mutex_);
    return plan_;
}

// The caller holds the lock.
void realm_faults::publish(std::shared_ptr<fault_plan> next) {
    auto const n = next->size();
    plan_ = n == 0 ? nullptr : plan_ptr(std::move(next));
    count_.store(n, std::memory_order_release);
}

void realm_faults::seed_effects(fault_settings const& s) const {
    std::size_t place = 0;
    for (auto const& e : s.effects)
        e->seed(mix(seed_, s.id + " effect " + std::to_string(place++)));
}

outcome<fault_ptr> realm_faults::add(fault_settings settings, time_point now) {
    settings.id = "f" + std::to_string(next_id_.fetch_add(1));
    if (settings.trigger.seed == 0) settings.trigger.seed = mix(seed_, settings.id);
    // A scenario, or the configuration, may have given the same to others.
    settings.effects = copies_of(settings.effects);
    seed_effects(settings);
    settings.made_at = now;
    auto made = std::make_shared<fault>(std::move(settings));
    std::scoped_lock const lock(plan_mutex_);
    // A new plan each time: requests under way go on with the one that they have read.
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

std::size_t realm_faults::remove_if(std::function<bool(fault const&)> const& condition) {
    std::scoped_lock const lock(plan_mutex_);
    if (!plan_) return 0;
    auto next = std::make_shared<fault_plan>(*plan_);
    auto const gone = std::erase_if(*next, [&](fault_ptr const& f) { return condition(*f); });
    publish(std::move(next));
    return gone;
}

realm_faults::token_requests realm_faults::counted_token_requests() const noexcept {
    return {token_requests_.load(std::memory_order_relaxed),
            faulted_token_requests_.load(std::memory_order_relaxed)};
}

void realm_faults::reset_token_requests() noexcept {
    token_requests_.store(0, std::memory_order_relaxed);
    faulted_token_requests_.store(0, std::memory_order_relaxed);
}

realm_faults::image realm_faults::save(time_point now) const {
    image all;
    all.next_id = next_id_.load();
    all.counted = counted_token_requests();
    all.taken = now;
    auto const plan = faults();
    if (!plan) return all;
    for (auto const& f : *plan)
        if (!f->expired(now) && f->settings().name != gate_fault) all.faults.push_back(f->save());
    return all;
}

realm_faults::image realm_faults::resumed(image then, time_point now) {
    auto const passed = now - then.taken;
    for (auto& one : then.faults) {
        one.settings.effects = copies_of(one.settings.effects);
        one.settings.made_at += passed;
        if (one.settings.expires_at) *one.settings.expires_at += passed;
    }
    then.taken = now;
    return then;
}

void realm_faults::restore(image then) {
    for (auto& one : then.faults) {
        one.settings.effects = copies_of(one.settings.effects);
        seed_effects(one.settings);
    }
    load(std::move(then));
}

void realm_faults::load(image then) {
    auto next = std::make_shared<fault_plan>();
    for (auto& one : then.faults)
        next->push_back(std::make_shared<fault>(std::move(one)));
    token_requests_.store(then.counted.all, std::memory_order_relaxed);
    faulted_token_requests_.store(then.counted.faulted, std::memory_order_relaxed);
    std::scoped_lock const lock(plan_mutex_);
    next_id_.store(then.next_id);
    publish(std::move(next));
}

}  // namespace tollgate::control
