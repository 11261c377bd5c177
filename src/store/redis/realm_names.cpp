#include "store/redis/realm_names.hpp"

#include <utility>

namespace tollgate::oauth::redis {

std::shared_ptr<void const> realm_names::hold(std::string const& realm) {
    std::lock_guard const lock(mutex_);
    ++writers_[realm];
    written_.insert(realm);
    auto leave = [this, realm](void const*) {
        std::lock_guard const leaving(mutex_);
        auto const found = writers_.find(realm);
        if (--found->second == 0) writers_.erase(found);
    };
    return {static_cast<void const*>(this), std::move(leave)};
}

bool realm_names::is_known(std::string const& realm) const {
    std::lock_guard const lock(mutex_);
    return known_.contains(realm);
}

void realm_names::learn(std::string const& realm) {
    std::lock_guard const lock(mutex_);
    known_.insert(realm);
}

bool realm_names::let_go(std::string const& realm) {
    std::lock_guard const lock(mutex_);
    if (writers_.contains(realm)) return false;
    known_.erase(realm);
    return true;
}

void realm_names::let_all_go() {
    std::lock_guard const lock(mutex_);
    known_.clear();
}

std::set<std::string> realm_names::take_written() {
    std::lock_guard const lock(mutex_);
    return std::exchange(written_, {});
}

}  // namespace tollgate::oauth::redis
