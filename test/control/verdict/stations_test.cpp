// Stations of an exam, judged.
#include "control/verdict/stations.hpp"

#include <algorithm>
#include <set>

#include <boost/test/unit_test.hpp>

#include "control/verdict/judge.hpp"

using namespace tollgate;
using namespace tollgate::control;

namespace {

scenario const& exam() {
    return **find_scenario("exam");
}

finding with(finding_status status) {
    finding f;
    f.status = status;
    return f;
}

verdict judged(std::vector<station_record> records) {
    trial t;
    t.realm = "r";
    t.scenario = &exam();
    t.stations = std::move(records);
    return judge(t);
}

bool has(verdict const& v, std::string_view id, finding_by by) {
    return std::ranges::any_of(v.findings,
                               [&](finding const& f) { return f.id == id && f.by == by; });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stations)

BOOST_AUTO_TEST_CASE(every_station_of_the_exam_has_something_to_judge_and_a_name_of_its_own) {
    std::set<std::string> names, ids;
    for (auto const& s : exam().stations) {
        BOOST_TEST(names.insert(s.name).second, s.name);
        BOOST_TEST(!s.expectations.empty(), s.name);
        bool const arranged = !s.faults.empty() || !s.scope.empty();
        BOOST_TEST(arranged, s.name);
        for (auto const& e : s.expectations)
            BOOST_TEST(ids.insert(e.id).second, e.id);
    }
    BOOST_TEST(names.size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_bad_finding_fails_a_station_and_an_open_one_keeps_it_open) {
    using enum finding_status;
    BOOST_TEST((state_of({with(pass), with(pass)}) == station_state::passed));
    BOOST_TEST((state_of({with(pass), with(not_reached)}) == station_state::under_way));
    BOOST_TEST((state_of({with(not_reached), with(warning)}) == station_state::failed));
    BOOST_TEST((state_of({with(pass), with(fail)}) == station_state::failed));
}

BOOST_AUTO_TEST_CASE(stations_that_nobody_has_come_to_leave_the_verdict_incomplete) {
    auto const v = judged({});
    BOOST_TEST((v.word == verdict_word::incomplete));
    BOOST_REQUIRE(v.stations.size() == exam().stations.size());
    BOOST_TEST((v.stations.front().state == station_state::ahead));
    BOOST_TEST(has(v, "exam.refresh", finding_by::client));
}

// The journal may have lost what they were judged by.
BOOST_AUTO_TEST_CASE(what_a_station_came_to_stays) {
    station_record over;
    over.over = true;
    over.findings = {with(finding_status::warning)};
    over.findings.front().id = "exam.refresh.used";
    auto const v = judged({over});
    BOOST_TEST((v.stations.front().state == station_state::failed));
    BOOST_TEST(has(v, "exam.refresh.used", finding_by::client));
}

BOOST_AUTO_TEST_CASE(what_is_left_out_is_the_configurations_doing) {
    station_record left;
    left.over = true;
    left.left_out = "There is no session.";
    auto const v = judged({left});
    BOOST_TEST((v.stations.front().state == station_state::left_out));
    BOOST_TEST(has(v, "exam.refresh", finding_by::configuration));
}

BOOST_AUTO_TEST_SUITE_END()
