// Asking other servers: pooled, verified, timed out, limited.
#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include "http/certs.hpp"
#include "http/client.hpp"
#include "http/client_pool.hpp"
#include "support/folder.hpp"
#include "support/live_server.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = tollgate::http;
using boost::system::error_code;
using test::live_server;
using tcp = asio::ip::tcp;
using result = boost::system::result<http::answer>;

namespace {

class pieces_of : public http::body_stream {
public:
    tollgate::task<std::optional<std::string>> next() override {
        if (left_-- == 0) co_return std::nullopt;
        co_return std::string(1000, 'c');
    }
    void close() noexcept override {}

private:
    int left_ = 10;
};

std::atomic<int> requests{0};

tollgate::task<http::reply> serve(http::request const& r, http::listener_info const&,
                                  asio::any_io_executor ex) {
    ++requests;
    http::reply a(200, "text/plain", "");
    a.headers.add("X-Got", std::string(r.method_text) + ' ' + std::string(r.host()) + ' ' +
                               std::string(r.target));
    a.headers.add("X-Custom", std::string(r.header("X-Custom")));
    a.body = std::string(r.body);
    if (r.path == "/redirect") {
        a.status = 302;
        a.headers.add("Location", "/elsewhere");
    }
    if (r.path == "/big") a.body.assign(100000, 'x');
    if (r.path == "/chunked") a.stream = std::make_unique<pieces_of>();
    if (r.path == "/slow") {
        asio::steady_timer timer(ex, 1h);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return a;
}

using script = std::vector<std::string>;  // an answer for each request, then close
using scripts = std::deque<script>;

// Says fixed things: one script for every accepted connection, in order; "" closes at once.
class scripted {
public:
    explicit scripted(scripts all) : acceptor_(io_, {asio::ip::address_v4::loopback(), 0}) {
        port = acceptor_.local_endpoint().port();
        thread_ = std::thread([this, all = std::move(all)] { run(all); });
    }
    ~scripted() { thread_.join(); }
    unsigned short port = 0;
    std::atomic<int> read{0};

private:
    void run(scripts const& all) {
        for (auto const& one : all) {
            auto socket = acceptor_.accept();
            for (auto const& say : one) {
                asio::streambuf request;
                error_code ec;
                asio::read_until(socket, request, "\r\n\r\n", ec);
                if (ec) break;
                ++read;
                asio::write(socket, asio::buffer(say), ec);
            }
        }
    }
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::thread thread_;
};

struct client_fixture {
    asio::io_context io;
    std::optional<http::client> client{http::client::options{}};

    result send(http::outbound what) {
        std::optional<result> got;
        auto work = client->send(std::move(what));
        asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, result r) {
            BOOST_REQUIRE(!e);
            got.emplace(std::move(r));
        });
        io.restart();
        while (!got && io.run_one() != 0) {
        }
        BOOST_REQUIRE(got);
        return std::move(*got);
    }
    result get(std::string const& url) { return send(http::outbound(url)); }
    std::size_t idle() { return http::client_pool::of(io.get_executor()).size(); }
};

std::string url_of(unsigned short port, std::string const& path,
                   std::string const& host = "http://127.0.0.1:") {
    return host + std::to_string(port) + path;
}

constexpr char const* ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace

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
    std::this_thread::sleep_for(50ms);
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
    asio::cancellation_signal cancel;
    bool threw = false;
    bool done = false;
    auto work = client->send(http::outbound(url_of(s.port(), "/slow")));
    asio::co_spawn(io, std::move(work),
                   asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, result) {
                       threw = e != nullptr;
                       done = true;
                   }));
    asio::steady_timer timer(io, 50ms);
    timer.async_wait([&](error_code) { cancel.emit(asio::cancellation_type::terminal); });
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
    while (!done)
        std::this_thread::sleep_for(1ms);
    BOOST_TEST((s.stop(10s) < 800ms));  // although an idle connection has a timer
}

struct tls_client_fixture : client_fixture {
    test::folder dir;
    http::certificate_files files = http::write_certificates(dir.path());
    http::server::options options = live_server::small();

    tls_client_fixture() {
        options.tls.certificate = files.certificate;
        options.tls.private_key = files.key;
    }
    void trust(std::filesystem::path const& file) {
        http::client::options o;
        o.extra_ca_file = file;
        client.emplace(o);
    }
};

BOOST_FIXTURE_TEST_CASE(trusts_the_extra_file_for_localhost_names_and_addresses,
                        tls_client_fixture) {
    live_server s(&serve, options, "localhost:0");
    for (auto const& file : {files.ca, files.certificate}) {
        trust(file);
        for (auto const* host : {"https://localhost:", "https://alpha.localhost:",
                                 "https://127.0.0.1:", "https://[::1]:"}) {
            auto const a = get(url_of(s.port(), "/x", host));
            BOOST_REQUIRE_MESSAGE(a, host << a.error().message());
            BOOST_REQUIRE(get(url_of(s.port(), "/y", host)));
        }
        BOOST_TEST(idle() == 4u);
    }
}

BOOST_FIXTURE_TEST_CASE(trusts_a_leaf_without_its_ca, tls_client_fixture) {
    auto const leaf = dir.path() / "leaf.pem";
    std::ifstream all(files.certificate);
    std::ofstream to(leaf);
    for (std::string line; std::getline(all, line);) {
        to << line << '\n';
        if (line.starts_with("-----END")) break;
    }
    to.close();
    live_server s(&serve, options, "127.0.0.1:0");
    trust(leaf);
    BOOST_TEST(get(url_of(s.port(), "/", "https://127.0.0.1:")).has_value());
}

BOOST_FIXTURE_TEST_CASE(refuses_a_certificate_that_nobody_vouches_for, tls_client_fixture) {
    live_server s(&serve, options, "127.0.0.1:0");
    requests = 0;
    auto const a = get(url_of(s.port(), "/", "https://127.0.0.1:"));
    BOOST_TEST(!a);
    BOOST_TEST(a.error().message().find("certificate verify failed") != std::string::npos);
    test::folder other;
    trust(http::write_certificates(other.path()).ca);
    BOOST_TEST(!get(url_of(s.port(), "/", "https://127.0.0.1:")));
    BOOST_TEST(requests == 0);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_certificate_for_another_host, tls_client_fixture) {
    live_server s(&serve, options, "127.0.0.2:0");  // not among the names of the certificate
    trust(files.ca);
    requests = 0;
    auto const a = get(url_of(s.port(), "/", "https://127.0.0.2:"));
    BOOST_TEST(!a);
    BOOST_TEST(requests == 0);
}

BOOST_FIXTURE_TEST_CASE(fails_when_the_peer_speaks_no_tls, tls_client_fixture) {
    live_server s(&serve);
    BOOST_TEST(!get(url_of(s.port(), "/", "https://127.0.0.1:")));
}

BOOST_AUTO_TEST_CASE(throws_when_the_extra_file_cannot_be_read) {
    http::client::options o;
    o.extra_ca_file = "/nonexistent/ca.pem";
    BOOST_CHECK_THROW(http::client{o}, std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
