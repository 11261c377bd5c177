// Predicates about the values of members, and what an expectation itself is made of.
#include "control/expectations/judging.hpp"
#include "control/verdict/exchanges.hpp"

using namespace test;

namespace {

// GET /?v=VALUE for each of them; "-": without.
story with_values(std::vector<std::string> const& values) {
    story s;
    for (auto const& v : values)
        s.add(mark("GET", v == "-" ? "/" : "/?v=" + v));
    return s;
}

std::string of_value(std::string const& name, std::string const& rest = "") {
    return '"' + name + R"(":{"of":{"method":"GET"},"member":"query.v")" + rest + '}';
}

// Values of GET against those that POST has shown.
std::string same(std::string const& rest = "") {
    return of_value("same", R"(,"as":{"method":"POST"},"as_member":"query.v")" + rest);
}
story shown_then_used(std::string const& shown, std::string const& used) {
    story s;
    return s.add(mark("POST", "/?v=" + shown)).add(mark("GET", "/?v=" + used));
}

boost::json::object expectation_with(std::string const& name, boost::json::value v) {
    auto o = with_predicate(R"("never":{"of":{"method":"GET"}})").get_object();
    o[name] = std::move(v);
    return o;
}
std::string mistake_with(std::string const& name, boost::json::value v) {
    return mistake_of(boost::json::value(expectation_with(name, std::move(v))));
}
control::expectation read_with(std::string const& name, boost::json::value v) {
    auto const o = expectation_with(name, std::move(v));
    control::object_reader in(o);
    auto e = control::read_expectation(in);
    BOOST_TEST(bool(in.finish()));
    return e;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(predicates_of_values)

BOOST_AUTO_TEST_CASE(that_are_equal_are_broken_by_the_first_other_one) {
    BOOST_TEST(answer_to(of_value("equal"), with_values({"a", "a", "b", "b"})) == broken_by(3));
    BOOST_TEST(answer_to(of_value("equal"), with_values({"a", "a"}), client_is::silent) ==
               holds_by(2));
    BOOST_TEST(answer_to(of_value("equal"), with_values({"a", "a"})) == waits(2));
}

BOOST_AUTO_TEST_CASE(that_are_equal_need_two_to_show_it) {
    BOOST_TEST(answer_to(of_value("equal"), with_values({"a"}), client_is::done) == not_reached);
    BOOST_TEST(answer_to(of_value("equal"), with_values({"a", "-"}), client_is::done) ==
               not_reached);
}

BOOST_AUTO_TEST_CASE(that_differ_are_broken_by_the_first_that_came_before) {
    BOOST_TEST(answer_to(of_value("differ"), with_values({"a", "b", "a", "b"})) == broken_by(3));
    BOOST_TEST(answer_to(of_value("differ"), with_values({"a", "b"})) == waits(2));
    BOOST_TEST(answer_to(of_value("differ"), with_values({"a"}), client_is::silent) == holds_by(1));
}

BOOST_AUTO_TEST_CASE(leave_events_out_that_have_no_such_member) {
    BOOST_TEST(answer_to(of_value("differ"), with_values({"-", "-"}), client_is::done) ==
               not_reached);
    BOOST_TEST(answer_to(of_value("equal"), with_values({"a", "-", "a"}), client_is::done) ==
               holds_by(3));
}

BOOST_AUTO_TEST_CASE(are_the_same_as_a_part_of_an_earlier_one) {
    BOOST_TEST(answer_to(same(), shown_then_used("abc", "b")) == holds_by(2));
    BOOST_TEST(answer_to(same(), shown_then_used("abc", "abcd")) == broken_by(2));
    BOOST_TEST(answer_to(same(), shown_then_used("abc", "B")) == broken_by(2));
}

BOOST_AUTO_TEST_CASE(are_exactly_the_same_where_that_is_asked_for) {
    BOOST_TEST(answer_to(same(R"(,"exact":true)"), shown_then_used("abc", "b")) == broken_by(2));
    BOOST_TEST(answer_to(same(R"(,"exact":true)"), shown_then_used("abc", "abc")) == holds_by(2));
}

BOOST_AUTO_TEST_CASE(are_none_of_the_earlier_ones_where_that_is_asked_for) {
    auto const none = same(R"(,"none":true)");
    BOOST_TEST(answer_to(none, shown_then_used("abc", "abc")) == broken_by(2));
    // As a whole: a part is another value.
    BOOST_TEST(answer_to(none, shown_then_used("abc", "b")) == holds_by(2));
    BOOST_TEST(answer_to(none, with_values({"a"}), client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(are_not_the_same_as_what_is_only_shown_later) {
    story s;
    s.add(mark("POST", "/?v=a")).add(mark("GET", "/?v=b")).add(mark("POST", "/?v=b"));
    BOOST_TEST(answer_to(same(), s) == broken_by(2));
    BOOST_TEST(answer_to(same(R"(,"none":true)"), s) == holds_by(2));
}

BOOST_AUTO_TEST_CASE(are_the_same_as_one_of_several_earlier_ones) {
    story s;
    s.add(mark("POST", "/?v=a")).add(mark("POST", "/?v=b"));
    s.add(mark("GET", "/?v=b")).add(mark("GET", "/?v=a")).add(mark("GET", "/?v=c"));
    BOOST_TEST(answer_to(same(), s) == broken_by(5));
}

BOOST_AUTO_TEST_CASE(contain_all_words_in_one_event) {
    auto const p = of_value("contains", R"(,"words":["a","b"])");
    BOOST_TEST(answer_to(p, with_values({"b+a"})) == holds_by(1));
    BOOST_TEST(answer_to(p, with_values({"a", "b"})) == waits(2));
    BOOST_TEST(answer_to(p, with_values({"a", "b"}), client_is::done) == broken_by(2));
    BOOST_TEST(answer_to(p, with_values({"a", "c+b+a", "b"})) == holds_by(2));
    BOOST_TEST(answer_to(p, with_values({"ab", "ab+b"})) == waits(2));
    BOOST_TEST(answer_to(p, marks("B"), client_is::done) == not_reached);
}

BOOST_AUTO_TEST_CASE(contain_any_word_for_a_star_and_none_where_the_member_is_missing) {
    auto const p = of_value("contains", R"(,"words":["*"])");
    BOOST_TEST(answer_to(p, with_values({"-", "x"})) == holds_by(2));
    BOOST_TEST(answer_to(p, with_values({"-"}), client_is::done) == broken_by(1));
}

BOOST_AUTO_TEST_CASE(are_refused_without_words_and_with_an_unknown_member) {
    BOOST_TEST(mistake_in(of_value("contains")) ==
               "/contains/words: is missing; expected a list of words");
    BOOST_TEST(mistake_in(of_value("contains", R"(,"words":[])")) ==
               "/contains/words: expected a list of words");
    BOOST_TEST(
        mistake_in(R"("differ":{"of":{"method":"GET"},"member":"qeury.v"})") ==
        R"(/differ/member: "qeury.v" is no member of an event; the nearest is "query.NAME")");
    BOOST_TEST(mistake_in(of_value("words")) == "/words/all: is missing; expected a list of words");
    BOOST_TEST(mistake_in(of_value("shape")) == "/shape/as: is missing; expected a shape");
    BOOST_TEST(mistake_in(of_value("shape", R"(,"as":"uri")")) ==
               R"(/shape/as: expected one of "uri_without_fragment", "object")");
    BOOST_TEST(mistake_in(of_value("words", R"(,"all":["a"],"nth":0)")) ==
               "/words/nth: expected a whole number from 1 to 100000");
}

BOOST_AUTO_TEST_CASE(have_the_shape_of_a_uri_without_a_fragment) {
    auto const p = of_value("shape", R"(,"as":"uri_without_fragment")");
    for (auto const* good : {"http://a/mcp", "urn:a:b", "http://a?b"})
        BOOST_TEST(answer_to(p, with_values({good})) == holds_by(1), good);
    for (auto const* bad : {"http://a/%23b", "a/mcp", "http://a/+b", "-"})
        BOOST_TEST(answer_to(p, with_values({bad})) == broken_by(1), bad);
}

BOOST_AUTO_TEST_CASE(have_the_shape_of_an_object) {
    auto const p = R"("shape":{"of":{"method":"POST"},"member":"body.params","as":"object"})";
    story s;
    s.add(story::rpc(R"({"params":{}})")).add(story::rpc(R"({"params":[]})"));
    BOOST_TEST(answer_to(p, s) == broken_by(2));
}

// RFC 9728 §3.3.
BOOST_AUTO_TEST_CASE(name_the_resource_as_the_metadata_name_it) {
    exchange prm;
    prm.endpoint = "resource_metadata";
    prm.method = "GET";
    prm.answer = R"({"resource":")" + resource + R"("})";
    story right;
    right.add(prm).login().add(story::redemption());
    BOOST_TEST(answer_to(R"("resource_told":{})", right) == holds_by(3));
    story wrong;
    wrong.add(prm).login("code-1", {{"resource", resource + '/'}});
    BOOST_TEST(answer_to(R"("resource_told":{})", wrong) == broken_by(2));
    story untold;
    untold.login("code-1", {{"resource", resource + '/'}});
    BOOST_TEST(answer_to(R"("resource_told":{})", untold, client_is::done) == not_reached);
    story unnamed;
    unnamed.add(prm).login("code-1", {}, {{"resource", ""}});
    BOOST_TEST(answer_to(R"("resource_told":{})", unnamed, client_is::done) == not_reached);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(expectations)

BOOST_AUTO_TEST_CASE(are_of_a_must_or_a_should_and_of_nothing_else) {
    BOOST_TEST(read_with("level", "MUST").must);
    BOOST_TEST(!read_with("level", "SHOULD").must);
    for (auto const* level : {"must", "MAY", ""})
        BOOST_TEST(mistake_with("level", level) == R"(/level: expected one of "MUST", "SHOULD")",
                   level);
}

BOOST_AUTO_TEST_CASE(are_wanted_and_count_in_every_era_unless_they_say_otherwise) {
    auto const e = read_with("level", "MUST");
    BOOST_TEST(!e.report);
    BOOST_TEST(!e.optional);
    BOOST_TEST(e.eras.empty());
    BOOST_TEST(read_with("report", true).report);
    BOOST_TEST(read_with("optional", true).optional);
    BOOST_TEST(read_with("eras", boost::json::array{"2025-11-25"}).eras.size() == 1u);
    BOOST_TEST(mistake_with("report", "yes") == "/report: expected true or false, got a string");
}

BOOST_AUTO_TEST_CASE(say_what_is_missing) {
    for (auto const& [name, expected] : std::initializer_list<std::pair<char const*, char const*>>{
             {"id", "a name"},
             {"level", "MUST or SHOULD"},
             {"text", "a sentence"},
             {"broken", "a sentence"},
             {"clause", "a clause"},
             {"url", "where it can be read"}}) {
        auto o = with_predicate(R"("never":{"of":{"method":"GET"}})").get_object();
        o.erase(name);
        BOOST_TEST(mistake_of(boost::json::value(o)) ==
                   '/' + std::string(name) + ": is missing; expected " + expected);
    }
}

BOOST_AUTO_TEST_CASE(have_sentences_of_at_most_three_hundred_bytes) {
    BOOST_TEST(mistake_with("text", boost::json::string(300, 'x')) == "");
    BOOST_TEST(mistake_with("text", boost::json::string(301, 'x')) ==
               "/text: is longer than 300 bytes");
    BOOST_TEST(mistake_with("id", boost::json::string(81, 'x')) == "/id: is longer than 80 bytes");
}

BOOST_AUTO_TEST_CASE(have_one_predicate_that_is_a_table) {
    BOOST_TEST(mistake_with("count", boost::json::parse(R"({"of":{"method":"GET"}})"))
                   .ends_with(": is a second predicate: an expectation has one"));
    BOOST_TEST(mistake_with("never", 7) == "/never: expected an object, got a number");
    BOOST_TEST(mistake_in(R"("optional":false)") ==
               R"(/id: "x" has no predicate: count, never, order, …)");
}

BOOST_AUTO_TEST_SUITE_END()
