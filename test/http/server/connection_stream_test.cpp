// Answers that are produced while they are sent, over a real socket.
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <future>

#include <boost/asio/post.hpp>

#include "http/server/connection_peers.hpp"

using namespace test::session_peers;

namespace {

// Returns when the server's only core has looked for input so many times.
void go_round(live_server& s, int times) {
    for (int i = 0; i < times; ++i) {
        std::promise<void> been;
        asio::post(s.server().executor(), [&] { been.set_value(); });
        been.get_future().wait();
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(session_streams, server_fixture)

BOOST_AUTO_TEST_CASE(streams_each_piece_as_a_chunk_and_goes_on) {
    raw_client c(start().port());
    c.send(get("/stream"));
    auto const head = c.read_until("\r\n\r\n");
    BOOST_TEST(head.find("Transfer-Encoding: chunked\r\n") != std::string::npos);
    BOOST_TEST(head.find("X-Accel-Buffering: no\r\n") != std::string::npos);
    BOOST_TEST(head.find("Content-Length") == std::string::npos);
    BOOST_TEST(c.read_until("0\r\n\r\n") == "1\r\n0\r\n1\r\n1\r\n1\r\n2\r\n0\r\n\r\n");
    c.send(get("/y"));
    BOOST_TEST(c.read_reply().body == "GET /y ");
    BOOST_TEST(no_streams());
}

BOOST_AUTO_TEST_CASE(streams_until_close_to_an_http_1_0_peer) {
    raw_client c(start().port());
    c.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    auto const all = c.read_to_end();
    BOOST_TEST(all.find("Transfer-Encoding") == std::string::npos);
    BOOST_TEST(all.find("Connection: close\r\n") != std::string::npos);
    BOOST_TEST(all.ends_with("\r\n\r\n012"));
}

BOOST_AUTO_TEST_CASE(sends_only_the_head_of_a_stream_to_head) {
    raw_client c(start().port());
    c.send("HEAD /forever HTTP/1.1\r\nHost: x\r\n\r\n" + get("/y"));
    BOOST_TEST(c.read_reply(true).header("Content-Type") == "text/event-stream");
    BOOST_TEST(c.read_reply().body == "GET /y ");
    BOOST_TEST(no_streams());
}

BOOST_AUTO_TEST_CASE(keeps_what_is_pipelined_behind_a_stream) {
    raw_client c(start().port());
    c.send(get("/stream") + get("/a"));
    c.read_until("\r\n\r\n");
    c.send(get("/b"));
    c.read_until("\r\n0\r\n\r\n");
    BOOST_TEST(c.read_reply().body == "GET /a ");
    BOOST_TEST(c.read_reply().body == "GET /b ");
}

BOOST_AUTO_TEST_CASE(cancels_a_stream_when_the_peer_goes_away) {
    start();
    for (bool politely : {true, false}) {
        seen.cancelled = false;
        raw_client c(server->port());
        c.send(get("/forever"));
        c.read_until("1\r\n0\r\n");
        if (politely)
            c.half_close();
        else
            c.reset();
        BOOST_TEST(no_streams());
        BOOST_TEST(test::eventually([] { return seen.cancelled.load(); }));
        BOOST_TEST(server->wait_for_connections(0));
    }
}

// What a test cannot do is take a peer off the network; it can see that the kernel was told.
BOOST_AUTO_TEST_CASE(has_the_kernel_give_up_on_a_peer_that_acknowledges_nothing) {
    options.limits.write_timeout = 12'345ms;
    raw_client c(start().port());
    c.send(get("/forever"));
    c.read_until("\r\n\r\n");
    int patient = 0;
    for (int fd = 3; fd < 1024; ++fd) {
        int time = 0;
        socklen_t size = sizeof time;
        if (::getsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &time, &size) == 0 && time == 12'345)
            ++patient;
    }
    BOOST_TEST(patient == 1);
}

BOOST_AUTO_TEST_CASE(notices_a_reset_behind_more_input_than_it_keeps) {
    options.workers = 1;
    start();
    raw_client c(server->port());
    c.send(get("/forever"));
    c.read_until("1\r\n0\r\n");
    c.send(std::string(64 << 10, 'x'));
    go_round(*server, 100);  // by now it has read all that it is going to read
    BOOST_TEST(seen.alive == 1);
    c.reset();
    BOOST_TEST(no_streams());
    BOOST_TEST(server->wait_for_connections(0));
}

BOOST_AUTO_TEST_CASE(breaks_the_body_off_when_its_stream_throws) {
    raw_client c(start().port());
    c.send(get("/throwing"));
    auto const all = c.read_to_end();
    BOOST_TEST(all.ends_with("5\r\nfirst\r\n"));  // no last chunk: the peer can tell
}

BOOST_AUTO_TEST_CASE(ends_streams_with_a_last_chunk_when_it_drains) {
    start();
    raw_client c(server->port());
    c.send(get("/forever"));
    c.read_until("1\r\n0\r\n");
    BOOST_TEST((server->stop(10s) < 2s));
    BOOST_TEST(seen.closed == 1);
    BOOST_TEST(c.read_to_end() == "0\r\n\r\n");
    BOOST_TEST(seen.alive == 0);
}

BOOST_AUTO_TEST_CASE(cuts_a_stream_that_does_not_close_within_the_grace) {
    start();
    raw_client c(server->port());
    c.send(get("/flood"));
    c.read_until("\r\n\r\n");
    BOOST_TEST((server->stop(100ms) < 3s));
    BOOST_TEST(seen.alive == 0);
}

BOOST_AUTO_TEST_SUITE_END()
