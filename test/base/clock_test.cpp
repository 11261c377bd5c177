#include "base/clock.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;

BOOST_AUTO_TEST_SUITE(clocks)

BOOST_AUTO_TEST_CASE(the_manual_clock_stands_still_until_it_is_moved) {
    manual_clock c(time_point(std::chrono::seconds(100)));
    BOOST_CHECK(c.now() == time_point(std::chrono::seconds(100)));
    c.advance(std::chrono::seconds(5));
    BOOST_CHECK(c.now() == time_point(std::chrono::seconds(105)));
    c.advance(-std::chrono::seconds(10));
    BOOST_CHECK(c.now() == time_point(std::chrono::seconds(95)));
}

BOOST_AUTO_TEST_CASE(the_system_clock_follows_the_machine) {
    auto const before = std::chrono::system_clock::now();
    auto const seen = tollgate::system_clock().now();
    BOOST_CHECK(seen >= before);
    BOOST_CHECK(seen <= std::chrono::system_clock::now());
}

BOOST_AUTO_TEST_SUITE_END()
