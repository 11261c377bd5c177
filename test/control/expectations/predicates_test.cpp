// Predicates over stories, and what is wrong with one.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "control/expectations/expectation.hpp"
#include "control/verdict/story.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

namespace json = boost::json;

struct read {
    expectation is;
    std::string mistake;
};

read parse(std::string const& predicate) {
    auto const text =
        R"({"id":"x","level":"MUST","text":"t","broken":"b","clause":"c","url":"https://u.example",)" +
        predicate + '}';
    auto const value = json::parse(text);
    object_reader in(value.get_object());
    read r;
    r.is = read_expectation(in);
    auto const ok = in.finish();
    if (!ok) r.mistake = ok.error().description();
    return r;
}

enum class client { runs, is_done, fell_silent };

tollgate::control::answer::kind judged(std::string const& predicate, story const& s,
                                       client how = client::runs) {
    auto const r = parse(predicate);
    BOOST_REQUIRE_MESSAGE(r.mistake.empty(), r.mistake);
    moment m;
    m.now = s.now();
    m.done = how == client::is_done;
    m.over = how != client::runs;
    conversation const c(s.events());
    return r.is.holds->judge(c, m).is;
}

using enum tollgate::control::answer::kind;

story refreshed() {
    story s;
    s.good().add(story::refresh("rt-1", "at-2", "rt-2")).add(story::call("at-2"));
    return s;
}
story logged_in() {
    story s;
    s.good();
    return s;
}

constexpr char refresh_pattern[] = R"({"endpoint":"token","grant_type":"refresh_token"})";
std::string const a_refresh = refresh_pattern;
std::string const a_call = R"({"mcp_method":"tools/call","status":"2xx"})";
std::string const a_login = R"({"endpoint":"authorize"})";

}  // namespace

#define CHECK_ANSWER(got, wanted) BOOST_TEST(((got) == (wanted)))

BOOST_AUTO_TEST_SUITE(predicates_suite)

BOOST_AUTO_TEST_CASE(count_what_comes_after_something) {
    auto const p = R"("count":{"of":)" + a_refresh + R"(,"after":)" + a_call + '}';
    CHECK_ANSWER(judged(p, refreshed()), holds);
    CHECK_ANSWER(judged(p, logged_in()), waiting);
    CHECK_ANSWER(judged(p, logged_in(), client::is_done), broken);
    CHECK_ANSWER(judged(p, story().login(), client::is_done), unreached);
}

BOOST_AUTO_TEST_CASE(count_no_more_than_so_many) {
    auto const p = R"("count":{"of":)" + a_login + R"(,"most":1})";
    CHECK_ANSWER(judged(p, logged_in(), client::is_done), holds);
    auto s = logged_in();
    CHECK_ANSWER(judged(p, s.login("code-2")), broken);
}

BOOST_AUTO_TEST_CASE(watch_that_something_never_happens) {
    auto const p = R"("never":{"of":)" + a_login + R"(,"after":)" + a_call + '}';
    CHECK_ANSWER(judged(p, logged_in()), waiting);
    CHECK_ANSWER(judged(p, logged_in(), client::fell_silent), holds);
    CHECK_ANSWER(judged(p, logged_in(), client::is_done), holds);
    auto s = logged_in();
    CHECK_ANSWER(judged(p, s.login("code-2")), broken);
    CHECK_ANSWER(judged(p, story().login(), client::is_done), unreached);
}

BOOST_AUTO_TEST_CASE(count_between_two_marks) {
    auto const p = R"("between":{"of":)" + a_refresh + R"(,"marks":)" + a_call + R"(,"most":1})";
    CHECK_ANSWER(judged(p, refreshed(), client::is_done), holds);
    auto s = refreshed();
    s.add(story::refresh("rt-2", "at-3", "rt-3")).add(story::refresh("rt-3", "at-4", "rt-4"));
    CHECK_ANSWER(judged(p, s), broken);
    CHECK_ANSWER(judged(p, logged_in(), client::is_done), unreached);
}

BOOST_AUTO_TEST_CASE(ask_for_an_order) {
    CHECK_ANSWER(
        judged(R"("order":{"first":)" + a_login + R"(,"then":)" + a_call + '}', logged_in()),
        holds);
    CHECK_ANSWER(
        judged(R"("order":{"first":)" + a_call + R"(,"then":)" + a_login + '}', logged_in()),
        broken);
    CHECK_ANSWER(judged(R"("order":{"first":)" + a_refresh + R"(,"then":)" + a_call + '}', story()),
                 unreached);
}

BOOST_AUTO_TEST_CASE(ask_that_each_is_followed) {
    auto const p = R"("after":{"each":)" + a_refresh + R"(,"then":)" + a_call + '}';
    CHECK_ANSWER(judged(p, refreshed()), holds);
    auto s = refreshed();
    s.add(story::refresh("rt-2", "at-3", "rt-3"));
    CHECK_ANSWER(judged(p, s), waiting);
    CHECK_ANSWER(judged(p, s, client::is_done), broken);
    CHECK_ANSWER(judged(p, logged_in()), unreached);
}

