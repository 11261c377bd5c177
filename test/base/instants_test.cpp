// What follows from a point in time, and its text.
#include <thread>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "base/clock.hpp"

using namespace tollgate;
using namespace std::chrono_literals;

namespace {

std::string text_of(long long seconds, std::chrono::nanoseconds more = 0ns) {
    return rfc3339(time_point(std::chrono::seconds(seconds)) +
                   std::chrono::duration_cast<time_point::duration>(more));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(instants)

BOOST_AUTO_TEST_CASE(has_passed_at_the_very_moment_and_not_before) {
    time_point const start(1'800'000'000s);
    BOOST_TEST(!has_passed(5s, start, start));
    BOOST_TEST(!has_passed(5s, start, start + 5s - 1ns));
    BOOST_TEST(has_passed(5s, start, start + 5s));
    BOOST_TEST(has_passed(0s, start, start));
}

// Better to ask once too often than never again.
BOOST_AUTO_TEST_CASE(has_passed_when_the_clock_was_set_back) {
    time_point const start(1'800'000'000s);
    BOOST_TEST(has_passed(1h, start, start - 1ns));
    BOOST_TEST(has_passed(1h, start, start - 24h));
}

// RFC 3339 §5.6: date-time in UTC; Appendix C has the rule of leap years
BOOST_AUTO_TEST_CASE(writes_the_days_of_the_calendar) {
    BOOST_TEST(text_of(1'709'251'199) == "2024-02-29T23:59:59Z");
    BOOST_TEST(text_of(4'107'542'399) == "2100-02-28T23:59:59Z");
    BOOST_TEST(text_of(4'107'542'400) == "2100-03-01T00:00:00Z");
    BOOST_TEST(text_of(2'147'483'648) == "2038-01-19T03:14:08Z");
    BOOST_TEST(text_of(9'223'372'036) == "2262-04-11T23:47:16Z");
}

BOOST_AUTO_TEST_CASE(writes_whole_seconds_of_what_has_begun) {
    BOOST_TEST(text_of(1'800'000'000, 999'999'999ns) == "2027-01-15T08:00:00Z");
}

BOOST_AUTO_TEST_CASE(the_manual_clock_loses_no_move_of_any_thread) {
    manual_clock time(time_point{});
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&] {
                for (int i = 0; i < 1000; ++i)
                    time.advance(1ms);
            });
    }
    BOOST_TEST((time.now() == time_point(4s)));
}

BOOST_AUTO_TEST_SUITE_END()
