// Predicates that the official suite's scenarios need: about each event, and about what messages
// and headers say.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "control/expectations/expectation.hpp"
#include "control/verdict/exchanges.hpp"
#include "control/verdict/story.hpp"

using namespace test;
using namespace tollgate::control;

namespace {

namespace json = boost::json;
using enum tollgate::control::answer::kind;

tollgate::control::answer::kind judged(std::string const& predicate, story const& s,
                                       bool done = true) {
    auto const text =
        R"({"id":"x","level":"MUST","text":"t","broken":"b","clause":"c","url":"https://u.example",)" +
        predicate + '}';
    auto const value = json::parse(text);
    object_reader in(value.get_object());
    auto const e = read_expectation(in);
    auto const ok = in.finish();
    BOOST_REQUIRE_MESSAGE(bool(ok), (ok ? "" : ok.error().description()));
    moment m;
    m.now = s.now();
    m.done = done;
    m.over = done;
    conversation const c(s.events());
    return e.holds->judge(c, m).is;
}

story said(exchange x) {
    story s;
    s.good().add(std::move(x));
    return s;
}

exchange tool(std::string const& name, std::string const& arguments, pairs headers = {}) {
    auto x = modern("tools/call", name, std::move(headers));
    x.body = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" + name +
             R"(","arguments":)" + arguments + "}}";
    return x;
}

std::string const called = R"("of":{"body.params/name":"t"})";

}  // namespace

#define CHECK_ANSWER(got, wanted) BOOST_TEST(((got) == (wanted)))

BOOST_AUTO_TEST_SUITE(official_predicates)

BOOST_AUTO_TEST_CASE(every_event_fits_or_one_does_not) {
    std::string const p =
        R"("every":{"of":{"endpoint":"authorize"},"fits":{"query.code_challenge_method":"S256"}})";
    CHECK_ANSWER(judged(p, story().login()), holds);
    CHECK_ANSWER(judged(p, story()), unreached);
    std::string const plain =
        R"("every":{"of":{"endpoint":"authorize"},"fits":{"query.code_challenge_method":"plain"}})";
    CHECK_ANSWER(judged(plain, story().login()), broken);
}

BOOST_AUTO_TEST_CASE(only_the_nth_is_looked_at) {
    std::string const p =
        R"("every":{"of":{"endpoint":"authorize"},"nth":2,"fits":{"method":"POST"}})";
    CHECK_ANSWER(judged(p, story().login()), unreached);
    story s;
    s.login();
    CHECK_ANSWER(judged(p, s.login("code-2")), broken);
}

BOOST_AUTO_TEST_CASE(verifiers_are_those_of_the_challenges) {
    story s;
    CHECK_ANSWER(judged(R"("pkce":{})", s.good()), holds);
    CHECK_ANSWER(judged(R"("pkce":{})", story().login()), unreached);
}

BOOST_AUTO_TEST_CASE(members_have_their_type_of_json) {
    std::string const p =
        R"("typed":{)" + called + R"(,"members":{"params/arguments/a":"number"}})";
    CHECK_ANSWER(judged(p, said(tool("t", R"({"a":2})"))), holds);
    CHECK_ANSWER(judged(p, said(tool("t", R"({"a":"2"})"))), broken);
    CHECK_ANSWER(judged(p, said(tool("t", "{}"))), broken);
    CHECK_ANSWER(judged(p, said(tool("other", "{}"))), unreached);
    std::string const may =
        R"("typed":{)" + called + R"(,"members":{"params/arguments/a":"number?"}})";
    CHECK_ANSWER(judged(may, said(tool("t", "{}"))), holds);
}

BOOST_AUTO_TEST_CASE(members_have_one_of_several_types_of_json) {
    std::string const p =
        R"("typed":{)" + called + R"(,"members":{"params/arguments/a":"string|number?"}})";
    CHECK_ANSWER(judged(p, said(tool("t", R"({"a":2})"))), holds);
    CHECK_ANSWER(judged(p, said(tool("t", R"({"a":"2"})"))), holds);
    CHECK_ANSWER(judged(p, said(tool("t", R"({"a":true})"))), broken);
    CHECK_ANSWER(judged(p, said(tool("t", "{}"))), holds);
}

BOOST_AUTO_TEST_CASE(headers_repeat_method_and_name) {
    std::string const p = R"("standard_headers":{)" + called + '}';
    pairs const right{{"Mcp-Method", "tools/call"}, {"Mcp-Name", "t"}};
    CHECK_ANSWER(judged(p, said(tool("t", "{}", right))), holds);
    CHECK_ANSWER(judged(p, said(tool("t", "{}", {{"Mcp-Method", "tools/call"}}))), broken);
    CHECK_ANSWER(
        judged(p, said(tool("t", "{}", {{"Mcp-Method", "TOOLS/CALL"}, {"Mcp-Name", "t"}}))),
        broken);
}

BOOST_AUTO_TEST_CASE(parameters_come_as_headers_in_base64_where_they_must) {
    std::string const p =
        R"("param_headers":{)" + called + R"(,"headers":{"A":"a"},"absent":["B"]})";
    auto const with = [&](std::string const& args, pairs headers) {
        return judged(p, said(tool("t", args, std::move(headers))));
    };
    CHECK_ANSWER(with(R"({"a":"x y"})", {{"Mcp-Param-A", "x y"}}), holds);
    CHECK_ANSWER(with(R"({"a":""})", {{"Mcp-Param-A", ""}}), holds);
    CHECK_ANSWER(with(R"({"a":42})", {{"mcp-param-a", "42"}}), holds);
    CHECK_ANSWER(with(R"({"a":true})", {{"Mcp-Param-A", "True"}}), broken);
    CHECK_ANSWER(with(R"({"a":" x"})", {{"Mcp-Param-A", "=?base64?IHg=?="}}), holds);
    CHECK_ANSWER(with(R"({"a":" x"})", {{"Mcp-Param-A", "x"}}), broken);
    // A beginning and an end that share a question mark stand for themselves.
    CHECK_ANSWER(with(R"({"a":"x"})", {{"Mcp-Param-A", "=?base64?="}}), broken);
    CHECK_ANSWER(with(R"({"a":"=?base64?="})", {{"Mcp-Param-A", "=?base64?="}}), holds);
    CHECK_ANSWER(with(R"({"a":null})", {}), holds);
    CHECK_ANSWER(with(R"({"a":"x"})", {}), broken);
    CHECK_ANSWER(with("{}", {{"Mcp-Param-B", "1"}}), broken);
}

BOOST_AUTO_TEST_CASE(words_are_looked_for_in_texts_and_in_json) {
    std::string const all = R"("words":{"of":{"body.params/name":"t"},)"
                            R"("member":"body.params/arguments/a","all":["x","y"]})";
    CHECK_ANSWER(judged(all, said(tool("t", R"({"a":"y x z"})"))), holds);
    CHECK_ANSWER(judged(all, said(tool("t", R"({"a":["x","y"]})"))), holds);
    CHECK_ANSWER(judged(all, said(tool("t", R"({"a":"x yy"})"))), broken);
    std::string const none = R"("words":{"of":{"body.params/name":"t"},)"
                             R"("member":"body.params/arguments/a","none":["*"]})";
    CHECK_ANSWER(judged(none, said(tool("t", "{}"))), holds);
    CHECK_ANSWER(judged(none, said(tool("t", R"({"a":"x"})"))), broken);
}

BOOST_AUTO_TEST_SUITE_END()
