// How tokens are shown.
#include "mcp/offerings/tools/token_mask.hpp"

#include <boost/test/unit_test.hpp>

using tollgate::mcp::masked_token;
using tollgate::mcp::with_masked_token;

BOOST_AUTO_TEST_SUITE(mcp_token_mask)

BOOST_AUTO_TEST_CASE(shows_the_first_and_last_four_characters) {
    BOOST_TEST(masked_token("abcdefghijklmnopqrstuvwxyz") == "abcd…wxyz");
    BOOST_TEST(masked_token("abcdefghijklmnopq") == "abcd…nopq");
}

BOOST_AUTO_TEST_CASE(shows_nothing_where_that_would_be_half_of_it) {
    BOOST_TEST(masked_token("abcdefghijklmnop") == "…");
    BOOST_TEST(masked_token("abc") == "…");
    BOOST_TEST(masked_token("") == "…");
}

BOOST_AUTO_TEST_CASE(masks_a_token_wherever_it_stands_in_a_text) {
    std::string const token = "abcdefghijklmnopqrstuvwxyz";
    BOOST_TEST(with_masked_token("a " + token + ", b " + token, token) ==
               "a abcd…wxyz, b abcd…wxyz");
    BOOST_TEST(with_masked_token("nothing here", token) == "nothing here");
    BOOST_TEST(with_masked_token("nothing here", "") == "nothing here");
}

BOOST_AUTO_TEST_SUITE_END()
