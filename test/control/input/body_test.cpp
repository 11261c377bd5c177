// Bodies of the control API: what counts as JSON, and how a mistake names its place.
#include <boost/test/unit_test.hpp>

#include "control/input/json_input.hpp"
#include "control/support/plane.hpp"

using namespace test;
using control::milliseconds;
using control::object_reader;
using namespace std::chrono_literals;

namespace {

json::object object(std::string_view text) {
    return json::parse(text).as_object();
}

std::string said(object_reader& in) {
    auto const ok = in.finish();
    return ok ? std::string() : ok.error().description();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(control_body)

// RFC 6901 §5: the empty pointer is the whole document
BOOST_AUTO_TEST_CASE(names_the_whole_body_by_the_empty_pointer) {
    auto const p = control::mistake("", "is empty");
    BOOST_TEST(p.status() == 400u);
    BOOST_TEST(p.error() == "invalid_request");
    BOOST_TEST(p.description() == "\"\" (the whole body): is empty");
    BOOST_TEST(control::mistake("/on", "is odd").description() == "/on: is odd");
}

// RFC 6901 §3: "~" is written "~0", "/" is written "~1"
BOOST_AUTO_TEST_CASE(escapes_the_two_characters_that_part_a_pointer) {
    BOOST_TEST(control::pointer_to("", "a") == "/a");
    BOOST_TEST(control::pointer_to("/x", "") == "/x/");
    BOOST_TEST(control::pointer_to("", "a/b") == "/a~1b");
    BOOST_TEST(control::pointer_to("", "m~n") == "/m~0n");
    BOOST_TEST(control::pointer_to("", "~1") == "/~01");  // and not "/"
    BOOST_TEST(control::pointer_to("/a~1b", "c") == "/a~1b/c");
}

BOOST_AUTO_TEST_CASE(cuts_a_name_that_is_too_long_for_a_sentence) {
    auto const pointer = control::pointer_to("", std::string(5000, 'n'));
    BOOST_TEST(pointer.size() < 200u);
    BOOST_TEST(pointer.starts_with("/nnn"));
}

BOOST_AUTO_TEST_CASE(calls_each_kind_of_value_by_its_name) {
    std::pair<std::string_view, std::string_view> const kinds[] = {
        {"null", "null"},     {"true", "true"},     {"false", "false"},
        {"1", "a number"},    {"-1.5", "a number"}, {"18446744073709551615", "a number"},
        {"\"\"", "a string"}, {"[]", "an array"},   {"{}", "an object"}};
    for (auto const& [text, name] : kinds)
        BOOST_TEST(control::kind_of(json::parse(text)) == name, text);
}

// RFC 9110 §8.3.1: types compare without regard to case, and parameters may follow
BOOST_FIXTURE_TEST_CASE(takes_json_however_its_type_is_written, plane) {
    for (auto const* type : {"application/json", "Application/JSON",
                             "application/json; charset=utf-8", "application/json;charset=UTF-8"}) {
        auto const a =
            b.send(http::verb::post, "/control/rotate", R"({"on":true})", {{"Content-Type", type}});
        BOOST_TEST(a.status == 200u, type);
    }
}

BOOST_FIXTURE_TEST_CASE(takes_no_other_type_for_json, plane) {
    for (auto const* type : {"text/plain", "application/json-patch+json", "text/json", "json", "",
                             "multipart/form-data; boundary=application/json"}) {
        auto const a =
            b.send(http::verb::post, "/control/rotate", R"({"on":true})", {{"Content-Type", type}});
        BOOST_TEST(a.status == 400u, type);
    }
    BOOST_TEST(!state().at("rotate").as_bool());
}

// RFC 8259 §2 and §8.1: one value, in UTF-8
BOOST_FIXTURE_TEST_CASE(refuses_what_is_no_json_text, plane) {
    for (std::string const body :
         {"{", "{\"on\":true", "{on:true}", "{'on':true}", "{\"on\":true,}", "{\"on\":true} x",
          "{\"on\":\xff}", "null", "true", "\"on\"", "1"}) {
        auto const a = post("rotate", body);
        BOOST_TEST(a.status == 400u, body);
        BOOST_TEST(described(a).starts_with("\"\" (the whole body): "), described(a));
    }
    BOOST_TEST(!state().at("rotate").as_bool());
}

BOOST_FIXTURE_TEST_CASE(takes_nothing_or_an_empty_object_where_there_is_nothing_to_say, plane) {
    BOOST_TEST(post("revoke-access").status == 200u);
    BOOST_TEST(post("revoke-access", " { } ").status == 200u);
    BOOST_TEST(oauth.revoked.size() == 2u);
    for (auto const* body : {"[]", "null", "{\"x\":1}", "x"})
        BOOST_TEST(post("revoke-access", body).status == 400u, body);
    BOOST_TEST(oauth.revoked.size() == 2u);
}

BOOST_AUTO_TEST_CASE(reads_numbers_within_their_bounds) {
    auto const o = object(R"({"p":0.5,"whole":1,"big":1.01,"text":"0.5"})");
    object_reader in(o);
    BOOST_TEST(in.number("p", 0, 1).value() == 0.5);
    BOOST_TEST(in.number("whole", 0, 1).value() == 1.0);
    BOOST_TEST(!in.number("absent", 0, 1));
    BOOST_TEST(!in.number("big", 0, 1));
    BOOST_TEST(!in.number("text", 0, 1));
    BOOST_TEST(said(in) == "/big: expected a number from 0 to 1");
}

BOOST_AUTO_TEST_CASE(names_the_kind_that_it_wanted_and_the_kind_that_it_got) {
    auto const o = object(R"({"v":null})");
    static constexpr std::string_view choices[] = {"a", "b"};
    std::pair<std::string_view, void (*)(object_reader&)> const wanted[] = {
        {"true or false", [](object_reader& in) { in.boolean("v"); }},
        {"a whole number", [](object_reader& in) { in.integer("v", 0, 1); }},
        {"a number", [](object_reader& in) { in.number("v", 0, 1); }},
        {"a string", [](object_reader& in) { in.text("v"); }},
        {"one of \"a\", \"b\"", [](object_reader& in) { in.choice("v", choices); }},
        {"a number", [](object_reader& in) { in.duration("v", 0ms, 1ms); }},
        {"an object", [](object_reader& in) { in.object("v"); }},
        {"an array", [](object_reader& in) { in.array("v"); }}};
    for (auto const& [kind, read] : wanted) {
        object_reader in(o, "/in");
        read(in);
        BOOST_TEST(said(in) == "/in/v: expected " + std::string(kind) + ", got null");
    }
}

// null is a value: whoever may not give one must not give that.
BOOST_AUTO_TEST_CASE(tells_null_from_absence) {
    auto const o = object(R"({"v":null})");
    object_reader in(o);
    BOOST_REQUIRE(in.any("v") != nullptr);
    BOOST_TEST(in.any("v")->is_null());
    BOOST_TEST((in.any("w") == nullptr));
    in.need("v", "anything");
    BOOST_TEST(said(in) == "");
    object_reader second(o);
    second.need("w", "a thing");
    BOOST_TEST(said(second) == "/w: is missing; expected a thing");
}

BOOST_AUTO_TEST_CASE(takes_the_bounds_of_texts_durations_and_whole_numbers) {
    auto const o = object(R"({"t":"abc","e":"","least":"1s","most":2,"n":-3})");
    object_reader in(o);
    BOOST_TEST(in.text("t", 3).value() == "abc");
    BOOST_TEST(in.text("e").value() == "");
    BOOST_TEST((in.duration("least", 1s, 2s) == milliseconds(1000)));
    BOOST_TEST((in.duration("most", 1s, 2s) == milliseconds(2000)));
    BOOST_TEST(in.integer("n", -3, -3).value() == -3);
    BOOST_TEST(said(in) == "");
}

// A mistake in a member goes before a member that is not known: it is nearer to what was meant.
BOOST_AUTO_TEST_CASE(tells_a_mistake_before_an_unknown_member) {
    auto const o = object(R"({"unknown":1,"on":1})");
    object_reader in(o);
    in.boolean("on");
    BOOST_TEST(said(in).starts_with("/on: "));
}

BOOST_AUTO_TEST_CASE(takes_over_a_mistake_found_elsewhere_unless_it_has_one) {
    json::object const o;
    object_reader in(o);
    in.fail(control::mistake("/a", "first"));
    in.fail("b", "second");
    in.fail(control::mistake("/c", "third"));
    BOOST_TEST(said(in) == "/a: first");
}

BOOST_AUTO_TEST_SUITE_END()
