// Keywords that lead to further schemas, the document as a whole, and what a check may cost.
#include <memory>
#include <stdexcept>
#include <string>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/schema/schema.hpp"

using tollgate::mcp::schema;
namespace json = boost::json;

namespace {

constexpr char too_much[] = "is too complicated to be checked";

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

// {"next":{"next":… 7 …}}
json::value chain(int length) {
    json::value v = 7;
    for (int i = 0; i < length; ++i)
        v = json::object{{"next", v}};
    return v;
}

std::string array_of(std::size_t zeros) {
    std::string out = "[0";
    for (std::size_t i = 1; i < zeros; ++i)
        out += ",0";
    return out + ']';
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_schema_structure)

// JSON Schema Core 2020-12 §4.3.2: true is a schema that fits everything, false one that nothing
// fits, wherever a schema may stand.
BOOST_AUTO_TEST_CASE(a_boolean_is_a_schema_in_every_place) {
    struct row {
        char const* schema;
        char const* value;
        bool fits;
    };
    row const rows[] = {
        {R"({"properties":{"a":false}})", "{}", true},
        {R"({"properties":{"a":false}})", R"({"a":1})", false},
        {R"({"properties":{"a":true}})", R"({"a":1})", true},
        {R"({"propertyNames":false})", "{}", true},
        {R"({"propertyNames":false})", R"({"a":1})", false},
        {R"({"items":false})", "[]", true},
        {R"({"items":false})", "[1]", false},
        {R"({"prefixItems":[true,false]})", "[1]", true},
        {R"({"prefixItems":[true,false]})", "[1,2]", false},
        {R"({"allOf":[true,false]})", "1", false},
        {R"({"anyOf":[true,false]})", "1", true},
        {R"({"anyOf":[false,false]})", "1", false},
        {R"({"oneOf":[true,false]})", "1", true},
        {R"({"oneOf":[true,true]})", "1", false},
        {R"({"not":true})", "1", false},
        {R"({"not":false})", "1", true},
        {R"({"not":{"not":{"type":"string"}}})", R"("a")", true},
        {R"({"not":{"not":{"type":"string"}}})", "1", false},
    };
    for (auto const& r : rows)
        BOOST_TEST(wrong(r.schema, r.value).empty() == r.fits, r.schema << ' ' << r.value);
}

// JSON Schema Core 2020-12 §10.3.2.3: only `properties` of the same schema object counts.
BOOST_AUTO_TEST_CASE(additional_properties_do_not_see_into_compositions) {
    auto const* text = R"({"allOf":[{"properties":{"a":{}}}],"additionalProperties":false})";
    BOOST_TEST(wrong(text, R"({"a":1})") == "/a: is not allowed");
    auto const* typed = R"({"properties":{"a":{}},"additionalProperties":{"type":"boolean"}})";
    BOOST_TEST(wrong(typed, R"({"a":1,"b":true})") == "");
    BOOST_TEST(wrong(typed, R"({"a":1,"b":2})") == "/b: must be a boolean");
    BOOST_TEST(wrong(typed, "[1]") == "");
}

// JSON Schema Core 2020-12 §10.3.1.2: only `prefixItems` of the same schema object counts.
BOOST_AUTO_TEST_CASE(items_do_not_see_into_compositions) {
    auto const* text = R"({"allOf":[{"prefixItems":[{},{}]}],"items":{"minimum":5}})";
    BOOST_TEST(wrong(text, "[3,5]") == "/0: must be at least 5");
    BOOST_TEST(wrong(text, "[5,6]") == "");
}

// JSON Schema Core 2020-12 §10.3.1.1: a shorter array fits, prefixItems alone allows any rest.
BOOST_AUTO_TEST_CASE(a_prefix_neither_demands_its_elements_nor_ends_the_array) {
    auto const* open = R"({"prefixItems":[{"type":"string"},{"type":"number"}]})";
    for (auto const* value : {"[]", R"(["a"])", R"(["a",1])", R"(["a",1,null])", "{}", "7"})
        BOOST_TEST(wrong(open, value) == "", value);
    auto const* closed = R"({"prefixItems":[{"type":"string"}],"items":false})";
    BOOST_TEST(wrong(closed, R"(["a"])") == "");
    BOOST_TEST(wrong(closed, R"(["a",1])") == "/1: is not allowed");
}

// JSON Schema Core 2020-12 §10.2.2: without `then` or `else` the answer to `if` changes nothing.
BOOST_AUTO_TEST_CASE(a_question_without_that_branch_changes_nothing) {
    BOOST_TEST(wrong(R"({"if":{"const":1}})", "2") == "");
    BOOST_TEST(wrong(R"({"if":{"const":1},"then":false})", "2") == "");
    BOOST_TEST(wrong(R"({"if":{"const":1},"then":false})", "1") == "arguments: is not allowed");
    BOOST_TEST(wrong(R"({"if":{"const":1},"else":false})", "1") == "");
    BOOST_TEST(wrong(R"({"if":{"const":1},"else":false})", "2") == "arguments: is not allowed");
    BOOST_TEST(wrong(R"({"then":false,"else":false})", "1") == "");
}

// JSON Schema Core 2020-12 §8.2.3.1: $ref is one keyword among others.
BOOST_AUTO_TEST_CASE(what_stands_beside_a_reference_counts_as_well) {
    auto const* text = R"({"$defs":{"list":{"type":"array"}},"$ref":"#/$defs/list","maxItems":1})";
    BOOST_TEST(wrong(text, "[1]") == "");
    BOOST_TEST(wrong(text, "[1,2]") == "arguments: must have at most 1 items");
    BOOST_TEST(wrong(text, "{}") == "arguments: must be an array");
}

// RFC 6901 §3, §4: "~1" and "~0" in a pointer, and the index of an element.
BOOST_AUTO_TEST_CASE(a_reference_is_a_pointer_with_its_escapes_and_indexes) {
    auto const* text = R"({"$defs":{"a~b":{"type":"string"},"a/b":{"type":"null"}},
        "prefixItems":[{"type":"boolean"}],
        "properties":{"tilde":{"$ref":"#/$defs/a~0b"},"slash":{"$ref":"#/$defs/a~1b"},
                      "index":{"$ref":"#/prefixItems/0"},"other":{"$ref":"#/properties/tilde"}}})";
    BOOST_TEST(wrong(text, R"({"tilde":"x","slash":null,"index":true,"other":"x"})") == "");
    BOOST_TEST(wrong(text, R"({"tilde":1})") == "/tilde: must be a string");
    BOOST_TEST(wrong(text, R"({"slash":1})") == "/slash: must be null");
    BOOST_TEST(wrong(text, R"({"index":1})") == "/index: must be a boolean");
    BOOST_TEST(wrong(text, R"({"other":1})") == "/other: must be a string");
}

