// Judge: the verdict over the events of one trial.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "control/journal/event.hpp"
#include "control/scenarios/scenarios.hpp"
#include "control/verdict/exam_progress.hpp"
#include "control/verdict/realm_client.hpp"
#include "control/verdict/verdict.hpp"

namespace tollgate::control {

struct trial {
    std::string realm;
    control::scenario const* scenario = nullptr;  // never null
    std::span<event_ptr const> events;
    std::uint64_t dropped = 0;  // events of the trial that are lost
    realm_client::told client;
    std::vector<station_record> stations;  // of an exam
    time_point now{};
    // The revisions that the server speaks in it; empty: all of them.
    std::vector<std::string> versions{};
};

// Pure.
verdict judge(trial const& t);

}  // namespace tollgate::control
