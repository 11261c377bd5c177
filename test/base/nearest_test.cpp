#include "base/nearest.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;

BOOST_AUTO_TEST_SUITE(nearest)

BOOST_AUTO_TEST_CASE(counts_insertions_removals_and_replacements) {
    BOOST_TEST(edit_distance("", "") == 0u);
    BOOST_TEST(edit_distance("abc", "abc") == 0u);
    BOOST_TEST(edit_distance("", "abc") == 3u);
    BOOST_TEST(edit_distance("abc", "") == 3u);
    BOOST_TEST(edit_distance("kitten", "sitting") == 3u);
}

BOOST_AUTO_TEST_CASE(finds_the_closest_name_and_the_first_of_two) {
    constexpr std::string_view known[] = {"plain", "refresh.dead", "refresh.rotate"};
    BOOST_TEST(nearest_name("refresh.deed", known) == "refresh.dead");
    BOOST_TEST(nearest_name("plane", known) == "plain");
    constexpr std::string_view twins[] = {"aa", "ab"};
    BOOST_TEST(nearest_name("a", twins) == "aa");
}

BOOST_AUTO_TEST_CASE(finds_nothing_among_nothing_and_survives_a_long_name) {
    BOOST_TEST(nearest_name("x", {}) == "");
    constexpr std::string_view known[] = {"plain"};
    BOOST_TEST(nearest_name(std::string(1 << 20, 'x'), known) == "plain");
}

BOOST_AUTO_TEST_SUITE_END()
