// Listeners that treat connections wrongly, and are as they were afterwards, on the same port.
#include "http/message/listener_conduct.hpp"

#include "http/net/flawed_tls.hpp"
#include "http/server/connection_peers.hpp"
#include "support/waiting.hpp"

using namespace test::session_peers;
using test::raw_failure;

namespace {

using manner = http::listener_conduct::manner;

struct conducted : server_fixture {
    conducted() { start(); }

    void conduct(manner how, std::function<bool()> acts = {}) {
        http::listener_conduct wanted;
        wanted.how = how;
        wanted.acts = std::move(acts);
        server->server().conduct(server->listener(), wanted);
    }
    bool serves() {
        raw_client client(server->port());
        client.send(get("/x"));
        return client.read_reply().status == 200;
    }
    bool connects() {
        try {
            raw_client const client(server->port());
            return true;
        } catch (raw_failure const&) {
            return false;
        }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(listener_conduct, conducted)

BOOST_AUTO_TEST_CASE(a_port_is_refused_and_served_again) {
    for (int round = 0; round < 3; ++round) {
        conduct(manner::refuse);
        BOOST_TEST(!connects());
        conduct(manner::serve);
        // Every core accepts again: none of them leaves connections in its queue.
        for (int i = 0; i < 16; ++i)
            BOOST_TEST(serves());
    }
}

BOOST_AUTO_TEST_CASE(connections_that_nobody_accepts_end_when_the_port_is_served_again) {
    conduct(manner::no_accept);
    raw_client waiting(server->port());
    waiting.send(get("/x"));
    BOOST_TEST(waiting.is_silent(50ms));
    conduct(manner::serve);
    BOOST_TEST(waiting.is_closed());
    BOOST_TEST(serves());
}

BOOST_AUTO_TEST_CASE(one_manner_follows_another) {
    for (auto const how : {manner::refuse, manner::no_accept, manner::backlog_full, manner::silent,
                           manner::refuse, manner::end, manner::backlog_full, manner::reset}) {
        conduct(how);
        if (how == manner::refuse) BOOST_TEST(!connects());
        if (how == manner::end) BOOST_TEST(raw_client(server->port()).is_closed());
    }
    raw_client client(server->port());
    BOOST_TEST(client.is_closed());
    BOOST_TEST(client.was_reset());
    conduct(manner::serve);
    BOOST_TEST(serves());
}

BOOST_AUTO_TEST_CASE(open_connections_end_idle_ones_at_once_and_busy_ones_after_their_answer) {
    raw_client idle(server->port());
    idle.send(get("/x"));
    idle.read_reply();
    raw_client busy(server->port());
    held.released = false;
    auto const before = held.begun.load();
    busy.send(get("/held"));
    BOOST_REQUIRE(test::eventually([&] { return held.begun > before; }));
    conduct(manner::silent);
    BOOST_TEST(idle.is_closed());
    held.released = true;
    auto const last = busy.read_reply();
    BOOST_TEST(last.status == 200u);
    BOOST_TEST(last.header("Connection") == "close");
    raw_client now(server->port());
    now.send(get("/x"));
    BOOST_TEST(now.is_silent(50ms));
    conduct(manner::serve);
    BOOST_TEST(now.is_closed());
}

BOOST_AUTO_TEST_CASE(a_stream_is_told_to_close) {
    raw_client stream(server->port());
    stream.send(get("/forever"));
    stream.read_until("\r\n\r\n");
    conduct(manner::refuse);
    stream.read_to_end();
    BOOST_TEST(no_streams());
}

BOOST_AUTO_TEST_CASE(each_connection_is_asked_about) {
    std::atomic<int> asked{0};
    conduct(manner::reset, [&] { return ++asked == 2; });
    BOOST_TEST(serves());
    BOOST_TEST(raw_client(server->port()).is_closed());
    BOOST_TEST(serves());
    BOOST_TEST(asked == 3);
}

// What is served as it should be goes on when the fault that spared it is over.
BOOST_AUTO_TEST_CASE(a_connection_that_was_spared_goes_on) {
    conduct(manner::reset, [] { return false; });
    raw_client client(server->port());
    client.send(get("/x"));
    client.read_reply();
    conduct(manner::serve);
    client.send(get("/y"));
    BOOST_TEST(client.read_reply().body == "GET /y ");
    // Another fault is not over.
    conduct(manner::refuse);
    BOOST_TEST(client.is_closed());
}

// RFC 8446 §6.1: without close_notify the end may be an attacker's.
BOOST_AUTO_TEST_CASE(tls_comes_with_a_flaw_and_goes) {
    http::listener_conduct wanted;
    wanted.how = manner::tls;
    wanted.flaw = http::tls_flaw::no_close_notify;
    server->server().conduct(server->listener(), wanted);
    raw_client client(server->port());
    client.start_tls({});
    client.send(get("/x"));
    auto const answer = client.read_reply();
    BOOST_TEST(answer.body == "GET /x ");
    BOOST_TEST(!answer.headers.has("Content-Length"));
    conduct(manner::serve);
    BOOST_TEST(serves());
}

BOOST_AUTO_TEST_CASE(a_server_that_is_stopped_meanwhile_ends) {
    conduct(manner::silent);
    raw_client client(server->port());
    client.send(get("/x"));
    server->wait_for_connections(1);
    BOOST_TEST((server->stop(5s) < 4s));
    BOOST_TEST(client.is_closed());
}

BOOST_AUTO_TEST_CASE(a_listener_that_is_closed_gives_its_kept_port_back) {
    conduct(manner::refuse);
    auto const port = server->port();
    server->server().close(server->listener());
    auto const again =
        server->server().listen("127.0.0.1:" + std::to_string(port), http::site::shared);
    BOOST_TEST(again->port == port);
    BOOST_TEST(serves());
}

BOOST_AUTO_TEST_SUITE_END()
