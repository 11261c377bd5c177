#include "store/realm_times.hpp"

#include <utility>

namespace tollgate::oauth {

void realm_times::keep(std::string_view realm, std::shared_ptr<time_shift const> by) {
    std::lock_guard const lock(mutex_);
    if (by) {
        by_realm_.insert_or_assign(std::string(realm), std::move(by));
    } else if (auto const known = by_realm_.find(realm); known != by_realm_.end()) {
        by_realm_.erase(known);
    }
}

std::shared_ptr<time_shift const> realm_times::find(std::string_view realm) const {
    std::lock_guard const lock(mutex_);
    auto const known = by_realm_.find(realm);
    return known == by_realm_.end() ? nullptr : known->second;
}

}  // namespace tollgate::oauth
