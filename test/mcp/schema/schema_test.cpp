#include "mcp/schema/schema.hpp"

#include <string>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using tollgate::mcp::schema;
namespace json = boost::json;

namespace {

// What is wrong with the value; "" when it fits.
std::string wrong(std::string const& text, std::string const& value) {
    return schema(json::parse(text)).mismatch(json::parse(value)).value_or("");
}
// Why the schema itself is refused; "" when it is not.
std::string refused(std::string const& text) {
    try {
        schema const s(json::parse(text));
    } catch (std::logic_error const& e) {
        return e.what();
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_schema)

BOOST_AUTO_TEST_CASE(accepts_what_fits) {
    auto const* text = R"({"type":"object","properties":{"s":{"type":"string"},
        "n":{"type":"number"},"i":{"type":"integer"},"b":{"type":"boolean"},"a":{"type":"array"},
        "z":{"type":"null"},"u":{"type":["string","null"]}},"required":["s"]})";
    BOOST_TEST(wrong(text, R"({"s":"x","n":1.5,"i":3.0,"b":true,"a":[],"z":null,"u":null})") == "");
    BOOST_TEST(wrong(text, R"({"s":"x","unknown":{"deep":1}})") == "");
    BOOST_TEST(wrong("true", "7") == "");
    BOOST_TEST(wrong("{}", "7") == "");
}

BOOST_AUTO_TEST_CASE(points_at_what_is_missing_or_of_the_wrong_type) {
    auto const* text = R"({"type":"object","properties":{"a":{"type":"number"},
        "o":{"type":"object","properties":{"i":{"type":"integer"}},"required":["i"]},
        "l":{"type":"array","items":{"type":"string"}},"u":{"type":["string","null"]}},
        "required":["a"]})";
    BOOST_TEST(wrong(text, "[]") == "arguments: must be an object");
    BOOST_TEST(wrong(text, "{}") == "/a: is missing");
    BOOST_TEST(wrong(text, R"({"a":"1"})") == "/a: must be a number");
    BOOST_TEST(wrong(text, R"({"a":1,"o":{}})") == "/o/i: is missing");
    BOOST_TEST(wrong(text, R"({"a":1,"o":{"i":1.5}})") == "/o/i: must be an integer");
    BOOST_TEST(wrong(text, R"({"a":null})") == "/a: must be a number");
    BOOST_TEST(wrong(text, R"({"a":1,"l":["x",7]})") == "/l/1: must be a string");
    BOOST_TEST(wrong(text, R"({"a":1,"u":7})") == "/u: must be a string or null");
    BOOST_TEST(wrong("false", "7") == "arguments: is not allowed");
}

// RFC 6901 §3: "~" and "/" in a name are escaped.
BOOST_AUTO_TEST_CASE(escapes_names_in_pointers_and_cuts_long_ones) {
    BOOST_TEST(wrong(R"({"additionalProperties":{"type":"null"}})", R"({"a/b~c":1})") ==
               "/a~1b~0c: must be null");
    auto const long_name = std::string(500, 'x');
    auto const sentence = wrong(R"({"additionalProperties":false})", "{\"" + long_name + "\":1}");
    BOOST_TEST(sentence == '/' + std::string(100, 'x') + ": is not allowed");
}

// JSON Schema Validation 2020-12 §6.1.2: enum compares instances, so 1 and 1.0 are one value.
BOOST_AUTO_TEST_CASE(checks_enumerations_and_constants) {
    BOOST_TEST(wrong(R"({"enum":["a","b"]})", R"("a")") == "");
    BOOST_TEST(wrong(R"({"enum":["a","b"]})", R"("c")") ==
               R"(arguments: must be one of ["a","b"])");
    BOOST_TEST(wrong(R"({"enum":[1,{"a":[2]}]})", "1.0") == "");
    BOOST_TEST(wrong(R"({"enum":[1,{"a":[2]}]})", R"({"a":[2.0]})") == "");
    BOOST_TEST(wrong(R"({"const":{"a":1}})", R"({"a":1,"b":2})") ==
               R"(arguments: must be {"a":1})");
}

