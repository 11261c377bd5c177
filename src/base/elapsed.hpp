// Whether it is time to do again what was done before.
#pragma once

#include <chrono>

#include "base/clock.hpp"

namespace tollgate {

// A clock that was set back counts as one that has moved on: better to ask once too often.
inline bool has_passed(std::chrono::seconds length, time_point since, time_point now) noexcept {
    return now < since || now - since >= length;
}

}  // namespace tollgate
