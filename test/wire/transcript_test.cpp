// The notation: what is read, what is refused, and that nothing is lost when it is written again.
#include "wire/transcript.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace test::wire;

constexpr char const* whole = R"(# About.

| [mcp]
| auth = "none"

# Asked.
@stream events 2
> GET /sse HTTP/1.1
> Host: localhost
>
< HTTP/1.1 200 OK
<
< data: 1

@read events end
< data: 2
@sign proof {"alg":"ES256"} {"iat":{now}}

> POST /token HTTP/1.1
>
> a=b
< HTTP/1.1 200 OK
<
< {"id_token":"{id_token}"}
= {id_token} {"alg":"RS256"}
# The end.
)";

std::string why_not(std::string const& text) {
    try {
        parse("x.http", text);
    } catch (bad_transcript const& e) {
        return e.what();
    }
    return "";
}

BOOST_AUTO_TEST_SUITE(wire_transcript)

BOOST_AUTO_TEST_CASE(reads_configuration_requests_and_answers) {
    auto const t = parse("x.http", whole);
    BOOST_TEST(t.config == "[mcp]\nauth = \"none\"\n");
    BOOST_REQUIRE(t.steps.size() == 4u);
    BOOST_TEST(t.steps[0].said.size() == 3u);
    BOOST_TEST(t.steps[0].said[2].empty());
    BOOST_TEST(t.steps[0].words[1] == "events");
    BOOST_TEST(t.steps[0].line == 8u);
    BOOST_TEST(t.steps[0].answer_line == 11u);
    BOOST_TEST((t.steps[1].what == action::read));
    BOOST_TEST((t.steps[2].what == action::sign));
    BOOST_TEST(t.steps[2].words.size() == 4u);
    BOOST_TEST(t.steps[3].said[2] == "a=b");
    BOOST_TEST(t.steps[3].answer.size() == 4u);
}

BOOST_AUTO_TEST_CASE(writes_what_it_read) {
    BOOST_TEST(write(parse("x.http", whole)) == whole);
}

BOOST_AUTO_TEST_CASE(two_requests_need_nothing_between_them_but_an_answer) {
    auto const t = parse("x.http", "> GET /a HTTP/1.1\n< HTTP/1.1 200 OK\n> GET /b HTTP/1.1\n");
    BOOST_TEST(t.steps.size() == 2u);
    BOOST_TEST(t.steps[1].answer_line == 4u);
}

BOOST_AUTO_TEST_CASE(refuses_what_it_does_not_know_with_file_and_line) {
    BOOST_TEST(why_not("") == "x.http:0: no exchange in it");
    BOOST_TEST(why_not("# nothing\n| [mcp]\n") == "x.http:2: no exchange in it");
    BOOST_TEST(why_not("\n< HTTP/1.1 200 OK\n") == "x.http:2: an answer to nothing");
    BOOST_TEST(why_not("GET / HTTP/1.1\n") == "x.http:1: a line begins with one of # | @ > < =");
    BOOST_TEST(why_not("@wait 5\n").starts_with("x.http:1: not a directive"));
    BOOST_TEST(why_not("@read\n").starts_with("x.http:1: not a directive"));
    BOOST_TEST(why_not("> GET / HTTP/1.1\n| [mcp]\n").starts_with("x.http:2: the program"));
    BOOST_TEST(why_not("> GET / HTTP/1.1\n@stream x 1\n") == "x.http:2: @stream without a request");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