// JSON Schema Validation 2020-12 §6.2: numbers.
BOOST_AUTO_TEST_CASE(checks_the_limits_of_numbers) {
    BOOST_TEST(wrong(R"({"minimum":3})", "3") == "");
    BOOST_TEST(wrong(R"({"minimum":3})", "2.9") == "arguments: must be at least 3");
    BOOST_TEST(wrong(R"({"maximum":3})", "4") == "arguments: must be at most 3");
    BOOST_TEST(wrong(R"({"exclusiveMinimum":3})", "3") == "arguments: must be more than 3");
    BOOST_TEST(wrong(R"({"exclusiveMaximum":3})", "3") == "arguments: must be less than 3");
    BOOST_TEST(wrong(R"({"multipleOf":0.01})", "19.99") == "");
    BOOST_TEST(wrong(R"({"multipleOf":2})", "3") == "arguments: must be a multiple of 2");
    BOOST_TEST(wrong(R"({"minimum":3})", R"("text")") == "");
}

// JSON Schema Validation 2020-12 §6.3.1: the length of a string is its characters.
BOOST_AUTO_TEST_CASE(checks_the_length_and_pattern_of_texts) {
    BOOST_TEST(wrong(R"({"minLength":1})", R"("")") ==
               "arguments: must have at least 1 characters");
    BOOST_TEST(wrong(R"({"maxLength":2})", R"("äö")") == "");
    BOOST_TEST(wrong(R"({"maxLength":2})", R"("äöü")") ==
               "arguments: must have at most 2 characters");
    BOOST_TEST(wrong(R"({"pattern":"^[a-z]+$"})", R"("abc")") == "");
    BOOST_TEST(wrong(R"({"pattern":"b"})", R"("abc")") == "");
    BOOST_TEST(wrong(R"({"pattern":"^[a-z]+$"})", R"("ab1")") ==
               "arguments: must match the pattern ^[a-z]+$");
}

