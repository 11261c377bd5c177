#include "http/message/headers.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

#include "base/text.hpp"

using namespace tollgate;
using namespace tollgate::http;

BOOST_AUTO_TEST_SUITE(headers)

BOOST_AUTO_TEST_CASE(compares_field_names_without_regard_to_case_as_rfc_9110_5_1_says) {
    BOOST_TEST(iequals("WWW-Authenticate", "www-AUTHENTICATE"));
    BOOST_TEST(!iequals("Host", "Hos"));
    BOOST_TEST(!iequals("Host", "Hose"));
    // '@' and '`' differ by the same bit as letters do.
    BOOST_TEST(!iequals("a@", "a`"));
}

BOOST_AUTO_TEST_CASE(tells_every_character_from_every_other_at_every_place_of_a_name) {
    for (std::size_t const length : {1u, 7u, 8u, 13u, 16u, 17u}) {
        for (std::size_t at = 0; at < length; ++at) {
            std::string a(length, 'x');
            std::string b(length, 'X');
            for (int i = 0; i < 256 * 256; ++i) {
                a[at] = static_cast<char>(i & 0xff);
                b[at] = static_cast<char>(i >> 8);
                bool const same = to_lower(a[at]) == to_lower(b[at]);
                if (iequals(a, b) != same) BOOST_ERROR("bytes " << (i & 0xff) << ", " << (i >> 8));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(add_keeps_every_line_of_a_name) {
    header_list h;
    h.add("Set-Cookie", "a=1");
    h.add("set-cookie", "b=2");
    BOOST_TEST(h.size() == 2u);
    BOOST_TEST(h.get("SET-COOKIE") == "a=1");
}

BOOST_AUTO_TEST_CASE(set_leaves_one_line_of_a_name) {
    header_list h;
    h.add("Vary", "Origin");
    h.add("VARY", "Accept");
    h.add("Age", "1");
    h.set("vary", "Cookie");
    BOOST_TEST(h.size() == 2u);
    BOOST_TEST(h.get("Vary") == "Cookie");
    BOOST_TEST(h.get("Age") == "1");
}

BOOST_AUTO_TEST_CASE(erase_takes_every_line_of_a_name_and_no_other) {
    header_list h;
    h.add("A", "1");
    h.add("b", "2");
    h.add("a", "3");
    h.erase("A");
    BOOST_TEST(!h.has("a"));
    BOOST_TEST(h.has("B"));
    h.erase("missing");
    BOOST_TEST(h.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_missing_name_is_an_empty_view) {
    header_list const h;
    BOOST_TEST(h.get("X").empty());
    BOOST_TEST(!h.has("X"));
}

BOOST_AUTO_TEST_SUITE_END()
