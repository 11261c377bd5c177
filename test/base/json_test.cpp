#include "base/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using tollgate::pretty;

BOOST_AUTO_TEST_SUITE(json_text)

BOOST_AUTO_TEST_CASE(puts_one_member_on_a_line_and_flat_lists_on_one) {
    auto const v = boost::json::parse(
        R"({"a": 1, "b": ["x", "y"], "c": {"d": null, "e\"": {}}, "f": [{"g": true}], "h": []})");
    BOOST_TEST(pretty(v) == R"({
  "a": 1,
  "b": ["x", "y"],
  "c": {
    "d": null,
    "e\"": {}
  },
  "f": [
    {
      "g": true
    }
  ],
  "h": []
})");
}

BOOST_AUTO_TEST_CASE(says_the_same_as_the_value) {
    for (auto const* text : {"1", "\"a\\nb\"", "[]", "{}", "[[1], [2, [3]]]",
                             R"({"realm": "default", "faults": [{"id": "x", "n": [1, 2]}]})"}) {
        auto const v = boost::json::parse(text);
        BOOST_TEST((boost::json::parse(pretty(v)) == v), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
