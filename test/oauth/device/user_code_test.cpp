// The user codes of the device grant.
#include "oauth/device/user_code.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::oauth;

BOOST_AUTO_TEST_SUITE(user_code)

// RFC 8628 §6.1: codes of letters without vowels, easily told apart, of enough entropy.
BOOST_AUTO_TEST_CASE(is_eight_consonants_and_never_the_same) {
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
        auto const code = random_user_code();
        BOOST_TEST(code.size() == 8u);
        BOOST_TEST(code.find_first_not_of("BCDFGHJKLMNPQRSTVWXZ") == code.npos);
        BOOST_TEST(seen.insert(code).second);
    }
}

// RFC 8628 §6.1: the server should ignore punctuation and compare without regard to case.
BOOST_AUTO_TEST_CASE(is_read_however_it_was_typed) {
    BOOST_TEST(shown_user_code("WDJBMJHT") == "WDJB-MJHT");
    for (auto const* typed : {"WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "W.D.J.B_M/J/H/T"})
        BOOST_TEST(typed_user_code(typed) == "WDJBMJHT", typed);
    for (auto const* typed : {"", "WDJB-MJH", "WDJB-MJHTX", "WDJB-MJHA", "WDJB-MJH1", "ÄWDJBMJ"})
        BOOST_TEST(typed_user_code(typed) == "", typed);
    BOOST_TEST(typed_user_code(std::string(60, '-') + "WDJBMJHT") == "");
}

BOOST_AUTO_TEST_SUITE_END()
