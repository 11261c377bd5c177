// Event batch: events of a journal one behind another, as a store keeps them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "control/journal/event.hpp"

namespace tollgate::control {

struct event_batch {
    std::uint64_t first = 1;    // the number of its first event
    std::string events;         // packed (packed_event.hpp), without gaps
    std::vector<delivery> how;  // of each of them

    std::uint64_t end() const noexcept { return first + how.size(); }
};

}  // namespace tollgate::control
