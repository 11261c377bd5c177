// Asking other servers: connections that are kept, answers that are read.
#include "http/client/peers.hpp"

using namespace test::client_peers;

BOOST_FIXTURE_TEST_SUITE(client_suite, client_fixture)

BOOST_AUTO_TEST_CASE(sends_method_target_fields_and_body) {
    live_server s(&serve);
    http::outbound o(url_of(s.port(), "/a?b=c#fragment"));
    o.method = http::verb::post;
    o.body = "hello";
    o.headers.add("X-Custom", "yes");
    o.headers.add("Host", "forged");
    auto const a = send(o);
    BOOST_REQUIRE(a);
    BOOST_TEST(a->status == 200u);
    BOOST_TEST(a->body == "hello");
    BOOST_TEST(a->headers.get("x-custom") == "yes");
    BOOST_TEST(a->headers.get("X-Got") == "POST 127.0.0.1:" + std::to_string(s.port()) + " /a?b=c");
}

BOOST_AUTO_TEST_CASE(finds_localhost_names_by_itself_over_both_families) {
    for (auto const* address : {"127.0.0.1:0", "[::1]:0"}) {
        live_server s(&serve, live_server::small(), address);
        for (auto const* host : {"http://localhost:", "http://alpha.localhost:"})
            BOOST_TEST(get(url_of(s.port(), "/", host)).has_value());
    }
    live_server six(&serve, live_server::small(), "[::1]:0");
    auto const a = get(url_of(six.port(), "", "http://[::1]:"));
    BOOST_REQUIRE(a);
    BOOST_TEST(a->headers.get("X-Got") == "GET [::1]:" + std::to_string(six.port()) + " /");
}

BOOST_AUTO_TEST_CASE(uses_an_idle_connection_again) {
    live_server s(&serve);
    for (int i = 0; i < 5; ++i)
        BOOST_REQUIRE(get(url_of(s.port(), "/")));
    BOOST_TEST(s.server().open_connections() == 1u);
    BOOST_TEST(idle() == 1u);
}

BOOST_AUTO_TEST_CASE(keeps_no_more_idle_connections_than_allowed_and_closes_them_in_time) {
    live_server s(&serve);
    http::client::options o;
    o.idle_per_host = 2;
    o.idle_for = 1s;
    client.emplace(o);
    int done = 0;
    for (int i = 0; i < 4; ++i) {
        auto work = client->send(http::outbound(url_of(s.port(), "/")));
        asio::co_spawn(io, std::move(work), [&](std::exception_ptr, result) { ++done; });
    }
    while (done < 4)
        io.run_one();
    BOOST_TEST(idle() == 2u);
    io.run();  // until the pool's timer has fired
    BOOST_TEST(idle() == 0u);
    BOOST_TEST(s.wait_for_connections(0));
}

BOOST_AUTO_TEST_CASE(notices_that_an_idle_connection_was_closed) {
    scripted s(scripts{script{ok}, script{ok}});
    BOOST_REQUIRE(get(url_of(s.port, "/1")));
    BOOST_TEST(test::eventually([&] { return s.closed == 1; }));
    http::outbound o(url_of(s.port, "/2"));
    o.method = http::verb::post;  // it was never sent on the dead connection: no repetition
    BOOST_TEST(send(o).has_value());
    BOOST_TEST(s.read == 2);
}

// RFC 9110 §9.2.2
BOOST_AUTO_TEST_CASE(repeats_once_what_may_be_repeated_when_an_idle_connection_dies) {
    // The first connection answers once, then reads a request and closes without a word.
    for (bool repeatable : {true, false}) {
        scripted s(scripts{script{ok, ""}, script{ok}});
        BOOST_REQUIRE(get(url_of(s.port, "/1")));
        http::outbound o(url_of(s.port, "/2"));
        o.method = http::verb::post;
        o.repeatable = repeatable;
        BOOST_TEST(send(o).has_value() == repeatable);
        BOOST_TEST(s.read == (repeatable ? 3 : 2));
        if (!repeatable) BOOST_TEST(get(url_of(s.port, "/3")).has_value());
    }
}

BOOST_AUTO_TEST_CASE(does_not_repeat_on_a_fresh_connection) {
    scripted s(scripts{script{""}});
    auto const a = get(url_of(s.port, "/"));
    BOOST_TEST(!a);
    BOOST_TEST(a.error() == asio::error::eof);
}

BOOST_AUTO_TEST_CASE(returns_a_redirect_instead_of_following_it) {
    live_server s(&serve);
    requests = 0;
    auto const a = get(url_of(s.port(), "/redirect"));
    BOOST_REQUIRE(a);
    BOOST_TEST(a->status == 302u);
    BOOST_TEST(a->headers.get("Location") == "/elsewhere");
    BOOST_TEST(requests == 1);
}

BOOST_AUTO_TEST_CASE(reads_chunked_answers_and_goes_on) {
    live_server s(&serve);
    auto const a = get(url_of(s.port(), "/chunked"));
    BOOST_REQUIRE(a);
    BOOST_TEST(a->body == std::string(10000, 'c'));
    BOOST_REQUIRE(get(url_of(s.port(), "/")));
    BOOST_TEST(s.server().open_connections() == 1u);
}

BOOST_AUTO_TEST_CASE(reads_answers_that_end_with_the_connection) {
    scripted s(scripts{script{"HTTP/1.0 200 OK\r\n\r\nuntil the end"}});
    auto const a = get(url_of(s.port, "/"));
    BOOST_REQUIRE(a);
    BOOST_TEST(a->body == "until the end");
    BOOST_TEST(idle() == 0u);
}

BOOST_AUTO_TEST_CASE(skips_interim_answers) {
    scripted s(scripts{script{
        std::string("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n") + ok}});
    auto const a = get(url_of(s.port, "/"));
    BOOST_REQUIRE(a);
    BOOST_TEST(a->status == 200u);
    BOOST_TEST(a->body == "ok");
}

BOOST_AUTO_TEST_CASE(expects_no_body_from_head) {
    scripted s(scripts{script{"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", ok}});
    http::outbound o(url_of(s.port, "/"));
    o.method = http::verb::head;
    auto const a = send(o);
    BOOST_REQUIRE(a);
    BOOST_TEST(a->body == "");
    BOOST_TEST(get(url_of(s.port, "/")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
