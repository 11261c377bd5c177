#include "store/text_map.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate::oauth;

BOOST_AUTO_TEST_SUITE(text_maps)

BOOST_AUTO_TEST_CASE(are_asked_with_strings_views_and_hashed_texts_alike) {
    text_map<int> map;
    for (int i = 0; i < 1000; ++i)
        map.try_emplace(std::to_string(i), i);
    for (int i = 0; i < 1000; ++i) {
        auto const text = std::to_string(i);
        hashed_text const hashed(text);
        BOOST_TEST(map.find(text)->second == i);
        BOOST_TEST(map.find(std::string_view(text))->second == i);
        BOOST_TEST(map.find(hashed)->second == i);
    }
    BOOST_TEST(!map.contains(hashed_text("1000")));
}

BOOST_AUTO_TEST_CASE(a_hashed_text_is_the_text_it_was_made_of) {
    hashed_text const hashed("abc");
    BOOST_TEST(hashed.text() == "abc");
    BOOST_TEST(std::string_view(hashed) == "abc");
    BOOST_TEST(hashed.hash() == text_hash{}(std::string_view("abc")));
}

BOOST_AUTO_TEST_SUITE_END()
