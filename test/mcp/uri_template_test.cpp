#include "mcp/uri_template.hpp"

#include <stdexcept>

#include <boost/test/unit_test.hpp>

using tollgate::mcp::uri_template;

namespace {

// The values as "name=value name=value"; "no" when the URI does not match.
std::string matched(std::string_view form, std::string_view uri) {
    uri_template const t(form);
    auto const values = t.match(uri);
    if (!values) return "no";
    std::string out;
    for (auto const& [name, value] : *values) {
        if (!out.empty()) out += ' ';
        out += name + '=' + value;
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_uri_template)

// RFC 6570 §3.2.2: simple string expansion leaves unreserved characters and encodes the rest.
BOOST_AUTO_TEST_CASE(finds_the_values_with_which_it_expands_to_a_uri) {
    BOOST_TEST(matched("test://template/{id}/data", "test://template/123/data") == "id=123");
    BOOST_TEST(matched("a:{x}", "a:b-c_d.e~f") == "x=b-c_d.e~f");
    BOOST_TEST(matched("a:{x}/{y}", "a:1/2") == "x=1 y=2");
    BOOST_TEST(matched("a:{x}", "a:%C3%A4%20b%2Fc") == "x=ä b/c");
    BOOST_TEST(matched("a:b", "a:b") == "");
}

BOOST_AUTO_TEST_CASE(does_not_match_what_it_does_not_expand_to) {
    for (auto const* uri : {"test://template//data", "test://template/1/2/data",
                            "test://template/1/data/", "test://template/1/dat", "test://other/1",
                            "", "test://template/1?x/data", "test://template/a b/data"}) {
        BOOST_TEST(matched("test://template/{id}/data", uri) == "no", uri);
    }
}

// RFC 3986 §2.1: a percent sign begins two hexadecimal digits.
BOOST_AUTO_TEST_CASE(does_not_match_broken_encodings) {
    for (auto const* uri : {"a:%", "a:%4", "a:%zz", "a:%ff", "a:x%C3"}) {
        BOOST_TEST(matched("a:{x}", uri) == "no", uri);
    }
}

BOOST_AUTO_TEST_CASE(knows_its_variables) {
    uri_template const t("a:{x}/{y}");
    auto const names = t.names();
    BOOST_TEST(names.size() == 2u);
    BOOST_TEST(names[0] == "x");
    BOOST_TEST(names[1] == "y");
    BOOST_TEST(t.text() == "a:{x}/{y}");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_template_of_level_one) {
    for (auto const* text : {"a:{", "a:}", "a:{x", "a:{}", "a:{+x}", "a:{x,y}", "a:{x:3}", "{x}",
                             "a:{x}{y}", "a:{x}b{y}"}) {
        BOOST_CHECK_THROW(uri_template{text}, std::logic_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
