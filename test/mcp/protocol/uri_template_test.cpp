#include "mcp/protocol/uri_template.hpp"

#include <stdexcept>

#include <boost/test/unit_test.hpp>

using tollgate::mcp::normalized_uri;
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

// RFC 3986 §3.3: pchar = unreserved / pct-encoded / sub-delims / ":" / "@". encodeURIComponent
// leaves ! ' ( ) * as they are, others leave more.
BOOST_AUTO_TEST_CASE(takes_every_character_of_a_segment_as_itself_or_encoded) {
    for (auto const& [raw, encoded] :
         {std::pair{"O'Brien", "O%27Brien"}, std::pair{"a!(b)*c", "a%21%28b%29%2ac"},
          std::pair{"a$&+,;=:@b", "a%24%26%2B%2C%3B%3D%3A%40b"},
          std::pair{"a-._~0Z", "%61%2D%2E%5F%7E%30%5a"}}) {
        auto const expected = "x=" + std::string(raw);
        BOOST_TEST(matched("a:{x}/z", "a:" + std::string(raw) + "/z") == expected, raw);
        BOOST_TEST(matched("a:{x}/z", "a:" + std::string(encoded) + "/z") == expected, encoded);
    }
}

// RFC 3986 §2.1, §2.3, §3.1, §3.2.2, §6.2.2
BOOST_AUTO_TEST_CASE(brings_equivalent_uris_to_one_form) {
    BOOST_TEST(normalized_uri("TEST://Template/%61%2fB%7e?Q=%41#%5a") ==
               "test://template/a%2FB~?Q=A#Z");
    BOOST_TEST(normalized_uri("Test:A/%c3%a4") == "test:A/%C3%A4");
    BOOST_TEST(normalized_uri("tollgate://%57hoami") == "tollgate://whoami");
    for (auto const* kept : {"", "a:%", "a:%4", "a:%zz", "no scheme", "a://", "tollgate://text"})
        BOOST_TEST(normalized_uri(kept) == kept);
    BOOST_TEST(normalized_uri(normalized_uri("a:%2541")) == normalized_uri("a:%2541"));
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
                             "a:{x}{y}", "a:{x}b{y}", "a:{x}:{y}", "a:{x}'"}) {
        BOOST_CHECK_THROW(uri_template{text}, std::logic_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
