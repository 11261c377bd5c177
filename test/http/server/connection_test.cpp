// One connection over a real socket: order, limits, timeouts.
#include "http/server/connection_peers.hpp"

using namespace test::session_peers;

BOOST_FIXTURE_TEST_SUITE(session, server_fixture)

BOOST_AUTO_TEST_CASE(answers_many_requests_on_one_connection) {
    raw_client c(start().port());
    for (int i = 0; i < 20; ++i) {
        auto const n = std::to_string(i);
        c.send(post("/" + n, "body " + n));
        auto const a = c.read_reply();
        BOOST_TEST(a.body == "POST /" + n + " body " + n);
        BOOST_TEST(a.header("Server") == "tollgate");
        BOOST_TEST(a.header("Date").size() == 29u);
        BOOST_TEST(!a.headers.has("Connection"));
    }
}

BOOST_AUTO_TEST_CASE(answers_pipelined_requests_in_order_although_the_first_is_slow) {
    raw_client c(start().port());
    c.send(get("/slow") + post("/second", "2") + get("/third"));
    BOOST_TEST(c.read_reply().body == "GET /slow ");
    BOOST_TEST(c.read_reply().body == "POST /second 2");
    BOOST_TEST(c.read_reply().body == "GET /third ");
}

BOOST_AUTO_TEST_CASE(closes_when_the_client_or_the_handler_says_so) {
    start();
    {
        raw_client c(server->port());
        c.send(get("/", "Connection: close\r\n"));
        BOOST_TEST(c.read_reply().header("Connection") == "close");
        BOOST_TEST(c.is_closed());
    }
    raw_client c(server->port());
    c.send(get("/bye"));
    BOOST_TEST(c.read_reply().header("Connection") == "close");
    BOOST_TEST(c.is_closed());
}

BOOST_AUTO_TEST_CASE(speaks_http_1_0) {
    start();
    {
        raw_client c(server->port());
        c.send("GET /a HTTP/1.0\r\n\r\n");
        BOOST_TEST(c.read_to_end().starts_with("HTTP/1.0 200 OK\r\n"));
    }
    raw_client c(server->port());
    c.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    BOOST_TEST(c.read_reply().header("Connection") == "keep-alive");
    c.send("GET /b HTTP/1.0\r\n\r\n");
    BOOST_TEST(c.read_reply().body == "GET /b ");
    BOOST_TEST(c.is_closed());
}

// RFC 9110 §9.3.2: the fields of GET, no content.
BOOST_AUTO_TEST_CASE(sends_no_body_to_head_but_its_length) {
    raw_client c(start().port());
    c.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n" + get("/y"));
    auto const a = c.read_reply(true);
    BOOST_TEST(a.header("Content-Length") == "8");
    BOOST_TEST(c.read_reply().body == "GET /y ");
}

BOOST_AUTO_TEST_CASE(sends_neither_body_nor_length_with_204_and_304) {
    raw_client c(start().port());
    c.send(get("/none") + get("/unchanged") + get("/y"));
    for (unsigned status : {204u, 304u}) {
        auto const a = c.read_reply();
        BOOST_TEST(a.status == status);
        BOOST_TEST(!a.headers.has("Content-Length"));
    }
    BOOST_TEST(c.read_reply().body == "GET /y ");
}

BOOST_AUTO_TEST_CASE(sends_a_body_that_the_socket_does_not_take_at_once) {
    raw_client c(start().port());
    c.send(get("/big"));
    BOOST_TEST(c.read_reply().body.size() == 8u << 20);
    c.send(get("/y"));
    BOOST_TEST(c.read_reply().body == "GET /y ");
}

BOOST_AUTO_TEST_CASE(turns_an_exception_into_a_bare_500) {
    raw_client c(start().port());
    c.send(get("/throw"));
    auto const a = c.read_reply();
    BOOST_TEST(a.status == 500u);
    BOOST_TEST(a.body == "");
    c.send(get("/y"));
    BOOST_TEST(c.read_reply().status == 200u);
}

