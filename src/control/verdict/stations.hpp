// Stations of an exam, judged. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "control/conversation/conversation.hpp"
#include "control/journal/event.hpp"
#include "control/scenarios/scenarios.hpp"
#include "control/verdict/exam_progress.hpp"
#include "control/verdict/verdict.hpp"

namespace tollgate::control {

// What an expectation says of what a client did.
finding finding_of(expectation const& e, answer const& a, conversation const& said);

// What the client did at a station, by the events since it came there.
std::vector<finding> judge_station(station const& s, std::span<event_ptr const> events,
                                   moment const& m);
// failed: a finding is bad; under_way: one is not decided, and none is bad.
station_state state_of(std::vector<finding> const& findings);

struct judged_stations {
    std::vector<station_result> results;  // one a station
    std::vector<finding> wanted;          // without which there is no pass
    std::vector<finding> left_out;
};
// `events`: of the trial.
judged_stations judge_stations(scenario const& of, std::span<station_record const> records,
                               std::span<event_ptr const> events, moment const& m);

}  // namespace tollgate::control
