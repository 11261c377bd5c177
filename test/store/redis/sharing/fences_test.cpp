#include "store/redis/sharing/fences.hpp"

#include <boost/test/unit_test.hpp>

using tollgate::oauth::redis::fences;

BOOST_AUTO_TEST_SUITE(fences_suite)

BOOST_AUTO_TEST_CASE(wants_no_token_where_nobody_claims) {
    fences const f;
    BOOST_TEST(!f.token_of("r").has_value());
    BOOST_TEST(!f.are_used());
}

BOOST_AUTO_TEST_CASE(knows_the_token_until_the_realm_is_lost) {
    fences f;
    BOOST_TEST(f.take("r", "1 me", f.round()));
    BOOST_TEST(!f.take("r", "1 me", f.round()));
    BOOST_TEST(f.token_of("r").value() == "1 me");
    BOOST_TEST(f.lose("r"));
    BOOST_TEST(!f.lose("r"));
    BOOST_TEST(f.token_of("r").value() == "");
    BOOST_TEST(f.held().empty());
    BOOST_TEST(f.take("r", "2 me", f.round()));
}

BOOST_AUTO_TEST_CASE(is_sure_of_no_realm_that_was_not_claimed_since_the_doubt) {
    fences f;
    f.take("r", "1 me", f.round());
    BOOST_TEST(f.is_sure("r"));
    f.doubt();
    BOOST_TEST(!f.is_sure("r"));
    BOOST_TEST(f.token_of("r").value() == "1 me");
    f.take("r", "1 me", f.round());
    BOOST_TEST(f.is_sure("r"));
}

// The process stood still between the answer and here.
BOOST_AUTO_TEST_CASE(is_not_sure_of_a_realm_that_was_claimed_before_the_doubt) {
    fences f;
    auto const asked = f.round();
    f.doubt();
    BOOST_TEST(f.take("r", "1 me", asked));
    BOOST_TEST(!f.is_sure("r"));
    BOOST_TEST(!f.take("r", "1 me", f.round()));
    BOOST_TEST(f.is_sure("r"));
}

// Names of realms come and go without end.
BOOST_AUTO_TEST_CASE(remembers_a_bounded_number_of_those_that_were_lost) {
    fences f;
    for (int i = 0; i < 10'001; ++i) {
        f.take(std::to_string(i), "1 me", f.round());
        f.lose(std::to_string(i));
    }
    BOOST_TEST(!f.token_of("0").has_value());
    BOOST_TEST(f.token_of("1").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