BOOST_AUTO_TEST_CASE(refuses_with_a_sentence_and_closes) {
    options.limits.max_request_line = 100;
    options.limits.max_header = 200;
    options.limits.max_header_count = 5;
    options.limits.max_body = 100;
    start();
    std::string many;
    for (int i = 0; i < 6; ++i)
        many += "a: b\r\n";
    std::pair<unsigned, std::string> const cases[] = {
        {400, "nonsense\r\n\r\n"},
        {400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        {400, "\x16\x03\x01"},
        {413, post("/", std::string(101, 'x'))},
        {413, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n" +
                  std::string(64, 'x') + "\r\n40\r\n"},
        {414, get("/" + std::string(100, 'x'))},
        {431, get("/", "a: " + std::string(200, 'x') + "\r\n")},
        {431, get("/", many)},
        {501, get("/", "Transfer-Encoding: gzip\r\n")},
        {505, "GET / HTTP/3.0\r\n\r\n"},
    };
    for (auto const& [status, bytes] : cases) {
        raw_client c(server->port());
        c.send(bytes);
        auto const a = c.read_reply();
        BOOST_TEST(a.status == status);
        BOOST_TEST(a.header("Connection") == "close");
        BOOST_TEST(a.header("Content-Type").starts_with("text/plain"));
        BOOST_TEST(a.body.size() > 10u);
        BOOST_TEST(a.body.find('\n') == a.body.size() - 1);
        BOOST_TEST(c.is_closed());
    }
}

BOOST_AUTO_TEST_CASE(lets_a_refused_sender_read_the_refusal) {
    options.limits.max_body = 100;
    raw_client c(start().port());
    c.send(post("/", std::string(1 << 20, 'x')));  // much more than the socket buffers
    BOOST_TEST(c.read_reply().status == 413u);
}

// RFC 9110 §10.1.1
BOOST_AUTO_TEST_CASE(says_100_continue_or_refuses_at_once) {
    options.limits.max_body = 100;
    start();
    raw_client c(server->port());
    c.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    BOOST_TEST(c.read_reply().status == 100u);
    c.send("ok");
    BOOST_TEST(c.read_reply().body == "POST / ok");
    c.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n");
    BOOST_TEST(c.read_reply().status == 413u);
    raw_client d(server->port());  // who sends the body at once need not be told to
    d.send(post("/", "ok", "Expect: 100-continue\r\n"));
    BOOST_TEST(d.read_reply().status == 200u);
}

BOOST_AUTO_TEST_CASE(answers_408_to_a_head_that_dribbles_in) {
    options.limits.header_timeout = 500ms;
    raw_client c(start().port());
    auto const began = std::chrono::steady_clock::now();
    c.send("GET / HTTP/1.1\r\n");
    // Each byte comes long before the time is over: they do not prolong it.
    for (int i = 0; i < 1000 && c.is_silent(100ms); ++i)
        c.send("x");
    BOOST_TEST(c.read_reply().status == 408u);
    BOOST_TEST((std::chrono::steady_clock::now() - began >= 490ms));
    BOOST_TEST(c.is_closed());
}

BOOST_AUTO_TEST_CASE(answers_408_to_a_body_that_does_not_come) {
    options.limits.body_timeout = 100ms;
    raw_client c(start().port());
    c.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabc");
    BOOST_TEST(c.read_reply().status == 408u);
    BOOST_TEST(c.is_closed());
}

BOOST_AUTO_TEST_CASE(closes_an_idle_connection_in_silence) {
    options.limits.idle_timeout = 100ms;
    start();
    raw_client fresh(server->port());
    raw_client used(server->port());
    used.send(get("/"));
    BOOST_TEST(used.read_reply().status == 200u);
    BOOST_TEST(fresh.is_closed());
    BOOST_TEST(used.is_closed());
}

BOOST_AUTO_TEST_CASE(does_not_count_the_time_of_the_handler_as_idle) {
    options.limits.idle_timeout = 20ms;
    options.limits.header_timeout = 20ms;
    raw_client c(start().port());
    c.send(get("/slow"));
    BOOST_TEST(c.read_reply().status == 200u);
}

BOOST_AUTO_TEST_CASE(cuts_a_reader_that_does_not_read) {
    options.limits.write_timeout = 100ms;
    start();
    raw_client c(server->port());
    c.read_slowly();
    c.send(get("/big"));
    c.read_until("\r\n\r\n");
    BOOST_TEST(server->wait_for_connections(0));
    raw_client d(server->port());
    d.read_slowly();
    d.send(get("/flood"));
    d.read_until("\r\n\r\n");
    BOOST_TEST(server->wait_for_connections(0));
    BOOST_TEST(no_streams());
}

BOOST_AUTO_TEST_CASE(ends_quietly_when_the_peer_leaves_in_the_middle) {
    start();
    for (auto const* part :
         {"", "GET / HT", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na"}) {
        raw_client c(server->port());
        c.send(part);
        c.half_close();
        BOOST_TEST(c.is_closed());
    }
    {
        raw_client c(server->port());
        c.send(get("/slow"));
        c.reset();
    }
    BOOST_TEST(server->wait_for_connections(0));
}

BOOST_AUTO_TEST_SUITE_END()
