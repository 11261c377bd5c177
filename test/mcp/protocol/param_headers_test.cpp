// Mcp-Param-*: arguments that are mirrored into headers.
#include "mcp/protocol/param_headers.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace json = boost::json;

namespace {

constexpr char schema[] = R"({"type":"object","properties":{
    "region":{"type":"string","x-mcp-header":"Region"},
    "limits":{"type":"object","properties":{"count":{"type":"integer","x-mcp-header":"Count"}}},
    "dry":{"type":"boolean","x-mcp-header":"Dry"},
    "query":{"type":"string"}}})";

json::object object(std::string const& text) {
    return json::parse(text).as_object();
}

// What is wrong, or "".
std::string flaw(std::string const& arguments, std::vector<http::header_view> headers) {
    http::request r;
    r.headers = std::move(headers);
    return mcp::flaw_in_params(mcp::mirrored_params(object(schema)), object(arguments), r)
        .value_or("");
}

void is_refused(std::string const& property) {
    BOOST_TEST_CONTEXT(property) {
        BOOST_CHECK_THROW(mcp::mirrored_params(object(property)), std::logic_error);
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_param_headers)

BOOST_AUTO_TEST_CASE(finds_annotations_at_any_depth_of_properties) {
    auto const found = mcp::mirrored_params(object(schema));
    BOOST_REQUIRE(found.size() == 3u);
    BOOST_TEST(found[0].header == "Mcp-Param-Region");
    BOOST_TEST(found[1].header == "Mcp-Param-Count");
    BOOST_TEST(found[1].path.size() == 2u);
    BOOST_TEST(mcp::mirrored_params(object(R"({"type":"object"})")).empty());
    // A property may be called anything, and data is no schema.
    BOOST_TEST(mcp::mirrored_params(object(R"({"properties":{"x-mcp-header":{"type":"string"}}})"))
                   .empty());
    BOOST_TEST(mcp::mirrored_params(object(R"({"default":{"x-mcp-header":"A"}})")).empty());
}

// MCP 2026-07-28, Streamable HTTP, "Schema Extension": the name is a field-name token, unique
// whatever its case, on a string, integer or boolean.
BOOST_AUTO_TEST_CASE(refuses_names_that_are_no_field_names_or_come_twice_and_other_types) {
    for (auto const* name : {R"("")", R"("a b")", R"("a:b")", R"("a\r\nb")", "7", R"("ü")"}) {
        is_refused(R"({"properties":{"a":{"type":"string","x-mcp-header":)" + std::string(name) +
                   "}}}");
    }
    is_refused(R"({"properties":{"a":{"type":"string","x-mcp-header":"A"},
                                 "b":{"type":"string","x-mcp-header":"a"}}})");
    for (auto const* type : {"number", "object", "array", "null"}) {
        is_refused(R"({"properties":{"a":{"x-mcp-header":"A","type":")" + std::string(type) +
                   "\"}}}");
    }
    is_refused(R"({"properties":{"a":{"x-mcp-header":"A"}}})");
}

// MCP 2026-07-28, Streamable HTTP, "Schema Extension": only properties that are reachable from the
// root by nothing but `properties`.
BOOST_AUTO_TEST_CASE(refuses_annotations_that_are_not_statically_reachable) {
    std::string const a = R"({"properties":{"a":{"type":"string","x-mcp-header":"A"}}})";
    is_refused(R"({"type":"string","x-mcp-header":"A"})");
    is_refused(R"({"properties":{"l":{"type":"array","items":)" + a + "}}}");
    for (auto const* keyword : {"oneOf", "anyOf", "allOf"}) {
        is_refused("{\"" + std::string(keyword) + "\":[" + a + "]}");
    }
    for (auto const* keyword : {"not", "if", "then", "else"}) {
        is_refused("{\"" + std::string(keyword) + "\":" + a + "}");
    }
    is_refused(R"({"$defs":{"x":)" + a + "}}");
}

