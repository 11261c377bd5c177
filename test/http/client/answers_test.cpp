// Answers as servers of all kinds frame them, and which connections are used again.
#include "http/client/peers.hpp"
#include "support/waiting.hpp"

using namespace test::client_peers;

namespace {

struct fixture : client_fixture {
    // What a server that says these bytes once is understood to have said.
    result answer_of(std::string const& bytes) {
        scripted s(scripts{script{bytes}});
        return get(url_of(s.port, "/"));
    }
};

std::string head(std::string const& fields) {
    return "HTTP/1.1 200 OK\r\n" + fields + "\r\n";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_answers, fixture)

// RFC 9112 §6.3: two framings, or two lengths, are an error that nobody can recover from
BOOST_AUTO_TEST_CASE(an_answer_with_two_framings_is_none) {
    for (auto const& bytes :
         {head("Content-Length: 2\r\nContent-Length: 3\r\n") + "abc",
          head("Content-Length: 2, 3\r\n") + "abc",
          head("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n") + "2\r\nab\r\n0\r\n\r\n",
          head("Content-Length: -1\r\n"), head("Content-Length: 1x\r\n") + "a"}) {
        BOOST_TEST(!answer_of(bytes).has_value(), bytes);
        BOOST_TEST(idle() == 0u);
    }
}

// RFC 9112 §4: status-line = HTTP-version SP status-code SP [ reason-phrase ]
BOOST_AUTO_TEST_CASE(a_status_line_that_is_none_is_no_answer) {
    for (auto const* line : {"HTTP/1.1 20 OK", "HTTP/1.1 abc OK", "HTTP/2 200 OK", "ICY 200 OK",
                             "HTTP/1.1", "200 OK", "<html>"})
        BOOST_TEST(!answer_of(std::string(line) + "\r\nContent-Length: 0\r\n\r\n"), line);
    auto const bare = answer_of("HTTP/1.1 299 \r\nContent-Length: 0\r\n\r\n");
    BOOST_REQUIRE(bare);
    BOOST_TEST(bare->status == 299u);
}

// RFC 9112 §6.3: 204 and 304 end with their fields, whatever these say
BOOST_AUTO_TEST_CASE(answers_without_content_end_with_their_fields) {
    for (std::string const status : {"204 No Content", "304 Not Modified"}) {
        scripted s(scripts{script{"HTTP/1.1 " + status + "\r\nETag: \"x\"\r\n\r\n", ok}});
        auto const a = get(url_of(s.port, "/1"));
        BOOST_REQUIRE_MESSAGE(a, status);
        BOOST_TEST(a->body.empty());
        BOOST_TEST(a->headers.get("ETag") == "\"x\"");
        BOOST_TEST(get(url_of(s.port, "/2"))->body == "ok");
    }
}

// RFC 9110 §5.3: lines of one name stay lines of their own (Set-Cookie could not be joined)
BOOST_AUTO_TEST_CASE(every_field_line_of_an_answer_is_kept_in_order) {
    auto const a = answer_of(
        head("Set-Cookie: a=1, b\r\nX: \xc3\xa4\r\nset-cookie: c=2\r\nContent-Length: 0\r\n"));
    BOOST_REQUIRE(a);
    std::string cookies;
    for (auto const& h : a->headers)
        if (http::iequals(h.name, "Set-Cookie")) cookies += h.value + ';';
    BOOST_TEST(cookies == "a=1, b;c=2;");
    BOOST_TEST(a->headers.get("X") == "\xc3\xa4");
}

BOOST_AUTO_TEST_CASE(a_body_may_be_as_large_as_was_asked_for) {
    for (auto const& frame :
         {head("Content-Length: 10\r\n") + "0123456789",
          head("Transfer-Encoding: chunked\r\n") + "a\r\n0123456789\r\n0\r\n\r\n",
          head("Connection: close\r\n") + "0123456789"}) {
        for (std::size_t const most : {10u, 9u}) {
            scripted s(scripts{script{frame}});
            http::outbound o(url_of(s.port, "/"));
            o.max_body = most;
            auto const a = send(o);
            BOOST_TEST(a.has_value() == (most == 10), frame);
            if (!a) BOOST_TEST((a.error() == boost::system::errc::message_size));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_head_that_does_not_end_is_too_big) {
    auto const a = answer_of(head("X: " + std::string(70'000, 'x') + "\r\nContent-Length: 0\r\n"));
    BOOST_REQUIRE(!a);
    BOOST_TEST((a.error() == boost::system::errc::message_size));
}

// RFC 9110 §15.2: a client must be able to parse interim answers; it need not wait for ever
BOOST_AUTO_TEST_CASE(interim_answers_are_skipped_but_not_for_ever) {
    std::string const interim = "HTTP/1.1 102 Processing\r\n\r\n";
    std::string seven;
    for (int i = 0; i < 7; ++i)
        seven += interim;
    BOOST_TEST(answer_of(seven + ok).has_value());
    BOOST_TEST(!answer_of(seven + seven + ok).has_value());
}

// RFC 9112 §9.6: "close" ends the connection, even when the server forgets to
BOOST_AUTO_TEST_CASE(a_connection_that_the_server_wants_closed_is_not_kept) {
    for (std::string const field : {"Connection: close\r\n", "Connection: x, Close\r\n"}) {
        scripted s(scripts{script{head("Content-Length: 2\r\n" + field) + "ok", ok}});
        BOOST_TEST(get(url_of(s.port, "/"))->body == "ok");
        BOOST_TEST(idle() == 0u, field);
    }
}

// RFC 9112 §9.3: HTTP/1.0 closes unless it says otherwise
BOOST_AUTO_TEST_CASE(a_connection_of_http_1_0_is_kept_only_when_it_says_so) {
    std::pair<std::string, std::size_t> const cases[] = {{"", 0},
                                                         {"Connection: keep-alive\r\n", 1}};
    for (auto const& [field, kept] : cases) {
        scripted s(
            scripts{script{"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n" + field + "\r\nok", ok}});
        BOOST_TEST(get(url_of(s.port, "/"))->body == "ok");
        BOOST_TEST(idle() == kept, field);
        client.emplace(http::client::options{});  // lets the server go on to its end
    }
}

// RFC 9112 §6.3: bytes behind an answer belong to none; taking them for the next is a trap
BOOST_AUTO_TEST_CASE(a_connection_with_more_than_the_answer_on_it_is_not_kept) {
    scripted s(scripts{script{std::string(ok) + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"},
                       script{ok}});
    BOOST_TEST(get(url_of(s.port, "/1"))->body == "ok");
    BOOST_TEST(idle() == 0u);
    BOOST_TEST(get(url_of(s.port, "/2"))->body == "ok");
}

// RFC 9110 §9.2.2: idempotent methods may be repeated when a kept connection turns out to be dead
BOOST_AUTO_TEST_CASE(what_is_idempotent_is_repeated_and_what_is_not_is_not) {
    std::pair<http::verb, bool> const methods[] = {
        {http::verb::get, true},     {http::verb::put, true},   {http::verb::delete_, true},
        {http::verb::options, true}, {http::verb::post, false}, {http::verb::patch, false}};
    for (auto const& [method, repeats] : methods) {
        scripted s(scripts{script{ok, ""}, script{ok}});
        BOOST_REQUIRE(get(url_of(s.port, "/1")));
        http::outbound o(url_of(s.port, "/2"));
        o.method = method;
        BOOST_TEST(send(o).has_value() == repeats, http::to_string(method));
        BOOST_TEST(s.read == (repeats ? 3 : 2));
        if (!repeats) BOOST_TEST(get(url_of(s.port, "/3")).has_value());
    }
}

// RFC 9110 §9.2.2: not where the server has begun to answer, and so has seen the request
BOOST_AUTO_TEST_CASE(an_answer_that_has_begun_is_not_asked_for_again) {
    scripted s(scripts{script{ok, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart"}, script{ok}});
    BOOST_REQUIRE(get(url_of(s.port, "/1")));
    BOOST_TEST(!get(url_of(s.port, "/2")).has_value());
    BOOST_TEST(s.read == 2);
    BOOST_TEST(get(url_of(s.port, "/3")).has_value());
}

BOOST_AUTO_TEST_CASE(a_connection_serves_the_very_scheme_host_and_port_alone) {
    live_server s(&serve, live_server::small(), "localhost:0");
    BOOST_REQUIRE(get(url_of(s.port(), "/", "http://127.0.0.1:")));
    BOOST_REQUIRE(get(url_of(s.port(), "/", "http://localhost:")));
    BOOST_REQUIRE(get(url_of(s.port(), "/", "http://alpha.localhost:")));
    BOOST_TEST(idle() == 3u);
    live_server other(&serve);
    BOOST_REQUIRE(get(url_of(other.port(), "/")));
    BOOST_TEST(idle() == 4u);
    BOOST_REQUIRE(get(url_of(s.port(), "/", "http://LOCALHOST:")));
    BOOST_TEST(idle() == 4u);
}

BOOST_AUTO_TEST_CASE(connections_of_one_client_are_not_those_of_another) {
    live_server s(&serve);
    BOOST_REQUIRE(get(url_of(s.port(), "/")));
    http::client other{http::client::options{}};
    std::optional<result> got;
    auto work = other.send(http::outbound(url_of(s.port(), "/")));
    asio::co_spawn(io, std::move(work),
                   [&](std::exception_ptr, result r) { got.emplace(std::move(r)); });
    BOOST_REQUIRE(test::run_until(io, [&] { return got.has_value(); }));
    BOOST_REQUIRE(*got);
    BOOST_TEST(idle() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
