#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "control/input/json_input.hpp"

using namespace tollgate;
using namespace tollgate::control;
namespace json = boost::json;

namespace {

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

std::string said(object_reader& in) {
    auto const ok = in.finish();
    return ok ? std::string() : ok.error().description();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(object_reader_)

BOOST_AUTO_TEST_CASE(reads_what_is_there_and_nothing_else) {
    auto const o = object(R"({"on":true,"n":3,"t":"x","d":"10m","l":[1],"o":{"a":1}})");
    object_reader in(o);
    BOOST_TEST(in.boolean("on").value());
    BOOST_TEST(in.integer("n", 0, 3).value() == 3);
    BOOST_TEST(in.text("t").value() == "x");
    BOOST_TEST(in.duration("d", milliseconds(0), std::chrono::hours(1))->count() == 600'000);
    BOOST_TEST(in.array("l")->size() == 1u);
    BOOST_TEST(in.object("o")->size() == 1u);
    BOOST_TEST(!in.boolean("absent"));
    BOOST_TEST(said(in) == "");
}

BOOST_AUTO_TEST_CASE(names_the_place_of_a_mistake_by_json_pointer) {  // RFC 6901
    auto const o = object(R"({"on":"yes"})");
    object_reader in(o);
    BOOST_TEST(!in.boolean("on"));
    BOOST_TEST(said(in) == "/on: expected true or false, got a string");

    auto const odd = object(R"({"a/b~c":1})");
    object_reader inner(odd, "/params");
    BOOST_TEST(!inner.text("a/b~c"));
    BOOST_TEST(said(inner) == "/params/a~1b~0c: expected a string, got a number");
}

BOOST_AUTO_TEST_CASE(says_what_is_missing) {
    json::object const o;
    object_reader in(o);
    in.need("seconds", "a whole number of seconds");
    BOOST_TEST(said(in) == "/seconds: is missing; expected a whole number of seconds");
}

BOOST_AUTO_TEST_CASE(keeps_the_first_mistake) {
    auto const o = object(R"({"a":1,"b":2})");
    object_reader in(o);
    in.text("a");
    in.boolean("b");
    BOOST_TEST(said(in) == "/a: expected a string, got a number");
}

BOOST_AUTO_TEST_CASE(refuses_an_unknown_member_and_names_the_nearest) {
    auto const o = object(R"({"secnods":5})");
    object_reader in(o);
    in.integer("seconds", 0, 10);
    BOOST_TEST(said(in) == "/secnods: is not known here; the nearest known member is \"seconds\"");
}

BOOST_AUTO_TEST_CASE(refuses_fractions_overflow_and_what_is_out_of_range) {
    for (auto const* text : {R"({"n":1.5})", R"({"n":1e30})", R"({"n":-1})", R"({"n":11})"}) {
        auto const o = object(text);
        object_reader in(o);
        BOOST_TEST(!in.integer("n", 0, 10));
        BOOST_TEST(said(in) == "/n: expected a whole number from 0 to 10");
    }
    auto const o = object(R"({"n":10.0})");
    object_reader in(o);
    BOOST_TEST(in.integer("n", 0, 10).value() == 10);
}

// As in config.toml, sums among them.
BOOST_AUTO_TEST_CASE(reads_a_sum_of_durations) {
    auto const o = object(R"({"d":"1h30m"})");
    object_reader in(o);
    BOOST_TEST(in.duration("d", milliseconds(0), std::chrono::hours(2))->count() == 5'400'000);
}

BOOST_AUTO_TEST_CASE(reads_durations_as_text_and_as_seconds) {
    auto const o = object(R"({"a":0.5,"b":"2d","c":"soon"})");
    object_reader in(o);
    BOOST_TEST(in.duration("a", milliseconds(0), milliseconds(1000))->count() == 500);
    BOOST_TEST(!in.duration("b", milliseconds(0), milliseconds(1000)));
    BOOST_TEST(said(in) == "/b: expected a duration like \"10m\" or seconds from 0 to 1");
}

BOOST_AUTO_TEST_CASE(refuses_text_that_is_too_long_and_choices_that_are_none) {
    auto const o = object(R"({"t":"abcd","c":"maybe"})");
    object_reader in(o);
    BOOST_TEST(!in.text("t", 3));
    BOOST_TEST(said(in) == "/t: is longer than 3 bytes");
    object_reader second(o);
    constexpr std::string_view words[] = {"ok", "fault"};
    BOOST_TEST(!second.choice("c", words));
    BOOST_TEST(said(second) == "/c: expected one of \"ok\", \"fault\"");
}

BOOST_AUTO_TEST_CASE(shows_no_control_characters_of_a_name) {
    json::object o;
    o["a\nb\x1b"] = 1;
    object_reader in(o);
    auto const text = said(in);
    BOOST_TEST(text.find('\n') == std::string::npos);
    BOOST_TEST(text.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
