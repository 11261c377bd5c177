// Asking other servers that are broken, slow, gone or not what they should be.
#include "http/client/peers.hpp"

using namespace test::client_peers;

BOOST_FIXTURE_TEST_SUITE(client_failures, client_fixture)

BOOST_AUTO_TEST_CASE(fails_when_an_answer_is_cut_short_or_none) {
    for (auto const* bad :
         {"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", "HTTP/1.1 200 OK\r\nX",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", "SSH-2.0-OpenSSH\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"}) {
        scripted s(scripts{script{bad}});
        BOOST_TEST(!get(url_of(s.port, "/")).has_value(), bad);
        BOOST_TEST(idle() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_body_that_is_too_big) {
    live_server s(&serve);
    for (auto const* path : {"/big", "/chunked"}) {
        http::outbound o(url_of(s.port(), path));
        o.max_body = 5000;
        auto const a = send(o);
        BOOST_TEST(!a);
        BOOST_TEST(a.error() == boost::system::errc::message_size);
    }
    BOOST_TEST(s.wait_for_connections(0));
}

BOOST_AUTO_TEST_CASE(gives_up_when_the_time_is_over) {
    live_server s(&serve);
    http::outbound o(url_of(s.port(), "/slow"));
    o.timeout = 100ms;
    auto const began = std::chrono::steady_clock::now();
    auto const a = send(o);
    auto const took = std::chrono::steady_clock::now() - began;
    BOOST_TEST(!a);
    BOOST_TEST(a.error() == boost::system::errc::timed_out);
    BOOST_TEST((took >= 90ms && took < 2s));
}

BOOST_AUTO_TEST_CASE(gives_up_on_a_peer_that_accepts_and_is_silent) {
    tcp::acceptor mute(io, {asio::ip::address_v4::loopback(), 0});
    for (auto const* scheme : {"http://127.0.0.1:", "https://127.0.0.1:"}) {
        http::outbound o(url_of(mute.local_endpoint().port(), "/", scheme));
        o.timeout = 100ms;
        BOOST_TEST(send(o).error() == boost::system::errc::timed_out);
    }
}

BOOST_AUTO_TEST_CASE(ends_when_its_caller_is_cancelled) {
    live_server s(&serve);
    auto const before = requests.load();
    asio::cancellation_signal cancel;
    bool threw = false;
    bool done = false;
    auto work = client->send(http::outbound(url_of(s.port(), "/slow")));
    asio::co_spawn(io, std::move(work),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, result) {
                       threw = e != nullptr;
                       done = true;
                   }));
    BOOST_TEST(test::eventually([&] {
        io.run_one_for(5ms);
        return requests > before;
    }));
    cancel.emit(asio::cancellation_type::terminal);
    io.run();
    BOOST_TEST(done);
    BOOST_TEST(s.wait_for_connections(1));  // the handler is still asleep
    BOOST_TEST(idle() == 0u);
}

BOOST_AUTO_TEST_CASE(says_that_nobody_listens) {
    unsigned short port = 0;
    {
        tcp::acceptor gone(io, {asio::ip::address_v4::loopback(), 0});
        port = gone.local_endpoint().port();
    }
    BOOST_TEST(get(url_of(port, "/")).error() == boost::system::errc::connection_refused);
    BOOST_TEST(get(url_of(port, "/", "http://localhost:")).error() ==
               boost::system::errc::connection_refused);
}

// RFC 1035 §2.3.4: a label of more than 63 characters; no network is needed to refuse it.
BOOST_AUTO_TEST_CASE(says_that_a_host_does_not_exist) {
    BOOST_TEST(get("http://" + std::string(70, 'a') + ".invalid/").error() ==
               asio::error::host_not_found);
}

BOOST_AUTO_TEST_CASE(says_that_a_url_is_none) {
    for (auto const* bad : {"", "nonsense", "ftp://127.0.0.1/", "http://", "http://u:p@127.0.0.1/",
                            "http://127.0.0.1:99999/", "http://127.0.0.1/a b",
                            "http://127.0.0.1/a\r\nX: y", "//127.0.0.1/"})
        BOOST_TEST(get(bad).error() == boost::system::errc::bad_address, bad);
}

BOOST_AUTO_TEST_CASE(does_not_send_a_field_that_breaks_the_framing) {
    http::outbound o("http://127.0.0.1:1/");
    o.headers.add("X", "a\r\nY: b");
    BOOST_TEST(send(o).error() == boost::system::errc::invalid_argument);
}

BOOST_AUTO_TEST_CASE(leaves_no_socket_behind_whatever_ends_first) {
    live_server s(&serve);
    BOOST_REQUIRE(get(url_of(s.port(), "/")));
    BOOST_TEST(idle() == 1u);
    client.reset();  // before its context
    BOOST_TEST(idle() == 0u);
    http::client outlives{http::client::options{}};
    {
        asio::io_context other;
        bool done = false;
        auto work = outlives.send(http::outbound(url_of(s.port(), "/")));
        asio::co_spawn(other, std::move(work), [&](std::exception_ptr, result) { done = true; });
        while (!done)
            other.run_one();
        BOOST_TEST(http::client_pool::of(other.get_executor()).size() == 1u);
    }
    BOOST_TEST(s.wait_for_connections(0));
}

BOOST_AUTO_TEST_CASE(does_not_keep_a_server_from_ending) {
    live_server target(&serve);
    live_server s(&serve);
    std::atomic<bool> done{false};
    auto work = client->send(http::outbound(url_of(target.port(), "/")));
    asio::co_spawn(s.server().executor(), std::move(work),
                   [&](std::exception_ptr, result) { done = true; });
    BOOST_REQUIRE(test::eventually([&] { return done.load(); }));
    BOOST_TEST((s.stop(10s) < 800ms));  // although an idle connection has a timer
}

BOOST_AUTO_TEST_SUITE_END()