BOOST_AUTO_TEST_CASE(a_text_that_makes_a_pattern_run_wild_does_not_fit_and_ends) {
    auto const evil = '"' + std::string(4'000, 'a') + "!\"";
    BOOST_TEST(wrong(R"({"pattern":"^(a+)+$"})", evil) != "");
}

// MCP 2025-11-25, Client Features, Elicitation, "Requested Schema": the four formats.
BOOST_AUTO_TEST_CASE(checks_the_formats_of_elicitation) {
    struct row {
        char const* format;
        char const* text;
        bool fits;
    };
    row const rows[] = {
        {"email", "user@example.com", true},
        {"email", "a.b+c@sub.example.org", true},
        {"email", "user", false},
        {"email", "@example.com", false},
        {"email", "a b@example.com", false},
        {"email", "a@b@example.com", false},
        {"email", "a..b@example.com", false},
        {"email", "user@-example.com", false},
        {"uri", "https://example.com/a?b#c", true},
        {"uri", "urn:isbn:1", true},
        {"uri", "example.com", false},
        {"uri", "http:", false},
        {"uri", "1http://x", false},
        {"uri", "https://example.com/a b", false},
        {"date", "2024-02-29", true},
        {"date", "2023-02-29", false},
        {"date", "1900-02-29", false},
        {"date", "2024-13-01", false},
        {"date", "2024-1-1", false},
        {"date-time", "2024-02-29T23:59:60Z", true},
        {"date-time", "2024-02-29t12:00:00.5+02:00", true},
        {"date-time", "2024-02-29 12:00:00Z", false},
        {"date-time", "2024-02-29T24:00:00Z", false},
        {"date-time", "2024-02-29T12:00:00", false},
        {"date-time", "2024-02-29T12:00:00.Z", false},
        {"date-time", "2024-02-29T12:00:00+24:00", false},
    };
    for (auto const& r : rows) {
        auto const found = wrong(std::string(R"({"format":")") + r.format + "\"}",
                                 '"' + std::string(r.text) + '"');
        BOOST_TEST(found.empty() == r.fits, r.format << ' ' << r.text << ' ' << found);
    }
}

// JSON Schema Validation 2020-12 §6.4, §6.5: arrays and objects.
BOOST_AUTO_TEST_CASE(checks_arrays_and_objects) {
    BOOST_TEST(wrong(R"({"minItems":1})", "[]") == "arguments: must have at least 1 items");
    BOOST_TEST(wrong(R"({"maxItems":1})", "[1,2]") == "arguments: must have at most 1 items");
    BOOST_TEST(wrong(R"({"uniqueItems":true})", "[1,2]") == "");
    BOOST_TEST(wrong(R"({"uniqueItems":true})", "[1,2,1.0]") ==
               "arguments: must not repeat an item");
    BOOST_TEST(wrong(R"({"uniqueItems":false})", "[1,1]") == "");
    BOOST_TEST(wrong(R"({"minProperties":1})", "{}") == "arguments: must have at least 1 members");
    BOOST_TEST(wrong(R"({"maxProperties":0})", R"({"a":1})") ==
               "arguments: must have at most 0 members");
    BOOST_TEST(wrong(R"({"propertyNames":{"maxLength":1}})", R"({"ab":1})") ==
               "/ab: has a wrong name");
    auto const* tuple = R"({"prefixItems":[{"type":"string"}],"items":{"type":"number"}})";
    BOOST_TEST(wrong(tuple, R"(["a",1,2])") == "");
    BOOST_TEST(wrong(tuple, R"([1])") == "/0: must be a string");
    BOOST_TEST(wrong(tuple, R"(["a","b"])") == "/1: must be a number");
}

// JSON Schema Core 2020-12 §10.3.2.3: additionalProperties sees what properties does not name.
BOOST_AUTO_TEST_CASE(checks_properties_that_nobody_named) {
    auto const* text = R"({"properties":{"a":{}},"additionalProperties":false})";
    BOOST_TEST(wrong(text, R"({"a":1})") == "");
    BOOST_TEST(wrong(text, R"({"a":1,"b":2})") == "/b: is not allowed");
}

// JSON Schema Core 2020-12 §10.2: allOf, anyOf, oneOf, not, if, then, else.
BOOST_AUTO_TEST_CASE(checks_compositions) {
    BOOST_TEST(wrong(R"({"allOf":[{"minimum":1},{"maximum":3}]})", "2") == "");
    BOOST_TEST(wrong(R"({"allOf":[{"minimum":1},{"maximum":3}]})", "4") ==
               "arguments: must be at most 3");
    auto const* any = R"({"anyOf":[{"required":["p"]},{"required":["e"]}]})";
    BOOST_TEST(wrong(any, R"({"e":1})") == "");
    BOOST_TEST(wrong(any, "{}") ==
               "arguments: must fit one of several schemas, and fits none: "
               "(/p: is missing) (/e: is missing)");
    auto const* one = R"({"oneOf":[{"minimum":1},{"maximum":3}]})";
    BOOST_TEST(wrong(one, "0") == "");
    BOOST_TEST(wrong(one, "2") == "arguments: must fit exactly one of several schemas, and fits 2");
    BOOST_TEST(wrong(R"({"not":{"type":"string"}})", "1") == "");
    BOOST_TEST(wrong(R"({"not":{"type":"string"}})", R"("a")") ==
               R"(arguments: must not fit the schema of "not")");
    auto const* choice = R"({"if":{"properties":{"m":{"const":"p"}},"required":["m"]},
        "then":{"required":["phone"]},"else":{"required":["email"]}})";
    BOOST_TEST(wrong(choice, R"({"m":"p","phone":"1"})") == "");
    BOOST_TEST(wrong(choice, R"({"m":"p"})") == "/phone: is missing");
    BOOST_TEST(wrong(choice, R"({"m":"e"})") == "/email: is missing");
    BOOST_TEST(wrong(R"({"then":false})", "1") == "");
}

// JSON Schema Core 2020-12 §8.2.3, §8.2.2: $ref by JSON pointer, by anchor, and in a circle.
BOOST_AUTO_TEST_CASE(follows_references_inside_of_the_document) {
    auto const* text = R"({"$defs":{"addr":{"$anchor":"home","type":"object",
        "properties":{"street":{"type":"string"}}}},
        "properties":{"a":{"$ref":"#/$defs/addr"},"b":{"$ref":"#home"}}})";
    BOOST_TEST(wrong(text, R"({"a":{"street":"x"},"b":{}})") == "");
    BOOST_TEST(wrong(text, R"({"a":{"street":7}})") == "/a/street: must be a string");
    BOOST_TEST(wrong(text, R"({"b":7})") == "/b: must be an object");
    auto const* tree = R"({"type":"object","properties":{"next":{"$ref":"#"}}})";
    BOOST_TEST(wrong(tree, R"({"next":{"next":{}}})") == "");
    BOOST_TEST(wrong(tree, R"({"next":{"next":7}})") == "/next/next: must be an object");
}

