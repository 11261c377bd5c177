#include "mcp/protocol/header_value.hpp"

#include <boost/test/unit_test.hpp>
#include <set>

using namespace tollgate;
using namespace tollgate::mcp;

BOOST_AUTO_TEST_SUITE(mcp_encoding)

// 2025-11-25 "Session Management": only visible ASCII, 0x21 to 0x7E.
BOOST_AUTO_TEST_CASE(session_ids_are_long_unique_and_visible_ascii) {
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
        auto const id = random_session_id();
        BOOST_TEST(id.size() == 43u);
        for (auto const c : id)
            BOOST_TEST((c >= 0x21 && c <= 0x7E));
        BOOST_TEST(seen.insert(id).second);
    }
}

// 2026-07-28 "Value Encoding", its table of examples.
BOOST_AUTO_TEST_CASE(decodes_the_examples_of_the_specification) {
    BOOST_TEST(decode_header_value("us-west1").value() == "us-west1");
    BOOST_TEST(decode_header_value("=?base64?SGVsbG8sIOS4lueVjA==?=").value() ==
               "Hello, \xE4\xB8\x96\xE7\x95\x8C");
    BOOST_TEST(decode_header_value("=?base64?IHBhZGRlZCA=?=").value() == " padded ");
    BOOST_TEST(decode_header_value("=?base64?bGluZTEKbGluZTI=?=").value() == "line1\nline2");
    BOOST_TEST(decode_header_value("=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=").value() ==
               "=?base64?literal?=");
}

BOOST_AUTO_TEST_CASE(takes_incomplete_or_differently_spelled_markers_literally) {
    for (std::string const& text :
         {std::string("=?base64?SGVsbG8="), std::string("SGVsbG8=?="),
          std::string("=?BASE64?SGVsbG8=?="), std::string("=?base64?=")}) {
        BOOST_TEST(decode_header_value(text).value() == text);
    }
}

BOOST_AUTO_TEST_CASE(refuses_bad_base64_inside_the_markers) {
    for (auto const* text : {"=?base64?SGVsbG8?=", "=?base64?SGVs!G8=?=", "=?base64?SGVsbG9=?=",
                             "=?base64?S===?=", "=?base64?SG=s?="}) {
        BOOST_TEST(!decode_header_value(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
