// Edges of JSON Schema 2020-12 that are easy to get wrong.
#include <string>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/schema/schema.hpp"

using namespace tollgate::mcp;
namespace json = boost::json;

namespace {

bool takes(std::string_view schema_text, std::string_view value) {
    schema const s(json::parse(schema_text));
    return !s.mismatch(json::parse(value), "value");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_schema_standard_edges)

// JSON Schema Validation §6.3.3: ECMA-262, without flags.
BOOST_AUTO_TEST_CASE(the_ends_of_a_pattern_are_those_of_the_text_and_of_no_line) {
    BOOST_TEST(takes(R"({"pattern":"^a$"})", R"("a")"));
    for (auto const* lines : {R"("x\na")", R"("a\n")", R"("a\nb")"})
        BOOST_TEST(!takes(R"({"pattern":"^a$"})", lines), lines);
    BOOST_TEST(!takes(R"({"pattern":"^a.b$"})", R"("a\nb")"));
}

// RFC 6901 §6, JSON Schema Core §8.2.3.
BOOST_AUTO_TEST_CASE(a_reference_is_percent_decoded) {
    constexpr auto schema_text =
        R"({"$defs":{"a b":{"type":"string"},"a%b":{"type":"null"}},
            "properties":{"x":{"$ref":"#/$defs/a%20b"},"y":{"$ref":"#/$defs/a%25b"}}})";
    BOOST_TEST(takes(schema_text, R"({"x":"s","y":null})"));
    BOOST_TEST(!takes(schema_text, R"({"x":1})"));
    BOOST_TEST(!takes(schema_text, R"({"y":1})"));
}

// RFC 3986 §4.4: a same-document reference.
BOOST_AUTO_TEST_CASE(the_empty_reference_is_the_schema_itself) {
    constexpr auto tree = R"({"properties":{"child":{"$ref":""}},"required":["name"]})";
    BOOST_TEST(takes(tree, R"({"name":"a","child":{"name":"b"}})"));
    BOOST_TEST(!takes(tree, R"({"name":"a","child":{}})"));
}

// Of the official suite: "$anchor inside an enum is not a real identifier".
BOOST_AUTO_TEST_CASE(an_anchor_within_a_value_is_no_anchor) {
    constexpr auto text =
        R"({"$defs":{"in_enum":{"enum":[{"$anchor":"my","type":"null"}]},
                     "real":{"$anchor":"my","type":"string"}},"$ref":"#my"})";
    BOOST_TEST(takes(text, R"("x")"));
    BOOST_TEST(!takes(text, "null"));
}

// MCP, Transports: JSON-RPC messages MUST be UTF-8 encoded.
BOOST_AUTO_TEST_CASE(a_long_name_is_shortened_between_two_characters) {
    schema const s(json::parse(R"({"additionalProperties":false})"));
    json::object const value{{std::string(99, 'x') + "\xC3\xA4", 1}};
    auto const told = s.mismatch(value, "value");
    BOOST_REQUIRE(told.has_value());
    BOOST_TEST(told->find('\xC3') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