// JSON Schema Core 2020-12 §8.2.3.1: two schemas may refer to each other.
BOOST_AUTO_TEST_CASE(follows_schemas_that_refer_to_each_other) {
    auto const* text = R"({"$ref":"#/$defs/tree","$defs":{
        "tree":{"type":"object","properties":{"nodes":{"type":"array",
            "items":{"$ref":"#/$defs/node"}}},"required":["nodes"]},
        "node":{"type":"object","properties":{"value":{"type":"number"},
            "subtree":{"$ref":"#/$defs/tree"}},"required":["value"]}}})";
    BOOST_TEST(wrong(text, R"({"nodes":[{"value":1,"subtree":{"nodes":[{"value":2}]}}]})") == "");
    BOOST_TEST(wrong(text, R"({"nodes":[{"value":1,"subtree":{"nodes":[{"value":"2"}]}}]})") ==
               "/nodes/0/subtree/nodes/0/value: must be a number");
}

// JSON Schema Core 2020-12 §9.4.2: what stands in const, enum or default is no schema, and a
// property may be called like a keyword.
BOOST_AUTO_TEST_CASE(data_and_names_of_properties_are_no_keywords) {
    BOOST_TEST(wrong(R"({"const":{"$ref":"#/nowhere"}})", R"({"$ref":"#/nowhere"})") == "");
    BOOST_TEST(refused(R"({"default":{"type":"nonsense","unknown":1}})") == "");
    auto const* text = R"({"properties":{"$ref":{"type":"string"},"enum":{"type":"integer"},
        "properties":{"type":"array"},"not":{"type":"null"}}})";
    BOOST_TEST(wrong(text, R"({"$ref":"#/x","enum":1,"properties":[],"not":null})") == "");
    BOOST_TEST(wrong(text, R"({"$ref":1})") == "/$ref: must be a string");
    BOOST_TEST(wrong(text, R"({"enum":"1"})") == "/enum: must be an integer");
}

BOOST_AUTO_TEST_CASE(refuses_a_reference_to_what_is_no_schema) {
    BOOST_TEST(refused(R"({"$ref":"#/title","title":"text"})") != "");
    BOOST_TEST(refused(R"({"$ref":"#/allOf","allOf":[{}]})") != "");
    for (auto const* elsewhere : {"other.json", "other.json#/a", "/a", "urn:x"}) {
        auto const text = std::string(R"({"$ref":")") + elsewhere + "\"}";
        BOOST_TEST(refused(text) == "/$ref leads outside of the schema", elsewhere);
    }
}

// A tool must not find out at its first call that its schema is none.
BOOST_AUTO_TEST_CASE(checks_also_the_subschemas_that_nothing_leads_to) {
    BOOST_TEST(refused(R"({"$defs":{"a":{"type":"nonsense"}}})") == "/$defs/a/type names no type");
    BOOST_TEST(refused(R"({"then":{"minimum":"x"}})") == "/then/minimum must be a number");
}

BOOST_AUTO_TEST_CASE(names_the_place_of_what_it_refuses) {
    struct row {
        char const* schema;
        char const* why;
    };
    row const rows[] = {
        {R"({"properties":{"a":{"items":{"minimum":"x"}}}})",
         "/properties/a/items/minimum must be a number"},
        {R"({"allOf":[{},{"type":"x"}]})", "/allOf/1/type names no type"},
        {R"({"if":{"enum":1}})", "/if/enum must be an array"},
        {R"({"not":{"oneOf":[true,{"required":[1]}]}})", "/not/oneOf/1/required must hold strings"},
        {R"({"propertyNames":{"maxLength":-1}})", "/propertyNames/maxLength must be a count"},
        {R"({"additionalProperties":7})", "/additionalProperties must be an object or a boolean"},
        {R"({"prefixItems":[]})", "/prefixItems must be an array of schemas"},
    };
    for (auto const& r : rows)
        BOOST_TEST(refused(r.schema) == r.why);
}

// MCP 2026-07-28, Base Protocol, "Composition-Keyword Resource Use": bounds on depth and on the
// number of subschemas, also of the schema itself.
BOOST_AUTO_TEST_CASE(refuses_a_schema_of_very_many_subschemas) {
    std::string text = R"({"allOf":[{})";
    for (int i = 1; i < 10'000; ++i)
        text += ",{}";
    BOOST_TEST(refused(text + "]}").find("too many subschemas") != std::string::npos);
}

// MCP 2026-07-28, Base Protocol, "Composition-Keyword Resource Use": bounds on depth.
BOOST_AUTO_TEST_CASE(a_value_that_nests_too_deep_for_a_recursive_schema_does_not_fit) {
    schema const s(json::parse(R"({"properties":{"next":{"$ref":"#"}}})"));
    BOOST_TEST(!s.mismatch(chain(20)).has_value());
    auto const found = s.mismatch(chain(200)).value_or("");
    BOOST_TEST(found.ends_with(too_much), found);
}

// MCP 2026-07-28, Base Protocol, "Composition-Keyword Resource Use": bounds on work.
BOOST_AUTO_TEST_CASE(a_value_of_more_elements_than_may_be_looked_at_does_not_fit) {
    BOOST_TEST(wrong(R"({"items":{"type":"integer"}})", array_of(10'000)) == "");
    BOOST_TEST(wrong(R"({"items":{"type":"integer"}})", array_of(30'000)).ends_with(too_much));
}

BOOST_AUTO_TEST_CASE(work_that_would_double_at_every_level_comes_to_an_end) {
    std::string text = R"({"$defs":{"d0":{"type":"integer"})";
    for (int i = 1; i <= 40; ++i) {
        auto const before = R"({"$ref":"#/$defs/d)" + std::to_string(i - 1) + "\"}";
        text += ",\"d" + std::to_string(i) + R"(":{"allOf":[)" + before + ',' + before + "]}";
    }
    BOOST_TEST(wrong(text + R"(},"$ref":"#/$defs/d40"})", "1") ==
               std::string("arguments: ") + too_much);
}

BOOST_AUTO_TEST_CASE(every_check_has_a_budget_of_its_own) {
    schema const s(json::parse(R"({"properties":{"next":{"$ref":"#"}}})"));
    BOOST_TEST(s.mismatch(chain(200)).has_value());
    BOOST_TEST(!s.mismatch(chain(3)).has_value());
}

BOOST_AUTO_TEST_CASE(a_copy_checks_after_the_original_is_gone) {
    auto first = std::make_unique<schema>(json::parse(R"({"$ref":"#/$defs/a","$defs":{"a":
        {"enum":["x"]}}})"));
    auto const copy = *first;
    first.reset();
    BOOST_TEST(!copy.mismatch(json::value("x")).has_value());
    BOOST_TEST(copy.mismatch(json::value("y")).value() == R"(arguments: must be one of ["x"])");
}

BOOST_AUTO_TEST_SUITE_END()
