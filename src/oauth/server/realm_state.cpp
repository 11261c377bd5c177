#include "oauth/server/realm_state.hpp"

#include <utility>

namespace tollgate::oauth {

realm_state::realm_state(policy p, std::vector<std::string> const& seeds,
                         std::shared_ptr<key_source> keys)
    : policy_(std::make_shared<policy const>(std::move(p))),
      seeds_(seeds.begin(), seeds.end()),
      keys_(std::move(keys)) {}

std::shared_ptr<policy const> realm_state::current() const {
    std::lock_guard const lock(mutex_);
    return policy_;
}

void realm_state::set(policy p) {
    auto next = std::make_shared<policy const>(std::move(p));
    std::lock_guard const lock(mutex_);
    // The old policy dies with `next`, after the lock.
    policy_.swap(next);
}

bool realm_state::is_waiting_seed(std::string_view digest) const {
    std::lock_guard const lock(mutex_);
    return seeds_.contains(digest);
}

void realm_state::add_seed(std::string digest) {
    std::lock_guard const lock(mutex_);
    seeds_.insert(std::move(digest));
}

void realm_state::drop_seed(std::string_view digest) {
    std::lock_guard const lock(mutex_);
    if (auto const found = seeds_.find(digest); found != seeds_.end()) seeds_.erase(found);
}

std::vector<std::string> realm_state::waiting_seeds() const {
    std::lock_guard const lock(mutex_);
    return {seeds_.begin(), seeds_.end()};
}

void realm_state::reset(policy p, std::vector<std::string> const& seeds) {
    auto next = std::make_shared<policy const>(std::move(p));
    std::lock_guard const lock(mutex_);
    // Likewise.
    policy_.swap(next);
    seeds_ = {seeds.begin(), seeds.end()};
}

realm_state::image realm_state::save() const {
    image now{nullptr, {}, keys_.save(), dpop_.save()};
    std::lock_guard const lock(mutex_);
    now.rules = policy_;
    now.seeds = seeds_;
    return now;
}

void realm_state::load(image then) {
    keys_.load(std::move(then.keys));
    dpop_.load(std::move(then.dpop));
    std::lock_guard const lock(mutex_);
    policy_.swap(then.rules);
    seeds_.swap(then.seeds);
}

}  // namespace tollgate::oauth
