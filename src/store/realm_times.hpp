// Clocks of realms, by which a store tells what is over.
#pragma once

#include <memory>
#include <mutex>
#include <string_view>

#include "base/clock.hpp"
#include "base/time_shift.hpp"
#include "store/text_map.hpp"

namespace tollgate::oauth {

// The clocks of realms. Thread-safe.
class realm_times {
public:
    void keep(std::string_view realm, std::shared_ptr<time_shift const> by);
    // Null: the realm has none of its own.
    std::shared_ptr<time_shift const> find(std::string_view realm) const;

    // What the clock of that realm shows when it is really `real`.
    time_point at(std::string_view realm, time_point real) const {
        auto const own = find(realm);
        return own ? own->at(real) : real;
    }

private:
    mutable std::mutex mutex_;
    text_map<std::shared_ptr<time_shift const>> by_realm_;
};

}  // namespace tollgate::oauth
