// Listeners, cores, connections counted, and the way a server ends.
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <future>
#include <optional>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include "base/log/log.hpp"
#include "http/net/listening.hpp"
#include "support/live_server.hpp"
#include "support/raw_client.hpp"
#include "support/waiting.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = tollgate::http;
using test::eventually;
using test::get;
using test::live_server;
using test::raw_client;

namespace {

tollgate::task<http::reply> hello(http::request const& r, http::listener_info const& l,
                                  asio::any_io_executor) {
    http::reply answer(200, "text/plain", std::string(r.target) + " at " + std::to_string(l.port));
    co_return answer;
}

std::atomic<int> entered{0};      // handlers that have begun
std::atomic<bool> let_go{false};  // may `slow` answer?

tollgate::task<http::reply> slow(http::request const&, http::listener_info const&,
                                 asio::any_io_executor ex) {
    ++entered;
    asio::steady_timer timer(ex);
    while (!let_go) {
        timer.expires_after(2ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    http::reply answer(200, "text/plain", "slow");
    co_return answer;
}

tollgate::task<http::reply> endless(http::request const&, http::listener_info const&,
                                    asio::any_io_executor ex) {
    ++entered;
    asio::steady_timer timer(ex, 1h);
    co_await timer.async_wait(asio::use_awaitable);
    http::reply answer(200);
    co_return answer;
}

// Sends a request, and returns when its handler is at work.
void keep_busy(raw_client& c) {
    entered = 0;
    c.send(get("/"));
    BOOST_TEST(eventually([] { return entered == 1; }));
}

bool takes_nobody(unsigned short port) {
    return eventually([&] {
        try {
            raw_client const another(port);
            return false;
        } catch (test::raw_failure const&) {
            return true;
        }
    });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server)

BOOST_AUTO_TEST_CASE(answers_on_127_0_0_1_and_on_ipv6_by_one_port_when_it_listens_on_localhost) {
    live_server s(&hello, live_server::small(), "localhost:0");
    BOOST_TEST(s.port() != 0);
    BOOST_TEST(s.listener()->loopback);
    BOOST_TEST(s.listener()->host == "localhost");
    for (auto const* address : {"127.0.0.1", "::1"}) {
        raw_client c(s.port(), address);
        c.send(get("/x"));
        BOOST_TEST(c.read_reply().body == "/x at " + std::to_string(s.port()));
    }
}

BOOST_AUTO_TEST_CASE(listens_on_an_ipv6_address_alone) {
    live_server s(&hello, live_server::small(), "[::1]:0");
    BOOST_TEST(s.listener()->host == "[::1]");
    raw_client c(s.port(), "::1");
    c.send(get("/"));
    BOOST_TEST(c.read_reply().status == 200u);
    BOOST_CHECK_THROW(raw_client(s.port(), "127.0.0.1"), test::raw_failure);
}

BOOST_AUTO_TEST_CASE(knows_that_the_unspecified_address_is_not_loopback) {
    live_server s(&hello, live_server::small(), "0.0.0.0:0");
    BOOST_TEST(!s.listener()->loopback);
}

BOOST_AUTO_TEST_CASE(refuses_a_port_that_another_server_listens_on_and_names_it) {
    live_server first(&hello, live_server::small(), "localhost:0");
    auto const port = std::to_string(first.port());
    http::server second(live_server::small());
    for (auto const* host : {"localhost:", "127.0.0.1:", "[::1]:"}) {
        BOOST_CHECK_EXCEPTION(second.listen(host + port, http::site::shared), http::cannot_bind,
                              [&](http::cannot_bind const& e) {
                                  return std::string(e.what()).find(port) != std::string::npos;
                              });
    }
}

BOOST_AUTO_TEST_CASE(takes_a_port_again_right_after_a_server_with_connections_ended) {
    unsigned short port = 0;
    {
        live_server first(&hello);
        port = first.port();
        raw_client c(port);
        c.send(get("/"));
        BOOST_TEST(c.read_reply().status == 200u);
        first.stop(1s);  // closes first: TIME_WAIT is on the server's side
    }
    live_server second(&hello, live_server::small(), "127.0.0.1:" + std::to_string(port));
    BOOST_TEST(second.port() == port);
}

BOOST_AUTO_TEST_CASE(explains_an_address_that_is_none) {
    http::server s(live_server::small());
    // A label of more than 63 characters is refused without asking anybody (RFC 1035 §2.3.4).
    auto const name = std::string(70, 'a') + ".invalid:0";
    auto const* const no_such_host = name.c_str();
    for (auto const* bad : {"localhost", ":80", "localhost:http", "localhost:70000", "::1:80",
                            "[nonsense]:0", no_such_host, "192.0.2.1:0"})
        BOOST_CHECK_THROW(s.listen(bad, http::site::shared), http::cannot_bind);
}

BOOST_AUTO_TEST_CASE(opens_and_closes_a_listener_while_it_runs) {
    live_server s(&hello);
    auto const extra = s.server().listen("127.0.0.1:0", http::site::mcp_server,
                                         [](http::listener_info& l) { l.realm = "alpha"; });
    BOOST_TEST(extra->realm == "alpha");
    raw_client c(extra->port);
    c.send(get("/a"));
    BOOST_TEST(c.read_reply().body == "/a at " + std::to_string(extra->port));
    s.server().close(extra);
    BOOST_TEST(takes_nobody(extra->port));
    c.send(get("/b"));  // the open connection goes on
    BOOST_TEST(c.read_reply().status == 200u);
}

// What a handler of the core posts waits until the handler returns: the end of the listener, told
// by another thread, must not overtake its beginning.
BOOST_AUTO_TEST_CASE(closes_a_listener_that_its_own_core_has_just_opened) {
    auto one_core = live_server::small();
    one_core.workers = 1;
    live_server s(&hello, one_core);
    std::promise<unsigned short> opened;
    asio::post(s.server().executor(), [&] {
        auto const extra = s.server().listen("127.0.0.1:0", http::site::mcp_server);
        std::thread([&] { s.server().close(extra); }).join();
        opened.set_value(extra->port);
    });
    BOOST_TEST(takes_nobody(opened.get_future().get()));
}

BOOST_AUTO_TEST_CASE(spreads_connections_over_its_cores_and_serves_them_all) {
    live_server s(&hello);
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i < 25; ++i) {
                raw_client c(s.port());
                c.send(get("/"));
                if (c.read_reply().status == 200) ++good;
            }
        });
    for (auto& t : threads)
        t.join();
    BOOST_TEST(good == 100);
    BOOST_TEST(s.wait_for_connections(0));
}

