#include "mcp/schema.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate::mcp;
namespace json = boost::json;

namespace {

std::string wrong(char const* schema, char const* value) {
    return mismatch(json::parse(schema).as_object(), json::parse(value)).value_or("");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_schema)

BOOST_AUTO_TEST_CASE(accepts_what_fits) {
    auto const* schema = R"({"type":"object","properties":{"s":{"type":"string"},
        "n":{"type":"number"},"i":{"type":"integer"},"b":{"type":"boolean"},"a":{"type":"array"}},
        "required":["s"]})";
    BOOST_TEST(wrong(schema, R"({"s":"x","n":1.5,"i":3.0,"b":true,"a":[]})") == "");
    BOOST_TEST(wrong(schema, R"({"s":"x","unknown":{"deep":1}})") == "");
}

BOOST_AUTO_TEST_CASE(points_at_what_is_missing_or_of_the_wrong_type) {
    auto const* schema = R"({"type":"object","properties":{"a":{"type":"number"},
        "o":{"type":"object","properties":{"i":{"type":"integer"}},"required":["i"]}},
        "required":["a"]})";
    BOOST_TEST(wrong(schema, "[]") == "arguments: must be an object");
    BOOST_TEST(wrong(schema, "{}") == "/a: is missing");
    BOOST_TEST(wrong(schema, R"({"a":"1"})") == "/a: must be a number");
    BOOST_TEST(wrong(schema, R"({"a":1,"o":{}})") == "/o/i: is missing");
    BOOST_TEST(wrong(schema, R"({"a":1,"o":{"i":1.5}})") == "/o/i: must be an integer");
    BOOST_TEST(wrong(schema, R"({"a":null})") == "/a: must be a number");
}

BOOST_AUTO_TEST_CASE(checks_enumerations_and_lengths) {
    BOOST_TEST(wrong(R"({"enum":["a","b"]})", R"("a")") == "");
    BOOST_TEST(wrong(R"({"enum":["a","b"]})", R"("c")") ==
               R"(arguments: must be one of ["a","b"])");
    BOOST_TEST(wrong(R"({"type":"string","minLength":1})", R"("")") == "arguments: is too short");
}

BOOST_AUTO_TEST_SUITE_END()
