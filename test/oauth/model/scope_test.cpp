#include "oauth/model/scope.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::oauth;

BOOST_AUTO_TEST_SUITE(scope)

BOOST_AUTO_TEST_CASE(reads_distinct_tokens_in_their_order) {
    auto const read = parse_scope("mcp:tools openid mcp:tools");
    BOOST_REQUIRE(read);
    BOOST_TEST(scope_text(*read) == "mcp:tools openid");
}

// RFC 6749 §3.3: scope tokens are case-sensitive
BOOST_AUTO_TEST_CASE(tells_upper_from_lower_case) {
    BOOST_TEST(parse_scope("a A")->size() == 2u);
}

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E )
BOOST_AUTO_TEST_CASE(refuses_what_is_outside_the_grammar_of_rfc_6749_section_3_3) {
    for (auto const* wrong :
         {"", " ", "a  b", " a", "a ", "a\tb", "a\"b", "a\\b", "\xc3\xa9", "a\x7f"})
        BOOST_TEST(!parse_scope(wrong), wrong);
    BOOST_TEST(bool(parse_scope("!#[]~")));
}

BOOST_AUTO_TEST_CASE(knows_subsets_and_intersections) {
    scope_list const all{"a", "b", "c"};
    BOOST_TEST(is_subset({}, all));
    BOOST_TEST(is_subset({"c", "a"}, all));
    BOOST_TEST(!is_subset({"a", "d"}, all));
    BOOST_TEST(!is_subset({"a"}, {}));
    BOOST_TEST(scope_text(intersection({"d", "c", "a"}, all)) == "c a");
}

BOOST_AUTO_TEST_CASE(adds_a_scope_once) {
    BOOST_TEST(scope_text(with_scope({"a"}, "b")) == "a b");
    BOOST_TEST(scope_text(with_scope({"a", "b"}, "b")) == "a b");
}

BOOST_AUTO_TEST_SUITE_END()