BOOST_AUTO_TEST_CASE(closes_at_once_what_exceeds_the_number_of_connections) {
    auto o = live_server::small();
    o.limits.max_connections = 2;
    live_server s(&hello, o);
    raw_client a(s.port());
    raw_client b(s.port());
    BOOST_REQUIRE(s.wait_for_connections(2));
    raw_client c(s.port());
    BOOST_TEST(c.is_closed());
    a.send(get("/"));
    BOOST_TEST(a.read_reply().status == 200u);
    b.reset();
    BOOST_REQUIRE(s.wait_for_connections(1));
    raw_client d(s.port());
    d.send(get("/"));
    BOOST_TEST(d.read_reply().status == 200u);
}

BOOST_AUTO_TEST_CASE(waits_without_spinning_while_there_are_no_descriptors) {
    auto o = live_server::small();
    o.workers = 1;
    live_server s(&hello, o);
    raw_client first(s.port());
    BOOST_REQUIRE(s.wait_for_connections(1));
    // Starts the log's thread now: UndefinedBehaviorSanitizer checks a new thread through a pipe.
    tollgate::log(tollgate::log_level::info, "descriptors_run_out");
    tollgate::flush_log();
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    int const free = ::dup(0);
    ::close(free);
    auto few = before;
    few.rlim_cur = static_cast<rlim_t>(free) + 1;  // one for the client, none to accept with
    ::setrlimit(RLIMIT_NOFILE, &few);
    std::optional<raw_client> second;
    second.emplace(s.port());
    second->send(get("/"));
    auto const cpu = std::clock();
    std::this_thread::sleep_for(300ms);  // nothing is waited for: this is the time that is measured
    BOOST_TEST((std::clock() - cpu < CLOCKS_PER_SEC / 10));
    BOOST_TEST(s.server().open_connections() == 1u);
    ::setrlimit(RLIMIT_NOFILE, &before);
    BOOST_TEST(second->read_reply().status == 200u);
}

