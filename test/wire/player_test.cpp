// A transcript that must fail does fail, with the line where it does; UPDATE settles.
#include "wire/player.hpp"

#include <fstream>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "support/folder.hpp"
#include "support/live_server.hpp"
#include "wire/folders.hpp"

namespace {

using namespace test::wire;
namespace asio = boost::asio;
namespace http = tollgate::http;

// A secret that is new with every request, and a page whose braces look like a name.
tollgate::task<http::reply> serve(http::request const& r, http::listener_info const&,
                                  asio::any_io_executor) {
    static int count = 0;
    http::reply answer(200, "text/plain", std::string("a {name}\nb\n"));
    if (r.target == "/token")
        answer = http::reply(200, "application/json",
                             R"({"access_token":")" + std::string(40, 'x') +
                                 std::to_string(1000 + ++count) + R"("})");
    answer.headers.add("X-Asked-With", std::string(r.header("X-Token")));
    co_return answer;
}

constexpr char const* asked = R"(> GET / HTTP/1.1
> Host: localhost:{as_port}
>
)";

constexpr char const* conversation = R"(# Two tokens.
> POST /token HTTP/1.1
> Host: localhost:{as_port}
> Content-Length: {length}
>
> a
> b

> GET / HTTP/1.1
> Host: localhost:{as_port}
> X-Token: {access_token}
>
)";

struct fixture {
    fixture() : where{server.port(), server.port()} {}
    std::string updated(std::string const& text) {
        auto t = parse("x.http", text);
        update(t, where);
        return write(t);
    }
    std::string compared(std::string const& text) { return compare(parse("x.http", text), where); }

    test::live_server server{&serve};
    ports where;
};

std::string with(std::string text, std::string const& old, std::string const& by) {
    auto const at = text.find(old);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, old << " is not in " << text);
    return text.replace(at, old.size(), by);
}

BOOST_FIXTURE_TEST_SUITE(wire_player, fixture)

BOOST_AUTO_TEST_CASE(what_was_written_down_holds_and_is_written_the_same_again) {
    auto const first = updated(conversation);
    BOOST_TEST(first.find("< {\"access_token\":\"{access_token}\"}") != std::string::npos, first);
    BOOST_TEST(first.find("< X-Asked-With: {access_token}") != std::string::npos, first);
    BOOST_TEST(first.find("< a {=name}\n< b\n<\n") != std::string::npos, first);
    BOOST_TEST(updated(first) == first);
    BOOST_TEST(compared(first).empty(), compared(first));
}

BOOST_AUTO_TEST_CASE(every_line_of_an_answer_counts) {
    auto const good = updated(asked);
    auto const lines = parse("x.http", good).steps[0].answer;
    BOOST_REQUIRE(lines.size() > 5u);
    for (auto const& line : lines) {
        BOOST_TEST(!compared(with(good, line + '\n', "")).empty(), line);
        BOOST_TEST(!compared(with(good, line + '\n', line + "x\n")).empty(), line);
        BOOST_TEST(!compared(with(good, line + '\n', line + "\n< More: yes\n")).empty(), line);
    }
}

BOOST_AUTO_TEST_CASE(the_order_of_fields_counts) {
    auto t = parse("x.http", updated(asked));
    std::swap(t.steps[0].answer[1], t.steps[0].answer[2]);
    BOOST_TEST(!compare(t, where).empty());
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_written_down_is_a_difference) {
    BOOST_TEST(!compared(asked).empty());
}

BOOST_AUTO_TEST_CASE(a_difference_is_told_with_file_line_expected_and_got) {
    auto const text = compared(with(updated(asked), "200 OK", "201 Created"));
    BOOST_TEST(text ==
               "x.http:4: answer to GET / HTTP/1.1\n"
               "  expected  < HTTP/1.1 201 Created\n"
               "  got       < HTTP/1.1 200 OK\n");
}

BOOST_AUTO_TEST_CASE(of_long_lines_what_differs_is_shown) {
    auto const long_line = "> X-Token: " + std::string(200, 'y');
    auto const good = updated(with(asked, ">\n", long_line + "1\n>\n"));
    auto const text = compared(with(good, long_line + "1", long_line + "2"));
    BOOST_TEST(text.find("expected  ..." + std::string(40, 'y') + "1\n") != std::string::npos,
               text);
    BOOST_TEST(text.find("got       ..." + std::string(40, 'y') + "2\n") != std::string::npos,
               text);
}

BOOST_AUTO_TEST_CASE(a_name_that_nothing_has_is_an_error_of_the_file) {
    auto const text = with(asked, "localhost:{as_port}", "localhost:{as_port}\n> X: {nobody}");
    BOOST_CHECK_EXCEPTION(compared(text), bad_transcript, [](bad_transcript const& e) {
        return std::string(e.what()) == "x.http:1: nothing is called {nobody} here";
    });
}

BOOST_AUTO_TEST_CASE(a_stream_that_was_not_opened_is_an_error_of_the_file) {
    BOOST_CHECK_THROW(compared(updated(asked) + "@read nobody 1\n"), bad_transcript);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_stream_cannot_be_read_as_one) {
    BOOST_CHECK_THROW(compared("@stream events 1\n" + std::string(asked)), test::raw_failure);
}

BOOST_AUTO_TEST_CASE(a_folder_without_transcripts_or_with_other_files_is_an_error) {
    test::folder const empty;
    BOOST_CHECK_THROW(transcripts_of(empty.path()), std::runtime_error);
    BOOST_CHECK_THROW(folders_of(empty.path()), std::runtime_error);
    std::ofstream(empty.path() / "a.http") << asked;
    BOOST_TEST(transcripts_of(empty.path()).size() == 1u);
    std::ofstream(empty.path() / "b.htpp") << asked;
    BOOST_CHECK_THROW(transcripts_of(empty.path()), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
