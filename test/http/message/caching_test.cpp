#include "http/message/caching.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;

BOOST_AUTO_TEST_SUITE(entity_tags)

// RFC 9110 §8.8.3: a quoted string that differs when the bytes differ
BOOST_AUTO_TEST_CASE(differ_with_the_bytes) {
    auto const tag = entity_tag("a");
    BOOST_TEST(tag.size() > 10u);
    BOOST_TEST(tag.front() == '"');
    BOOST_TEST(tag.back() == '"');
    BOOST_TEST(entity_tag("a") == tag);
    BOOST_TEST(entity_tag("b") != tag);
}

// RFC 9110 §13.1.2: a list of tags or *, compared weakly
BOOST_AUTO_TEST_CASE(are_found_in_an_if_none_match_field) {
    for (auto const* field : {"\"x\"", "W/\"x\"", "\"a\", \"x\"", " \"a\" ,W/\"x\" ", "*", " * "})
        BOOST_TEST(matches_entity_tag(field, "\"x\""), field);
    for (auto const* field : {"", "x", "\"y\"", "w/\"x\"", "\"x", "\"xx\"", ","})
        BOOST_TEST(!matches_entity_tag(field, "\"x\""), field);
}

BOOST_AUTO_TEST_SUITE_END()
