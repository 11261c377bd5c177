#include "base/time_shift.hpp"

#include <boost/test/unit_test.hpp>

using namespace std::chrono_literals;
using tollgate::time_shift;

namespace {

constexpr auto real = tollgate::time_point(1'800'000'000s);

}  // namespace

BOOST_AUTO_TEST_SUITE(time_shifts)

BOOST_AUTO_TEST_CASE(shows_real_time_until_it_is_touched) {
    time_shift const t;
    BOOST_TEST(!t.is_moved());
    BOOST_TEST((t.at(real) == real));
    BOOST_TEST((t.earliest(real) == real));
}

BOOST_AUTO_TEST_CASE(moves_on_and_runs_from_there) {
    time_shift t;
    BOOST_TEST(t.advance(8h, real));
    BOOST_TEST(t.advance(30min, real + 1s));
    BOOST_TEST((t.at(real + 2s) == real + 8h + 30min + 2s));
    BOOST_TEST(t.is_moved());
    BOOST_TEST(!t.is_frozen());
}

BOOST_AUTO_TEST_CASE(stands_still_moves_on_where_it_stands_and_goes_on_from_there) {
    time_shift t;
    t.advance(1h, real);
    t.freeze(true, real);
    t.freeze(true, real + 10s);  // again: it stands where it stood
    BOOST_TEST((t.at(real + 1min) == real + 1h));
    BOOST_TEST(t.advance(8h, real + 1min));
    BOOST_TEST((t.at(real + 2min) == real + 9h));
    t.freeze(false, real + 3min);
    BOOST_TEST((t.at(real + 3min) == real + 9h));
    BOOST_TEST((t.at(real + 4min) == real + 9h + 1min));
}

BOOST_AUTO_TEST_CASE(is_wrong_by_the_last_skew_alone_and_no_longer) {
    time_shift t;
    t.set_skew(-90s);
    BOOST_TEST((t.at(real) == real - 90s));
    BOOST_TEST((t.unskewed(real) == real));
    BOOST_TEST((t.earliest(real) == real - 90s));
    t.set_skew(5min);
    BOOST_TEST((t.at(real) == real + 5min));
    BOOST_TEST((t.earliest(real) == real));  // what is over only because of the skew may come back
    t.freeze(true, real);
    BOOST_TEST((t.at(real + 1h) == real + 5min));
    t.set_skew(0s);
    BOOST_TEST((t.at(real + 1h) == real));
}

BOOST_AUTO_TEST_CASE(goes_back_to_what_it_showed_and_to_real_time) {
    time_shift t;
    t.advance(1h, real);
    t.set_skew(-1min);
    auto const then = t.current();
    t.advance(24h, real + 10s);
    t.set_skew(0s);
    t.restore(then, real, real + 30s);
    BOOST_TEST((t.at(real + 30s) == real + 1h - 1min));
    BOOST_TEST((t.at(real + 31s) == real + 1h - 1min + 1s));
    t.freeze(true, real + 31s);
    auto const standing = t.current();
    t.freeze(false, real + 1h);
    t.restore(standing, real + 31s, real + 2h);
    BOOST_TEST(t.is_frozen());
    BOOST_TEST((t.at(real + 3h) == real + 1h - 1min + 1s));
    t.reset();
    BOOST_TEST(!t.is_moved());
    BOOST_TEST((t.at(real + 3h) == real + 3h));
}

BOOST_AUTO_TEST_CASE(goes_no_further_than_a_century) {
    time_shift t;
    BOOST_TEST(t.advance(24h * 36'000, real));
    BOOST_TEST(!t.advance(24h * 3'660, real));
    BOOST_TEST((t.at(real) == real + 24h * 36'000));
    t.freeze(true, real);
    BOOST_TEST(!t.advance(24h * 3'660, real));
}

BOOST_AUTO_TEST_CASE(a_clock_shows_it_for_as_long_as_somebody_holds_it) {
    tollgate::manual_clock real_clock;
    auto shift = std::make_shared<time_shift>();
    tollgate::shifted_clock const c(shift, real_clock);
    shift->advance(1h, real_clock.now());
    shift.reset();
    BOOST_TEST((c.now() == real_clock.now() + 1h));
}

BOOST_AUTO_TEST_SUITE_END()