BOOST_AUTO_TEST_CASE(ends_at_once_when_all_connections_are_idle) {
    live_server s(&hello);
    raw_client used(s.port());
    used.send(get("/"));
    used.read_reply();
    raw_client silent(s.port());
    BOOST_REQUIRE(s.wait_for_connections(2));
    BOOST_TEST((s.stop(10s) < 2s));
    BOOST_TEST(used.is_closed());
    BOOST_TEST(silent.is_closed());
}

BOOST_AUTO_TEST_CASE(lets_a_busy_connection_finish_and_says_that_it_closes) {
    let_go = false;
    live_server s(&slow);
    raw_client c(s.port());
    keep_busy(c);
    std::thread stopping([&] { s.stop(1min); });
    BOOST_TEST(takes_nobody(s.port()));
    let_go = true;
    auto const answer = c.read_reply();
    BOOST_TEST(answer.body == "slow");
    BOOST_TEST(answer.header("Connection") == "close");
    BOOST_TEST(c.is_closed());
    stopping.join();
}

BOOST_AUTO_TEST_CASE(cuts_a_handler_that_outlasts_the_grace) {
    live_server s(&endless);
    raw_client c(s.port());
    keep_busy(c);
    auto const took = s.stop(200ms);
    BOOST_TEST((took >= 190ms));
    BOOST_TEST((took < 2s));
    BOOST_TEST(c.is_closed());
}

BOOST_AUTO_TEST_CASE(cuts_at_once_when_it_is_stopped_twice) {
    live_server s(&endless);
    raw_client c(s.port());
    keep_busy(c);
    s.server().stop(1min);
    BOOST_TEST((s.stop(1min) < 2s));
    BOOST_TEST(c.is_closed());
}

BOOST_AUTO_TEST_CASE(returns_although_somebody_left_a_timer_on_a_core) {
    live_server s(&hello);
    asio::steady_timer forgotten(s.server().executor(), 1h);
    forgotten.async_wait([](boost::system::error_code const&) {});
    BOOST_TEST((s.stop(10s) < 3s));
}

BOOST_AUTO_TEST_CASE(lets_work_on_a_core_end_before_it_returns) {
    live_server s(&hello);
    std::atomic<bool> done{false};
    auto const timer = std::make_shared<asio::steady_timer>(s.server().executor(), 200ms);
    timer->async_wait([&done, timer](boost::system::error_code const& ec) { done = !ec; });
    s.stop(10s);
    BOOST_TEST(done);
}

BOOST_AUTO_TEST_CASE(does_not_serve_when_it_was_stopped_before_it_ran) {
    http::server s(live_server::small());
    s.listen("127.0.0.1:0", http::site::shared);
    s.stop(10s);
    auto const start = std::chrono::steady_clock::now();
    s.run(&hello);
    BOOST_TEST((std::chrono::steady_clock::now() - start < 2s));
}

BOOST_AUTO_TEST_CASE(survives_a_handler_of_others_that_throws) {
    live_server s(&hello);
    asio::post(s.server().executor(), [] { throw std::runtime_error("not our fault"); });
    raw_client c(s.port());
    c.send(get("/"));
    BOOST_TEST(c.read_reply().status == 200u);
}

BOOST_AUTO_TEST_SUITE_END()
