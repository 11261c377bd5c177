#include "http/message/form.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;

namespace {

form parsed(std::string_view text) {
    auto f = form::parse(text);
    BOOST_REQUIRE_MESSAGE(f, "refused: " << text);
    return *f;
}

std::string refusal(std::string_view text) {
    auto const f = form::parse(text);
    BOOST_REQUIRE_MESSAGE(!f, "accepted: " << text);
    BOOST_TEST(f.error().status() == 400u);
    BOOST_TEST(f.error().error() == "invalid_request");
    return f.error().description();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(forms)

BOOST_AUTO_TEST_CASE(decodes_names_and_values) {
    auto const f = parsed("a=1&b%20c=x+y%2Bz&%C3%A9=%E2%82%AC");
    BOOST_TEST(f.one("a").value() == "1");
    BOOST_TEST(f.one("b c").value() == "x y+z");
    BOOST_TEST(f.one("\xc3\xa9").value() == "\xe2\x82\xac");
    BOOST_TEST(f.text() == "a=1&b%20c=x%20y%2Bz&%C3%A9=%E2%82%AC");
}

BOOST_AUTO_TEST_CASE(an_empty_body_is_an_empty_form) {
    auto const f = parsed("");
    BOOST_CHECK(f.begin() == f.end());
    BOOST_TEST(!parsed("&&").has(""));
}

// RFC 6749 §3.1: a parameter without a value is treated as if it were left out
// RFC 6749 §3.2: likewise at the token endpoint
BOOST_AUTO_TEST_CASE(a_parameter_without_a_value_counts_as_omitted) {
    auto const f = parsed("scope=&state&a=1&%73cope=");
    for (auto const* name : {"scope", "state", "missing"}) {
        BOOST_TEST(!f.one(name).has_value(), name);
        BOOST_TEST(!f.has(name), name);
        BOOST_TEST(f.all(name).empty(), name);
    }
    BOOST_TEST(std::distance(f.begin(), f.end()) == 1);
    BOOST_TEST(f.text() == "a=1");
    BOOST_TEST(!f.repeated().has_value());
    std::vector<std::string> const empty{"scope", "state", "scope"};
    BOOST_TEST(f.without_value() == empty);
}

// RFC 6749 §3.1: what counts as omitted is no second value of what is there
BOOST_AUTO_TEST_CASE(a_parameter_without_a_value_is_no_repetition_of_one_that_has_one) {
    auto const f = parsed("scope=&scope=x&scope");
    BOOST_TEST(f.one("scope").value() == "x");
    BOOST_TEST(!f.repeated().has_value());
    BOOST_TEST(parsed("scope=&scope=x&scope=x").repeated().value() == "scope");
}

// RFC 6749 §3.1: parameters are not included more than once
BOOST_AUTO_TEST_CASE(rfc_6749_3_1_no_parameter_more_than_once) {
    auto const f = parsed("a=1&b=2&a=3");
    BOOST_TEST(!f.one("a").has_value());
    BOOST_TEST(f.repeated().value() == "a");
    BOOST_TEST(f.all("a").size() == 2u);
    BOOST_TEST(!parsed("a=1&b=2").repeated().has_value());
}

// RFC 8707 §2: resource may be there several times
BOOST_AUTO_TEST_CASE(resource_may_be_repeated_as_rfc_8707_2_says) {
    auto const f = parsed("resource=x&resource=y");
    BOOST_TEST(!f.repeated().has_value());
    BOOST_TEST(f.all("resource").size() == 2u);
    BOOST_TEST(f.repeated("other").value() == "resource");
}

BOOST_AUTO_TEST_CASE(an_encoded_name_is_the_same_name) {
    BOOST_TEST(parsed("code=1&c%6Fde=2").repeated().value() == "code");
}

BOOST_AUTO_TEST_CASE(refuses_bad_percent_encoding) {
    for (auto const* bad : {"a=%", "a=%4", "a=%zz", "a=%4g", "%=1", "a=1%2"}) {
        BOOST_TEST(refusal(bad).find("percent") != std::string::npos);
    }
}

// RFC 6749 §10.14: what was received is sanitized
BOOST_AUTO_TEST_CASE(refuses_nul_and_line_breaks_raw_and_encoded) {
    for (std::string_view bad :
         {std::string_view("a=%00"), std::string_view("a=x%0d%0ay"), std::string_view("a%0A=1"),
          std::string_view("a=\n"), std::string_view("a=\0b", 4), std::string_view("a=%0D")}) {
        BOOST_TEST(refusal(bad).find("line break or NUL") != std::string::npos);
    }
}

// RFC 6749 Appendix B: names and values are UTF-8
BOOST_AUTO_TEST_CASE(refuses_what_is_not_utf8) {
    BOOST_TEST(refusal("a=%ff").find("UTF-8") != std::string::npos);
    BOOST_TEST(refusal("a=%c0%af").find("UTF-8") != std::string::npos);
    BOOST_TEST(refusal("%80=1").find("UTF-8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(refuses_a_value_without_a_name) {
    BOOST_TEST(refusal("=1").find("name") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(takes_a_hundred_parameters_and_no_more) {
    std::string text;
    for (int i = 0; i < 100; ++i)
        text += "p" + std::to_string(i) + "=1&";
    BOOST_TEST(parsed(text).has("p99"));
    BOOST_TEST(refusal(text + "one_more=1").find("100") != std::string::npos);
    BOOST_TEST(refusal(text + "one_more=").find("100") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_refusal_never_repeats_what_was_sent) {
    BOOST_TEST(refusal("client_secret=hunter2%zz").find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(percent_encoding_keeps_the_unreserved_characters_of_rfc_3986_2_3) {
    BOOST_TEST(percent_encode("aZ09-._~") == "aZ09-._~");
    BOOST_TEST(percent_encode(" /?#&=+%\xc3\xa9") == "%20%2F%3F%23%26%3D%2B%25%C3%A9");
    auto const back = percent_decode(percent_encode("any \xf0\x9f\x98\x80 thing+%"));
    BOOST_TEST(back.value() == "any \xf0\x9f\x98\x80 thing+%");
}

BOOST_AUTO_TEST_CASE(plus_is_a_space_in_forms_only) {
    BOOST_TEST(percent_decode("a+b").value() == "a+b");
    BOOST_TEST(percent_decode("a+b", true).value() == "a b");
}

// RFC 6749 §3.1.2: the query of the redirect URI is retained
BOOST_AUTO_TEST_CASE(parameters_join_a_url_before_its_fragment) {
    BOOST_TEST(with_query("http://c/cb", {{"code", "a b"}, {"state", "&"}}) ==
               "http://c/cb?code=a%20b&state=%26");
    BOOST_TEST(with_query("http://c/cb?x=1", {{"code", "a"}}) == "http://c/cb?x=1&code=a");
    BOOST_TEST(with_query("http://c/cb?", {{"code", "a"}}) == "http://c/cb?code=a");
    BOOST_TEST(with_query("http://c/cb#f", {{"code", "a"}}) == "http://c/cb?code=a#f");
    BOOST_TEST(with_query("http://c/cb", {}) == "http://c/cb");
}

// RFC 6749 Appendix B: UTF-8. Half of a character as it is beside an encoded half is none as it was
// sent, and whoever keeps the text would keep that.
BOOST_AUTO_TEST_CASE(refuses_a_character_that_is_encoded_by_half) {
    BOOST_TEST(!form::parse("state=\xc3%A9"));
    BOOST_TEST(!form::parse("state=%C3\xa9"));
    BOOST_TEST(bool(form::parse("state=\xc3\xa9")));
    BOOST_TEST(bool(form::parse("state=%C3%A9")));
}

BOOST_AUTO_TEST_SUITE_END()
