// Verdict: what a client did right and wrong, as findings. A pure function of the journal, the
// scenario and the time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/words.hpp"

namespace tollgate::control {

enum class finding_level { must, should };
constexpr auto words_of(finding_level) {
    return std::to_array<word<finding_level>>(
        {{"MUST", finding_level::must}, {"SHOULD", finding_level::should}});
}

enum class finding_status {
    fail,         // a MUST was broken
    warning,      // a SHOULD was
    pass,         // there was something to judge, and it was right
    not_reached,  // nothing has shown it yet: never a pass
};
constexpr auto words_of(finding_status) {
    return std::to_array<word<finding_status>>({{"fail", finding_status::fail},
                                                {"warning", finding_status::warning},
                                                {"pass", finding_status::pass},
                                                {"not_reached", finding_status::not_reached}});
}

// Whose doing a finding is.
enum class finding_by { client, injected, configuration };
constexpr auto words_of(finding_by) {
    return std::to_array<word<finding_by>>({{"client", finding_by::client},
                                            {"injected", finding_by::injected},
                                            {"configuration", finding_by::configuration}});
}

struct finding {
    std::string id;
    finding_level level = finding_level::must;
    finding_status status = finding_status::not_reached;
    finding_by by = finding_by::client;
    std::string text;         // one plain sentence
    std::string clause;       // "RFC 6749 §4.1.3"
    std::string url;          // where it can be read
    std::uint64_t event = 0;  // that shows it; 0: none does
    bool missed = false;      // failed because the client did not come so far
};

enum class client_state { running, done, not_tried, crashed, timed_out };
constexpr auto words_of(client_state) {
    return std::to_array<word<client_state>>({{"running", client_state::running},
                                              {"done", client_state::done},
                                              {"not_tried", client_state::not_tried},
                                              {"crashed", client_state::crashed},
                                              {"timed_out", client_state::timed_out}});
}

enum class verdict_word { pass, fail, incomplete };
constexpr auto words_of(verdict_word) {
    return std::to_array<word<verdict_word>>({{"pass", verdict_word::pass},
                                              {"fail", verdict_word::fail},
                                              {"incomplete", verdict_word::incomplete}});
}

// Where an exam is at one of its stations.
enum class station_state { ahead, under_way, passed, failed, left_out };
constexpr auto words_of(station_state) {
    return std::to_array<word<station_state>>({{"ahead", station_state::ahead},
                                               {"under_way", station_state::under_way},
                                               {"passed", station_state::passed},
                                               {"failed", station_state::failed},
                                               {"left_out", station_state::left_out}});
}

struct station_result {
    std::string name;
    std::string title;
    station_state state = station_state::ahead;
};

struct verdict {
    std::string realm;
    std::string scenario;
    verdict_word word = verdict_word::incomplete;
    client_state client = client_state::running;
    std::optional<int> exit;               // of its process, where somebody told it
    std::vector<station_result> stations;  // of an exam, in their order
    std::vector<finding> findings;  // what failed first, in the order of events; then the others
};

}  // namespace tollgate::control
