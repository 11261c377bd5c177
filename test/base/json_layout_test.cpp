// JSON for people, and members that are texts.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "base/json.hpp"

using namespace tollgate;
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(json_layout)

BOOST_AUTO_TEST_CASE(breaks_a_list_that_holds_lists_or_tables) {
    BOOST_TEST(pretty(json::parse(R"([[], 1, {"a": [2]}])")) ==
               "[\n  [],\n  1,\n  {\n    \"a\": [2]\n  }\n]");
}

BOOST_AUTO_TEST_CASE(begins_its_lines_where_it_is_told_to) {
    BOOST_TEST(pretty(json::parse(R"({"a": {"b": 1}})"), 4) ==
               "{\n      \"a\": {\n        \"b\": 1\n      }\n    }");
}

// RFC 8259 §7: quotes, backslashes and control characters are escaped, in names as in values.
BOOST_AUTO_TEST_CASE(breaks_no_line_because_of_a_control_character) {
    json::object o;
    o["a\nb"] = "c\td\"e\\";
    BOOST_TEST(pretty(o) == "{\n  \"a\\nb\": \"c\\td\\\"e\\\\\"\n}");
}

BOOST_AUTO_TEST_CASE(parts_the_items_of_a_flat_list_whatever_they_hold) {
    BOOST_TEST(pretty(json::parse(R"([null,true,"a, b",-1])")) == R"([null, true, "a, b", -1])");
}

BOOST_AUTO_TEST_CASE(gives_a_member_only_where_it_is_a_text) {
    auto const o = json::parse(R"({"t": "x", "e": "", "n": 1, "z": null, "l": ["x"], "o": {}})");
    auto const& object = o.as_object();
    BOOST_TEST((text_member(object, "t") == "x"));
    BOOST_TEST((text_member(object, "e") == ""));
    for (auto const* none : {"n", "z", "l", "o", "absent", "T", ""})
        BOOST_TEST(!text_member(object, none), none);
}

BOOST_AUTO_TEST_SUITE_END()
