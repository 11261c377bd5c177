#include "control/faults/trigger.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;

namespace {

// "-x--x": which of the first `n` requests the trigger fires on.
std::string pattern(trigger const& t, unsigned n) {
    std::string marks;
    for (unsigned i = 1; i <= n; ++i)
        marks += fires(t, i) ? 'x' : '-';
    return marks;
}

trigger counted(enum trigger::kind how, std::uint64_t n) {
    trigger t;
    t.kind = how;
    t.n = n;
    return t;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault_trigger)

BOOST_AUTO_TEST_CASE(fires_on_the_requests_that_it_names) {
    BOOST_TEST(pattern(trigger(), 4) == "xxxx");
    BOOST_TEST(pattern(counted(trigger::kind::next, 2), 5) == "xx---");
    BOOST_TEST(pattern(counted(trigger::kind::nth, 2), 5) == "-x---");
    BOOST_TEST(pattern(counted(trigger::kind::every, 3), 7) == "--x--x-");
    BOOST_TEST(pattern(counted(trigger::kind::after, 2), 5) == "--xxx");
}

BOOST_AUTO_TEST_CASE(never_divides_by_zero) {
    BOOST_TEST(pattern(counted(trigger::kind::every, 0), 3) == "---");
}

BOOST_AUTO_TEST_CASE(follows_a_script_and_is_silent_after_it) {
    trigger t;
    t.kind = trigger::kind::script;
    t.script = {false, true, true};
    BOOST_TEST(pattern(t, 6) == "-xx---");
}

BOOST_AUTO_TEST_CASE(repeats_the_same_sequence_for_the_same_seed) {
    trigger t;
    t.kind = trigger::kind::probability;
    t.p = 0.5;
    t.seed = 7;
    auto const first = pattern(t, 200);
    BOOST_TEST(pattern(t, 200) == first);
    t.seed = 8;
    BOOST_TEST(pattern(t, 200) != first);
}

BOOST_AUTO_TEST_CASE(fires_about_as_often_as_its_probability_says) {
    trigger t;
    t.kind = trigger::kind::probability;
    t.seed = 1;
    for (double const p : {0.0, 0.25, 1.0}) {
        t.p = p;
        unsigned hits = 0;
        for (unsigned i = 1; i <= 10'000; ++i)
            hits += fires(t, i) ? 1 : 0;
        BOOST_TEST(std::abs(hits / 10'000.0 - p) < 0.02);
    }
}

BOOST_AUTO_TEST_CASE(remembers_what_it_has_seen_and_no_more_than_it_may) {
    first_seen seen;
    BOOST_TEST(seen.insert("a"));
    BOOST_TEST(!seen.insert("a"));
    for (int i = 0; i < 9'999; ++i)
        seen.insert(std::to_string(i));
    BOOST_TEST(!seen.insert("one too many"));
}

BOOST_AUTO_TEST_CASE(asks_only_for_the_key_that_it_needs) {
    trigger t;
    BOOST_TEST(needs_of(t) == need_nothing);
    t.kind = trigger::kind::first_per;
    t.key = trigger::per::client;
    BOOST_TEST(needs_of(t) == need_client);
    t.key = trigger::per::session;
    BOOST_TEST(needs_of(t) == need_session);
    t.key = trigger::per::token;
    BOOST_TEST(needs_of(t) == need_token);
    request_facts f;
    f.token = "t";
    f.client_id = "c";
    f.session = "s";
    BOOST_TEST(key_of(t, f) == "t");
    t.key = trigger::per::client;
    BOOST_TEST(key_of(t, f) == "c");
    t.key = trigger::per::session;
    BOOST_TEST(key_of(t, f) == "s");
}

BOOST_AUTO_TEST_SUITE_END()