// MCP 2026-07-28, Base Protocol, "Composition-Keyword Resource Use": bounds on what a check costs.
BOOST_AUTO_TEST_CASE(gives_up_on_a_value_that_takes_too_much_work) {
    BOOST_TEST(wrong(R"({"$ref":"#"})", "1") == "arguments: is too complicated to be checked");
    std::string list = "[0";
    for (int i = 1; i < 1'000; ++i)
        list += ',' + std::to_string(i);
    list += ']';
    BOOST_TEST(wrong(R"({"uniqueItems":true})", list) ==
               "arguments: is too complicated to be checked");
    BOOST_TEST(wrong(R"({"not":{"$ref":"#"}})", "1") != "");
    BOOST_TEST(wrong(R"({"if":{"$ref":"#"},"then":false})", "1") != "");
    BOOST_TEST(wrong(R"({"anyOf":[{"$ref":"#"},true]})", "1") != "");
}

// MCP 2026-07-28, Base Protocol, "$ref Resolution": never fetched, and never taken for a yes.
BOOST_AUTO_TEST_CASE(refuses_a_reference_that_leads_outside_or_nowhere) {
    BOOST_TEST(refused(R"({"$ref":"https://example.com/s"})") ==
               "/$ref leads outside of the schema");
    BOOST_TEST(refused(R"({"properties":{"a":{"$ref":"#/$defs/b"}}})") ==
               "/properties/a/$ref leads nowhere");
    BOOST_TEST(refused(R"({"$ref":"#x"})") == "/$ref leads to an anchor that is not there");
    BOOST_TEST(refused(R"({"$ref":7})") == "/$ref must be a string");
}

// MCP 2026-07-28, Base Protocol, "Implementation Requirements": an unsupported dialect is an error.
BOOST_AUTO_TEST_CASE(refuses_what_it_would_not_check) {
    BOOST_TEST(refused(R"({"$schema":"https://json-schema.org/draft/2020-12/schema"})") == "");
    BOOST_TEST(refused(R"({"$schema":"http://json-schema.org/draft-07/schema#"})") ==
               "/$schema is a dialect other than 2020-12");
    BOOST_TEST(refused(R"({"items":{"unevaluatedItems":false}})") ==
               "/items/unevaluatedItems is a keyword that is not implemented");
    BOOST_TEST(refused(R"({"format":"ipv6"})") == "/format is a format that is not implemented");
    BOOST_TEST(refused("7") == "the schema must be an object or a boolean");
}

BOOST_AUTO_TEST_CASE(refuses_keywords_with_values_that_they_do_not_take) {
    for (auto const* text : {R"({"type":"text"})",   R"({"type":[]})",
                             R"({"enum":1})",        R"({"required":"a"})",
                             R"({"required":[1]})",  R"({"minimum":"1"})",
                             R"({"minLength":-1})",  R"({"maxItems":1.5})",
                             R"({"multipleOf":0})",  R"({"pattern":"("})",
                             R"({"pattern":"ä"})",   R"({"pattern":1})",
                             R"({"properties":[]})", R"({"properties":{"a":1}})",
                             R"({"anyOf":[]})",      R"({"anyOf":{}})",
                             R"({"items":[]})",      R"({"uniqueItems":1})",
                             R"({"format":1})",      R"({"then":7})",
                             R"({"$defs":{"a":7}})"}) {
        BOOST_TEST(refused(text) != "", text);
    }
}

BOOST_AUTO_TEST_CASE(names_the_whole_as_the_caller_wants) {
    schema const s(json::parse(R"({"type":"object"})"));
    BOOST_TEST(s.mismatch(json::value(1), "content").value() == "content: must be an object");
    BOOST_TEST(s.source().at("type") == "object");
}

BOOST_AUTO_TEST_SUITE_END()
