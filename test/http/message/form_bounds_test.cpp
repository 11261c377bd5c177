// Forms at their bounds, and what is written from them.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "http/message/form.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

constexpr std::size_t longest = 64 << 10;

std::string description_of(std::string const& text) {
    auto const f = form::parse(text);
    BOOST_REQUIRE_MESSAGE(!f, "accepted");
    BOOST_TEST(f.error().status() == 400u);
    return f.error().description();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(form_bounds)

BOOST_AUTO_TEST_CASE(takes_a_parameter_of_64_kib_and_none_that_is_longer) {
    std::string const name = "assertion=";
    auto const whole = name + std::string(longest - name.size(), 'x');
    auto const f = form::parse(whole);
    BOOST_REQUIRE(f);
    BOOST_TEST(f->one("assertion")->size() == longest - name.size());
    BOOST_TEST(description_of(whole + 'x').find("64 KiB") != std::string::npos);
}

// It is what was sent that costs: three bytes for one are three.
BOOST_AUTO_TEST_CASE(measures_a_parameter_as_it_was_sent) {
    std::string encoded = "a=";
    while (encoded.size() <= longest)
        encoded += "%41";
    BOOST_TEST(description_of(encoded).find("64 KiB") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_parameter_does_not_shorten_the_others) {
    std::string const half(longest / 2, 'x');
    auto const f = form::parse("a=" + half + "&b=" + half + "&c=" + half);
    BOOST_REQUIRE(f);
    BOOST_TEST(f->one("c")->size() == half.size());
}

BOOST_AUTO_TEST_CASE(separators_alone_are_no_parameters) {
    std::string many;
    for (int i = 0; i < 300; ++i)
        many += '&';
    auto const f = form::parse(many + "a=1" + many);
    BOOST_REQUIRE(f);
    BOOST_TEST(f->one("a").value() == "1");
    BOOST_TEST(f->text() == "a=1");
}

BOOST_AUTO_TEST_CASE(a_name_is_needed_even_where_the_value_is_left_out) {
    for (auto const* text : {"=", "a=1&=", "=&a=1"})
        BOOST_TEST(description_of(text).find("name") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(the_first_equals_sign_ends_the_name_and_later_ones_are_of_the_value) {
    auto const f = form::parse("a=b=c&d==&e=%3D");
    BOOST_REQUIRE(f);
    BOOST_TEST(f->one("a").value() == "b=c");
    BOOST_TEST(f->one("d").value() == "=");
    BOOST_TEST(f->one("e").value() == "=");
}

// RFC 6749 Appendix B: a plus stands for a space, in names as well as in values
BOOST_AUTO_TEST_CASE(a_plus_is_a_space_in_a_name_too) {
    auto const f = form::parse("a+b=1&c%2Bd=2");
    BOOST_REQUIRE(f);
    BOOST_TEST(f->one("a b").value() == "1");
    BOOST_TEST(f->one("c+d").value() == "2");
}

BOOST_AUTO_TEST_CASE(names_are_compared_with_their_case) {
    auto const f = form::parse("Code=1&code=2");
    BOOST_REQUIRE(f);
    BOOST_TEST(f->one("code").value() == "2");
    BOOST_TEST(!f->has("CODE"));
    BOOST_TEST(!f->repeated().has_value());
}

BOOST_AUTO_TEST_CASE(values_of_one_name_keep_their_order) {
    auto const f = form::parse("resource=b&x=1&resource=a");
    BOOST_REQUIRE(f);
    std::vector<std::string_view> const in_order{"b", "a"};
    BOOST_TEST(f->all("resource") == in_order, boost::test_tools::per_element());
}

// Whoever passes a form on writes text(): it must say the same to the next reader.
BOOST_AUTO_TEST_CASE(what_is_written_again_reads_as_it_was_read) {
    for (std::string const text :
         {"a=1&b=2", "scope=a+b&state=%26%3D%25", "n%20m=%C3%A9+%2B", "x=%7E.%2D_&x=2", "a=&b=1"}) {
        auto const first = form::parse(text);
        BOOST_REQUIRE(first);
        auto const again = form::parse(first->text());
        BOOST_REQUIRE(again);
        BOOST_TEST(again->text() == first->text(), text);
        BOOST_CHECK(std::equal(first->begin(), first->end(), again->begin(), again->end()));
    }
}

// RFC 3986 §2.1: hex digits of either case are the same octet
BOOST_AUTO_TEST_CASE(hex_digits_may_have_either_case) {
    BOOST_TEST(percent_decode("%c3%A9%2f%2F").value() == "\xc3\xa9//");
}

// RFC 3986 §3.4, §3.5: a question mark behind '#' belongs to the fragment and begins no query
BOOST_AUTO_TEST_CASE(a_question_mark_in_a_fragment_begins_no_query) {
    BOOST_TEST(with_query("cursor://cb#a?b", {{"code", "x"}}) == "cursor://cb?code=x#a?b");
    BOOST_TEST(with_query("http://c/cb?x=1#a?b", {{"code", "x"}}) == "http://c/cb?x=1&code=x#a?b");
}

BOOST_AUTO_TEST_CASE(no_separator_is_written_twice) {
    BOOST_TEST(with_query("http://c/cb?x=1&", {{"code", "a"}, {"state", "b"}}) ==
               "http://c/cb?x=1&code=a&state=b");
    BOOST_TEST(with_query("http://c/cb?x=1#f", {}) == "http://c/cb?x=1#f");
}

// What stands in a parameter cannot become another parameter, a fragment or a header field.
BOOST_AUTO_TEST_CASE(a_value_cannot_break_out_of_its_parameter) {
    BOOST_TEST(with_query("http://c/cb", {{"state", "a&code=evil#x\r\nX: y"}}) ==
               "http://c/cb?state=a%26code%3Devil%23x%0D%0AX%3A%20y");
}

BOOST_AUTO_TEST_SUITE_END()
