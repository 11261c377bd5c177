#include "base/quantity.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(quantity)

BOOST_AUTO_TEST_CASE(reads_durations_with_their_units) {
    BOOST_TEST((parse_duration("500ms") == milliseconds(500)));
    BOOST_TEST((parse_duration("0s") == milliseconds(0)));
    BOOST_TEST((parse_duration("120s") == milliseconds(120'000)));
    BOOST_TEST((parse_duration("5m") == milliseconds(300'000)));
    BOOST_TEST((parse_duration("1h") == milliseconds(3'600'000)));
    BOOST_TEST((parse_duration("30d") == milliseconds(2'592'000'000)));
    BOOST_TEST((parse_duration("1h30m") == milliseconds(5'400'000)));
}

BOOST_AUTO_TEST_CASE(writes_durations_in_the_largest_unit_that_fits) {
    using namespace std::chrono_literals;
    BOOST_TEST(duration_text(0s) == "0s");
    BOOST_TEST(duration_text(500ms) == "500ms");
    BOOST_TEST(duration_text(90s) == "90s");
    BOOST_TEST(duration_text(1h) == "1h");
    BOOST_TEST(duration_text(720h) == "30d");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_duration) {
    for (auto const* text : {"", "5", "s", "-5s", "5 s", "5S", "5sec", "1.5h", "1h30", " 5s",
                             "99999999999999999999s", "99999999999999d", "36600d1s"})
        BOOST_TEST(!parse_duration(text), text);
}

BOOST_AUTO_TEST_CASE(reads_sizes_with_their_units) {
    BOOST_TEST(parse_size("512B").value() == 512u);
    BOOST_TEST(parse_size("64kB").value() == 64'000u);
    BOOST_TEST(parse_size("32KiB").value() == 32u * 1024);
    BOOST_TEST(parse_size("1MB").value() == 1'000'000u);
    BOOST_TEST(parse_size("1MiB").value() == 1024u * 1024);
    BOOST_TEST(parse_size("2GiB").value() == 2ull * 1024 * 1024 * 1024);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_size) {
    for (auto const* text : {"", "1", "MiB", "1mib", "1 MiB", "-1B", "1MiB1B", "9999999999999GiB"})
        BOOST_TEST(!parse_size(text), text);
}

BOOST_AUTO_TEST_SUITE_END()
