// Header values of 2026-07-28: what may stand in one, its Base64 form, and mirrored arguments.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/protocol/header_value.hpp"
#include "mcp/protocol/param_headers.hpp"

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace json = boost::json;

namespace {

// One mirrored parameter "v" of that type, with that argument and that header; "" when they agree.
std::string flaw(char const* type, std::string const& argument,
                 std::optional<std::string_view> header) {
    auto const schema = json::parse(std::string(R"({"type":"object","properties":{"v":{"type":")") +
                                    type + R"(","x-mcp-header":"V"}}})");
    auto const arguments = json::parse(R"({"v":)" + argument + '}');
    http::request r;
    if (header) r.headers.push_back({"Mcp-Param-V", *header});
    return mcp::flaw_in_params(mcp::mirrored_params(schema.as_object()), arguments.as_object(), r)
        .value_or("");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_mirrored_values)

// MCP 2026-07-28, Streamable HTTP, "Value Encoding": visible ASCII, space and tab.
BOOST_AUTO_TEST_CASE(a_plain_value_has_visible_ascii_spaces_and_tabs) {
    for (int c = 0; c < 256; ++c) {
        std::string const value(1, static_cast<char>(c));
        bool const plain = c == '\t' || (c >= 0x20 && c <= 0x7E);
        BOOST_TEST(mcp::is_plain_header_value("a" + value + "b") == plain, c);
    }
    BOOST_TEST(mcp::is_plain_header_value(""));
}

// RFC 4648 §3.3, §4, §5: no line breaks or blanks, and the alphabet with + and /.
BOOST_AUTO_TEST_CASE(the_base64_form_has_the_standard_alphabet_alone) {
    BOOST_TEST(mcp::decode_header_value("=?base64?+/8=?=").value() == "\xfb\xff");
    for (auto const* other :
         {"=?base64?-_8=?=", "=?base64? SGk=?=", "=?base64?SGk= ?=", "=?base64?SG\tk=?=",
          "=?base64?SGk=SGk=?=", "=?base64?=?=", "=?base64?A?="}) {
        BOOST_TEST(!mcp::decode_header_value(other).has_value(), other);
    }
}

BOOST_AUTO_TEST_CASE(the_base64_form_stands_for_any_bytes_and_for_none) {
    BOOST_TEST(mcp::decode_header_value("=?base64?\?=").value().empty());
    BOOST_TEST(mcp::decode_header_value("=?base64?AAAA?=").value() == std::string(3, '\0'));
    BOOST_TEST(mcp::decode_header_value("").value().empty());
}

// MCP 2026-07-28, Streamable HTTP, "Server Behavior for Custom Headers": an empty text is a value,
// and has a header.
BOOST_AUTO_TEST_CASE(an_empty_text_is_mirrored_as_an_empty_value) {
    BOOST_TEST(flaw("string", R"("")", "") == "");
    BOOST_TEST(flaw("string", R"("")", "=?base64?\?=") == "");
    BOOST_TEST(flaw("string", R"("")", std::nullopt) == "Mcp-Param-V is missing");
    BOOST_TEST(flaw("string", R"("a")", "") == "Mcp-Param-V does not match params.arguments");
}

// One of another type than the schema wants is left to the schema, whatever the header says.
BOOST_AUTO_TEST_CASE(an_argument_of_another_type_is_left_to_the_schema) {
    struct row {
        char const* type;
        char const* argument;
    };
    row const rows[] = {{"string", "7"},       {"string", "[]"},        {"string", "true"},
                        {"integer", R"("7")"}, {"integer", "{}"},       {"integer", "true"},
                        {"boolean", "1"},      {"boolean", R"("true")"}};
    for (auto const& r : rows) {
        BOOST_TEST(flaw(r.type, r.argument, std::nullopt) == "", r.type << ' ' << r.argument);
        BOOST_TEST(flaw(r.type, r.argument, "x") == "", r.type << ' ' << r.argument);
    }
}

// MCP 2026-07-28, Streamable HTTP, "Server Validation": integers as numbers, within the range that
// every implementation has (RFC 8259 §6).
BOOST_AUTO_TEST_CASE(integers_agree_up_to_the_end_of_the_safe_range) {
    for (auto const* n : {"9007199254740991", "-9007199254740991", "0", "-1"})
        BOOST_TEST(flaw("integer", n, n) == "", n);
    for (auto const* n : {"9007199254740992", "-9007199254740992", "18446744073709551615"})
        BOOST_TEST(flaw("integer", n, n) != "", n);
    BOOST_TEST(flaw("integer", "42.0", "42") == "");
    BOOST_TEST(flaw("integer", "0", "-0") == "");
}

BOOST_AUTO_TEST_CASE(what_is_no_number_in_json_is_none_in_a_header) {
    for (auto const* text : {"inf", "nan", "infinity", "1e999", "+42", "42,0", "4 2", "\t42", "42L",
                             "0b101010", "forty-two", "=?base64?4?="}) {
        BOOST_TEST(flaw("integer", "42", text) != "", text);
    }
    BOOST_TEST(flaw("integer", "42", "=?base64?NDI=?=") == "");
}

BOOST_AUTO_TEST_CASE(booleans_are_the_two_words_of_json) {
    BOOST_TEST(flaw("boolean", "true", "=?base64?dHJ1ZQ==?=") == "");
    for (auto const* text : {"True", "1", "yes", "", "true "})
        BOOST_TEST(flaw("boolean", "true", text) != "", text);
    for (auto const* text : {"False", "0", "no", "", "true"})
        BOOST_TEST(flaw("boolean", "false", text) != "", text);
}

BOOST_AUTO_TEST_CASE(a_flaw_names_the_header) {
    BOOST_TEST(flaw("string", "null", "x") == "Mcp-Param-V has no counterpart in params.arguments");
    BOOST_TEST(flaw("string", R"("a")", "=?base64?a?=") == "Mcp-Param-V is not valid Base64");
    BOOST_TEST(flaw("string", R"("a")", "a\x7f") == "Mcp-Param-V has an invalid value");
}

BOOST_AUTO_TEST_SUITE_END()
