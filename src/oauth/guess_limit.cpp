#include "oauth/guess_limit.hpp"

namespace tollgate::oauth {

bool guess_limit::open(std::string_view name, http::time_point now) {
    std::lock_guard const lock(mutex_);
    auto const* wrong = wrong_.find(name, now);
    return !wrong || *wrong < most;
}

void guess_limit::count(std::string_view name, http::time_point now) {
    std::lock_guard const lock(mutex_);
    if (auto* wrong = wrong_.find(name, now)) {
        ++*wrong;
        return;
    }
    wrong_.put(name, 1, now + length);
}

void guess_limit::reset() {
    std::lock_guard const lock(mutex_);
    wrong_.clear();
}

}  // namespace tollgate::oauth