BOOST_AUTO_TEST_CASE(takes_headers_that_say_what_the_arguments_say) {
    BOOST_TEST(flaw(R"({"region":"us-west1","limits":{"count":42},"dry":true})",
                    {{"mcp-param-region", "us-west1"},
                     {"Mcp-Param-Count", "42"},
                     {"Mcp-Param-Dry", "true"}}) == "");
    BOOST_TEST(flaw(R"({"region":"Hello"})", {{"Mcp-Param-Region", "=?base64?SGVsbG8=?="}}) == "");
    BOOST_TEST(flaw(R"({"region":"Grüße"})", {{"Mcp-Param-Region", "=?base64?R3LDvMOfZQ==?="}}) ==
               "");
    BOOST_TEST(flaw(R"({"dry":false})", {{"Mcp-Param-Dry", "false"}}) == "");
}

// MCP 2026-07-28, Streamable HTTP, "Server Behavior for Custom Headers": null and absent values
// have no header.
BOOST_AUTO_TEST_CASE(wants_no_header_for_null_and_absent_arguments) {
    BOOST_TEST(flaw("{}", {}) == "");
    BOOST_TEST(flaw(R"({"region":null,"limits":{}})", {}) == "");
    BOOST_TEST(flaw("{}", {{"Mcp-Param-Region", "x"}}) != "");
    BOOST_TEST(flaw(R"({"region":null})", {{"Mcp-Param-Region", ""}}) != "");
    BOOST_TEST(flaw(R"({"limits":7})", {}) == "");
}

// MCP 2026-07-28, Streamable HTTP, "Server Validation": missing, different and malformed.
BOOST_AUTO_TEST_CASE(refuses_headers_that_are_missing_differ_or_come_twice) {
    BOOST_TEST(flaw(R"({"region":"a"})", {}) != "");
    BOOST_TEST(flaw(R"({"region":"a"})", {{"Mcp-Param-Region", "b"}}) != "");
    BOOST_TEST(flaw(R"({"region":"a"})", {{"Mcp-Param-Region", "A"}}) != "");
    BOOST_TEST(flaw(R"({"region":"a"})", {{"Mcp-Param-Region", "a"}, {"Mcp-Param-Region", "a"}}) !=
               "");
    BOOST_TEST(flaw(R"({"dry":true})", {{"Mcp-Param-Dry", "TRUE"}}) != "");
    BOOST_TEST(flaw(R"({"region":"ü"})", {{"Mcp-Param-Region", "ü"}}) != "");
}

// MCP 2026-07-28, Streamable HTTP, "Value Encoding": the markers stand exactly so; what lacks one
// of them means itself.
BOOST_AUTO_TEST_CASE(decodes_base64_strictly_and_takes_half_a_sentinel_literally) {
    for (auto const* value : {"=?base64?SGVsbG8?=", "=?base64?SGVs!!!bG8=?="}) {
        BOOST_TEST(flaw(R"({"region":"Hello"})", {{"Mcp-Param-Region", value}}) != "");
    }
    for (auto const* value : {"SGVsbG8=", "=?base64?SGVsbG8=", "SGVsbG8=?="}) {
        auto const arguments = R"({"region":")" + std::string(value) + "\"}";
        BOOST_TEST(flaw(arguments, {{"Mcp-Param-Region", value}}) == "");
    }
}

// MCP 2026-07-28, Streamable HTTP, "Server Validation": integers compare as numbers, within the
// safe range.
BOOST_AUTO_TEST_CASE(compares_integers_as_numbers) {
    for (auto const* text : {"42", "42.0", "4.2e1"}) {
        BOOST_TEST(flaw(R"({"limits":{"count":42}})", {{"Mcp-Param-Count", text}}) == "");
    }
    for (auto const* text : {"43", "42x", "", " 42", "0x2a", "42.5"}) {
        BOOST_TEST(flaw(R"({"limits":{"count":42}})", {{"Mcp-Param-Count", text}}) != "");
    }
    BOOST_TEST(flaw(R"({"limits":{"count":-7}})", {{"Mcp-Param-Count", "-7"}}) == "");
    BOOST_TEST(flaw(R"({"limits":{"count":9007199254740992}})",
                    {{"Mcp-Param-Count", "9007199254740992"}}) != "");
}

BOOST_AUTO_TEST_SUITE_END()
