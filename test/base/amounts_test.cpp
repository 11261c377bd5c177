// The bounds of durations and sizes, and the way back to their text.
#include <boost/test/unit_test.hpp>

#include "base/nearest.hpp"
#include "base/quantity.hpp"

using namespace tollgate;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(amounts)

BOOST_AUTO_TEST_CASE(adds_the_parts_of_a_duration_in_any_order) {
    BOOST_TEST((parse_duration("1d2h3m4s5ms") == milliseconds(93'784'005)));
    BOOST_TEST((parse_duration("5ms1d") == milliseconds(86'400'005)));
}

// A century, whatever it is written in: no sum of two of them overflows.
BOOST_AUTO_TEST_CASE(takes_a_century_and_not_a_millisecond_more) {
    milliseconds const century(36'600LL * 86'400'000);
    BOOST_TEST((parse_duration("36600d") == century));
    BOOST_TEST((parse_duration("36599d24h") == century));
    BOOST_TEST((parse_duration("3162240000000ms") == century));
    for (auto const* more : {"36600d1ms", "36601d", "1ms36600d", "3162240000001ms", "878401h"})
        BOOST_TEST(!parse_duration(more), more);
}

BOOST_AUTO_TEST_CASE(takes_no_sign_no_exponent_and_no_foreign_unit) {
    for (auto const* text : {"+5s", "1e3s", "0x10s", "5s ", "5 m", "5w", "5y", "5us", "5s,1ms",
                             "s5", "5ss", "--5s", "5\xc2\xb5s"})
        BOOST_TEST(!parse_duration(text), text);
}

BOOST_AUTO_TEST_CASE(reads_what_it_writes) {
    for (std::int64_t const n :
         {0LL, 1LL, 999LL, 1'000LL, 1'001LL, 59'000LL, 60'000LL, 61'000LL, 90'000LL, 3'600'000LL,
          5'400'000LL, 86'400'000LL, 86'400'001LL, 2'592'000'000LL, 3'162'240'000'000LL}) {
        auto const text = duration_text(milliseconds(n));
        BOOST_TEST((parse_duration(text) == milliseconds(n)), text);
    }
}

BOOST_AUTO_TEST_CASE(writes_a_fraction_of_a_unit_in_the_next_smaller_one) {
    BOOST_TEST(duration_text(milliseconds(1'500)) == "1500ms");
    BOOST_TEST(duration_text(milliseconds(5'400'000)) == "90m");
    BOOST_TEST(duration_text(milliseconds(36LL * 3'600'000)) == "36h");
}

BOOST_AUTO_TEST_CASE(takes_sizes_up_to_what_a_signed_number_holds) {
    BOOST_TEST(parse_size("0B").value() == 0u);
    BOOST_TEST(parse_size("1GB").value() == 1'000'000'000u);
    BOOST_TEST(parse_size("9223372036854775807B").value() == 9'223'372'036'854'775'807u);
    BOOST_TEST(parse_size("8589934591GiB").value() == 8'589'934'591u * (1ull << 30));
    for (auto const* more : {"9223372036854775808B", "8589934592GiB", "18446744073709551616B"})
        BOOST_TEST(!parse_size(more), more);
}

BOOST_AUTO_TEST_CASE(takes_each_unit_of_size_in_one_spelling) {
    for (auto const* text : {"1KB", "1kb", "1KIB", "1kiB", "1mB", "1Mib", "1b", "1TiB", "1k", "+1B",
                             "1.5MiB", "1KiB512B"})
        BOOST_TEST(!parse_size(text), text);
}

// One slip of the fingers is one edit.
BOOST_AUTO_TEST_CASE(counts_two_swapped_neighbours_as_one_edit) {
    BOOST_TEST(edit_distance("tokne", "token") == 1u);
    BOOST_TEST(edit_distance("refersh", "refresh") == 1u);
    BOOST_TEST(edit_distance("otkne", "token") == 2u);
    BOOST_TEST(edit_distance("abc", "cba") == 2u);  // no neighbours
    constexpr std::string_view known[] = {"hat", "host"};
    BOOST_TEST(nearest_name("hots", known) == "host");
}

BOOST_AUTO_TEST_CASE(is_as_far_from_one_name_to_the_other_as_back) {
    constexpr std::string_view names[] = {"", "a", "token", "tokne", "refresh.dead", "plain"};
    for (auto const a : names)
        for (auto const b : names)
            BOOST_TEST(edit_distance(a, b) == edit_distance(b, a), a << " and " << b);
}

BOOST_AUTO_TEST_CASE(takes_the_shortest_of_names_that_have_nothing_in_common) {
    constexpr std::string_view known[] = {"introspection", "jwt", "userinfo"};
    BOOST_TEST(nearest_name("", known) == "jwt");
}

BOOST_AUTO_TEST_SUITE_END()
