// Keywords about one value: its type, its equality with others, its limits.
#include <string>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/schema/schema.hpp"

using tollgate::mcp::schema;
namespace json = boost::json;

namespace {

// What is wrong with the value; "" when it fits.
std::string wrong(std::string const& text, std::string const& value) {
    return schema(json::parse(text)).mismatch(json::parse(value)).value_or("");
}

struct row {
    char const* schema;
    char const* value;
    bool fits;
};

template <std::size_t N>
void check(row const (&rows)[N]) {
    for (auto const& r : rows) {
        auto const found = wrong(r.schema, r.value);
        BOOST_TEST(found.empty() == r.fits, r.schema << ' ' << r.value << ' ' << found);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_schema_values)

// JSON Schema Validation 2020-12 §6.1.1: six primitive types, and integer, which is a number.
BOOST_AUTO_TEST_CASE(tells_every_type_from_every_other) {
    struct sample {
        std::string type;
        char const* value;
    };
    sample const samples[] = {{"object", "{}"},     {"array", "[]"},  {"string", R"("1")"},
                              {"boolean", "false"}, {"integer", "0"}, {"number", "0.5"},
                              {"null", "null"}};
    for (auto const& wanted : samples) {
        for (auto const& given : samples) {
            bool const fits =
                wanted.type == given.type || (wanted.type == "number" && given.type == "integer");
            auto const found = wrong(R"({"type":")" + wanted.type + "\"}", given.value);
            BOOST_TEST(found.empty() == fits, wanted.type << ' ' << given.value);
        }
    }
}

// JSON Schema Validation 2020-12 §6.1.1: "integer" matches any number with a zero fractional part.
BOOST_AUTO_TEST_CASE(an_integer_is_what_has_no_fraction_however_it_is_written) {
    for (auto const* value : {"-0.0", "3.0", "1e3", "120e-1", "-9223372036854775808",
                              "18446744073709551615", "1e300"}) {
        BOOST_TEST(wrong(R"({"type":"integer"})", value) == "", value);
    }
    for (auto const* value : {"0.1", "-3.5", "1e-1", "12345678.5"}) {
        BOOST_TEST(wrong(R"({"type":"integer"})", value) != "", value);
    }
}

BOOST_AUTO_TEST_CASE(a_list_of_types_takes_each_of_them_and_names_them_all) {
    auto const* text = R"({"type":["integer","null","object"]})";
    for (auto const* value : {"1", "null", "{}"})
        BOOST_TEST(wrong(text, value) == "", value);
    BOOST_TEST(wrong(text, "[]") == "arguments: must be an integer or null or an object");
}

// JSON Schema Core 2020-12 §4.2.2: equal means the same type and value; members have no order,
// elements have one, strings are compared codepoint for codepoint.
BOOST_AUTO_TEST_CASE(compares_instances_by_type_and_value) {
    row const rows[] = {
        {R"({"const":1})", "1.0", true},
        {R"({"const":0.0})", "-0", true},
        {R"({"const":1e2})", "100", true},
        {R"({"const":18446744073709551615})", "18446744073709551615", true},
        {R"({"const":18446744073709551615})", "-1", false},
        {R"({"const":0})", "false", false},
        {R"({"const":1})", "true", false},
        {R"({"const":1})", R"("1")", false},
        {R"({"const":null})", "null", true},
        {R"({"const":null})", "0", false},
        {R"({"const":""})", "null", false},
        {R"({"const":[]})", "{}", false},
        {R"({"const":[1,2]})", "[1.0,2.0]", true},
        {R"({"const":[1,2]})", "[2,1]", false},
        {R"({"const":[1]})", "[1,1]", false},
        {R"({"const":{"a":1,"b":[2]}})", R"({"b":[2.0],"a":1})", true},
        {R"({"const":{}})", R"({"a":null})", false},
        {R"({"const":{"a":null}})", "{}", false},
        {R"({"const":{"a":1}})", R"({"b":1})", false},
        {R"({"const":"a"})", R"("A")", false},
        {R"({"const":"\u00e9"})", R"("e\u0301")", false},
        {R"({"enum":[false]})", "0", false},
        {R"({"enum":[[false]]})", "[0]", false},
        {R"({"enum":[]})", "null", false},
    };
    check(rows);
}

// JSON Schema Validation 2020-12 §6.5.3: every name is a property; other types are not meant.
BOOST_AUTO_TEST_CASE(requires_members_of_objects_alone_and_names_the_first_that_is_missing) {
    auto const* text = R"({"required":["a","b"]})";
    for (auto const* value : {"[]", R"("a")", "7", "null", "true"})
        BOOST_TEST(wrong(text, value) == "", value);
    BOOST_TEST(wrong(text, R"({"a":null,"b":null})") == "");
    BOOST_TEST(wrong(text, R"({"a":1})") == "/b: is missing");
    BOOST_TEST(wrong(text, R"({"c":1})") == "/a: is missing");
    BOOST_TEST(wrong(R"({"required":[]})", "{}") == "");
}

// RFC 6901 §5: the empty name is a name, "/" points at it.
BOOST_AUTO_TEST_CASE(points_at_a_member_without_a_name) {
    BOOST_TEST(wrong(R"({"required":[""]})", "{}") == "/: is missing");
    BOOST_TEST(wrong(R"({"properties":{"":{"type":"null"}}})", R"({"":1})") == "/: must be null");
}

// JSON Schema Validation 2020-12 §6.2.2 to §6.2.5: minimum and maximum hold for the limit itself,
// the exclusive ones do not.
BOOST_AUTO_TEST_CASE(bounds_of_numbers_are_inclusive_or_exclusive_as_their_names_say) {
    row const rows[] = {
        {R"({"minimum":-2})", "-2", true},           {R"({"minimum":-2})", "-2.0001", false},
        {R"({"minimum":1.1})", "1.1", true},         {R"({"minimum":0})", "-0.0", true},
        {R"({"maximum":300})", "300.00", true},      {R"({"maximum":300})", "300.5", false},
        {R"({"exclusiveMinimum":0})", "1e-9", true}, {R"({"exclusiveMinimum":0})", "-0.0", false},
        {R"({"exclusiveMaximum":3})", "2.9", true},  {R"({"exclusiveMaximum":3})", "3.0", false},
        {R"({"minimum":1,"maximum":1})", "1", true}, {R"({"maximum":-1})", "0", false},
    };
    check(rows);
}

// JSON Schema Validation 2020-12 §6.2.1: valid when the division has an integer for a result.
BOOST_AUTO_TEST_CASE(multiples_are_those_whose_quotient_is_an_integer) {
    row const rows[] = {
        {R"({"multipleOf":2})", "0", true},
        {R"({"multipleOf":2})", "-4", true},
        {R"({"multipleOf":2})", "7", false},
        {R"({"multipleOf":1.5})", "4.5", true},
        {R"({"multipleOf":1.5})", "35", false},
        {R"({"multipleOf":0.1})", "0.3", true},
        {R"({"multipleOf":0.0001})", "0.0075", true},
        {R"({"multipleOf":0.0001})", "0.00751", false},
        {R"({"multipleOf":0.5})", "0.75", false},
        {R"({"multipleOf":0.123456789})", "1e308", false},
    };
    check(rows);
}

// JSON Schema Validation 2020-12 §6: each limit is about its own type of value and says nothing
// about others.
BOOST_AUTO_TEST_CASE(a_limit_leaves_values_of_other_types_alone) {
    struct limit {
        char const* schema;
        char const* own;  // the type that it is about
    };
    limit const limits[] = {
        {R"({"minimum":9})", "number"},          {R"({"maximum":-9})", "number"},
        {R"({"exclusiveMinimum":9})", "number"}, {R"({"exclusiveMaximum":-9})", "number"},
        {R"({"multipleOf":7})", "number"},       {R"({"minLength":9})", "string"},
        {R"({"maxLength":0})", "string"},        {R"({"pattern":"^z"})", "string"},
        {R"({"format":"date"})", "string"},      {R"({"minItems":9})", "array"},
        {R"({"maxItems":0})", "array"},          {R"({"uniqueItems":true})", "array"},
        {R"({"minProperties":9})", "object"},    {R"({"maxProperties":0})", "object"},
    };
    struct value {
        std::string type;
        char const* text;
    };
    value const values[] = {{"number", "1"},          {"string", R"("a")"}, {"array", "[1,1]"},
                            {"object", R"({"a":1})"}, {"null", "null"},     {"boolean", "true"}};
    for (auto const& l : limits) {
        for (auto const& v : values) {
            bool const fits = v.type != l.own;
            BOOST_TEST(wrong(l.schema, v.text).empty() == fits, l.schema << ' ' << v.text);
        }
    }
}

// JSON Schema Validation 2020-12 §6.3: the length of a string is the number of its characters as
// RFC 8259 defines them, whatever a reader sees.
BOOST_AUTO_TEST_CASE(counts_codepoints_and_not_bytes_or_graphemes) {
    row const rows[] = {
        {R"({"maxLength":1})", R"("\ud83d\ude00")", true},   // one beyond the basic plane
        {R"({"minLength":2})", R"("\ud83d\ude00")", false},  // and not two
        {R"({"minLength":2})", R"("e\u0301")", true},        // a letter and its accent
        {R"({"maxLength":1})", R"("e\u0301")", false},
        {R"({"minLength":1})", R"("\u0000")", true},
        {R"({"minLength":0})", R"("")", true},
        {R"({"maxLength":0})", R"("")", true},
    };
    check(rows);
}

// JSON Schema Validation 2020-12 §6.3.1: a non-negative integer, however it is written.
BOOST_AUTO_TEST_CASE(takes_a_count_that_is_written_with_a_fraction_of_zero) {
    BOOST_TEST(wrong(R"({"minLength":2.0})", R"("ab")") == "");
    BOOST_TEST(wrong(R"({"maxItems":1.0})", "[1,2]") == "arguments: must have at most 1 items");
}

// JSON Schema Validation 2020-12 §6.4.1, §6.4.2, §6.5.1, §6.5.2: the limit itself fits.
BOOST_AUTO_TEST_CASE(sizes_may_be_just_what_the_limit_says) {
    row const rows[] = {
        {R"({"minItems":2})", "[1,2]", true},
        {R"({"maxItems":2})", "[1,2]", true},
        {R"({"minItems":2,"maxItems":2})", "[1]", false},
        {R"({"minItems":2,"maxItems":2})", "[1,2,3]", false},
        {R"({"minProperties":2})", R"({"a":1,"b":2})", true},
        {R"({"maxProperties":2})", R"({"a":1,"b":2})", true},
        {R"({"minProperties":2})", R"({"a":1})", false},
        {R"({"maxProperties":2})", R"({"a":1,"b":2,"c":3})", false},
    };
    check(rows);
}

// JSON Schema Validation 2020-12 §6.4.3: unique by instance equality, at any depth.
BOOST_AUTO_TEST_CASE(elements_repeat_each_other_when_they_are_equal_as_instances) {
    row const rows[] = {
        {R"({"uniqueItems":true})", "[]", true},
        {R"({"uniqueItems":true})", R"([1,true,"1",[1],{"a":1}])", true},
        {R"({"uniqueItems":true})", "[0,false,null,\"\"]", true},
        {R"({"uniqueItems":true})", "[[1],[true]]", true},
        {R"({"uniqueItems":true})", R"([{"a":false},{"a":0}])", true},
        {R"({"uniqueItems":true})", "[1,2,3,2]", false},
        {R"({"uniqueItems":true})", R"([{"a":1,"b":2},{"b":2,"a":1.0}])", false},
        {R"({"uniqueItems":true})", R"([["foo"],["bar"],["foo"]])", false},
    };
    check(rows);
}

// JSON Schema Core 2020-12 §6.4; Validation §6.3.3: ECMA-262, not anchored, case-sensitive.
BOOST_AUTO_TEST_CASE(a_pattern_may_match_anywhere_unless_it_says_where) {
    row const rows[] = {
        {R"({"pattern":"b+c"})", R"("abbcd")", true},
        {R"({"pattern":"b+c"})", R"("ABBCD")", false},
        {R"({"pattern":""})", R"("")", true},
        {R"({"pattern":"^$"})", R"("a")", false},
        {R"({"pattern":"^\\d{3}$"})", R"("123")", true},
        {R"({"pattern":"^\\d{3}$"})", R"("1234")", false},
        {R"({"pattern":"^(a|b)\\1$"})", R"("bb")", true},
        {R"x({"pattern":"^(?!x)"})x", R"("xa")", false},
    };
    check(rows);
}

BOOST_AUTO_TEST_SUITE_END()