BOOST_AUTO_TEST_CASE(ask_how_soon) {
    auto const soon =
        R"("within":{"first":)" + a_login + R"(,"then":)" + a_call + R"(,"seconds":30})";
    CHECK_ANSWER(judged(soon, logged_in()), holds);
    auto const sooner =
        R"("within":{"first":)" + a_login + R"(,"then":)" + a_call + R"(,"seconds":2})";
    CHECK_ANSWER(judged(sooner, logged_in()), broken);
    CHECK_ANSWER(judged(soon, story()), unreached);
    CHECK_ANSWER(judged(soon, story().login()), waiting);
}

BOOST_AUTO_TEST_CASE(compare_values_of_events) {
    auto const same_token = R"("equal":{"of":)" + a_refresh + R"(,"member":"form.refresh_token"})";
    auto const fresh_token =
        R"("differ":{"of":)" + a_refresh + R"(,"member":"form.refresh_token"})";
    auto s = refreshed();
    CHECK_ANSWER(judged(same_token, s, client::is_done), unreached);  // there is but one
    s.add(story::refresh("rt-2", "at-3", "rt-3"));
    CHECK_ANSWER(judged(same_token, s), broken);
    CHECK_ANSWER(judged(fresh_token, s, client::is_done), holds);
    s.add(story::refresh("rt-2", "at-4", "rt-4"));
    CHECK_ANSWER(judged(fresh_token, s), broken);
}

BOOST_AUTO_TEST_CASE(compare_a_value_with_one_that_was_there_before) {
    auto const p = R"("same":{"of":)" + a_login +
                   R"(,"member":"query.redirect_uri","as":{"endpoint":"register"},)"
                   R"("as_member":"body.redirect_uris"})";
    CHECK_ANSWER(judged(p, logged_in()), holds);
    story s;
    s.add(story::registration("http://localhost:1/callback")).login();
    CHECK_ANSWER(judged(p, s), broken);
    CHECK_ANSWER(judged(p, story().login()), unreached);
}

BOOST_AUTO_TEST_CASE(ask_for_words) {
    auto const p =
        R"("contains":{"of":)" + a_login + R"(,"member":"query.scope","words":["a","b"]})";
    CHECK_ANSWER(judged(p, story().login("code-1", {{"scope", "b c a"}})), holds);
    CHECK_ANSWER(judged(p, story().login("code-1", {{"scope", "a"}})), waiting);
    CHECK_ANSWER(judged(p, story().login("code-1", {{"scope", "a"}}), client::is_done), broken);
}

BOOST_AUTO_TEST_CASE(match_by_lists_hundreds_absence_and_faults) {
    story s;
    auto x = story::call();
    x.status = 503;
    x.faults = {"mcp.unavailable"};
    s.add(x);
    auto const is = [&](std::string const& pattern) {
        return judged(R"("count":{"of":)" + pattern + '}', s) == holds;
    };
    BOOST_TEST(is(R"({"status":"5xx"})"));
    BOOST_TEST(is(R"({"status":[500,503]})"));
    BOOST_TEST(!is(R"({"status":"2xx"})"));
    BOOST_TEST(is(R"({"fault":"*"})"));
    BOOST_TEST(is(R"({"fault":"mcp.unavailable"})"));
    BOOST_TEST(!is(R"({"fault":""})"));
    BOOST_TEST(is(R"({"tool":""})"));
    BOOST_TEST(is(R"({"endpoint":"!token"})"));
    BOOST_TEST(is(R"({"type":"fault","outcome":"mcp.unavailable"})"));
}

BOOST_AUTO_TEST_CASE(are_refused_by_the_place_and_the_nearest_name) {
    BOOST_TEST(parse(R"("count":{"of":{"endpiont":"token"}})").mistake ==
               R"(/count/of/endpiont: is no member of an event; the nearest is "endpoint")");
    BOOST_TEST(
        parse(R"("equal":{"of":{"endpoint":"token"},"member":"from.x"})").mistake.find("form.") !=
        std::string::npos);
    BOOST_TEST(parse(R"("count":{"of":{"type":"exchnage"}})").mistake.find("no type of an event") !=
               std::string::npos);
    BOOST_TEST(parse(R"("cuont":{"of":{"endpoint":"token"}})").mistake ==
               R"(/cuont: is not known here; the nearest known member is "count")");
    BOOST_TEST(parse(R"("report":true)").mistake.find("no predicate") != std::string::npos);
    BOOST_TEST(parse(R"("count":{"of":{"endpoint":"tokn"}})").mistake.find("no endpoint") !=
               std::string::npos);
    for (auto const* types : {"nubmer", "string||number", ""})
        BOOST_TEST(parse(R"("typed":{"of":{"endpoint":"mcp"},"members":{"a":")" +
                         std::string(types) + R"("}})")
                       .mistake.find("expected types of JSON") != std::string::npos);
    BOOST_TEST(parse(R"("count":{"of":{}})").mistake.find("/count/of") != std::string::npos);
    BOOST_TEST(parse(R"("count":{"of":{"endpoint":"token"}},"never":{"of":{"endpoint":"token"}})")
                   .mistake.find("second predicate") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
