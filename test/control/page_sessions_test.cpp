#include "control/page_sessions.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using control::page_sessions;

namespace {

struct bench_of_sessions {
    manual_clock clock;
    page_sessions sessions{clock};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(control_page_sessions)

BOOST_FIXTURE_TEST_CASE(knows_what_it_gave_out_and_nothing_else, bench_of_sessions) {
    auto const one = sessions.begin(), other = sessions.begin();
    BOOST_TEST(one.size() == 43u);  // 256 bits
    BOOST_TEST(one != other);
    BOOST_TEST(sessions.knows(one));
    BOOST_TEST(sessions.knows(other));
    for (auto const* value : {"", "x"})
        BOOST_TEST(!sessions.knows(value));
    sessions.end(one);
    BOOST_TEST(!sessions.knows(one));
    BOOST_TEST(sessions.knows(other));
}

BOOST_FIXTURE_TEST_CASE(ends_after_twelve_hours_whatever_is_done_with_it, bench_of_sessions) {
    auto const value = sessions.begin();
    clock.advance(page_sessions::length - std::chrono::seconds(1));
    BOOST_TEST(sessions.knows(value));
    clock.advance(std::chrono::seconds(1));
    BOOST_TEST(!sessions.knows(value));
}

BOOST_FIXTURE_TEST_CASE(keeps_so_many_and_forgets_the_oldest, bench_of_sessions) {
    auto const first = sessions.begin(), second = sessions.begin();
    for (std::size_t i = 1; i < page_sessions::most; ++i)
        (void)sessions.begin();
    BOOST_TEST(!sessions.knows(first));
    BOOST_TEST(sessions.knows(second));
}

// A browser that was logged in by one instance asks another one next.
BOOST_AUTO_TEST_CASE(knows_what_another_instance_with_the_key_gave_out_until_it_is_over) {
    manual_clock clock;
    page_sessions here(clock, "key of all"), there(clock, "key of all"), strange(clock, "another");
    auto const value = here.begin();
    BOOST_TEST(there.knows(value));
    BOOST_TEST(!strange.knows(value));
    BOOST_TEST(!there.knows(value + "0"));
    BOOST_TEST(!there.knows("9" + value));
    there.end(value);
    BOOST_TEST(!there.knows(value));
    BOOST_TEST(here.knows(value));
    clock.advance(page_sessions::length);
    BOOST_TEST(!here.knows(value));
}

BOOST_AUTO_TEST_SUITE_END()
