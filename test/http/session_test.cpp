// One connection over a real socket: order, limits, timeouts, streams.
#include <atomic>
#include <chrono>
#include <memory>
#include <thread>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include "support/live_server.hpp"
#include "support/raw_client.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = tollgate::http;
using test::get;
using test::live_server;
using test::post;
using test::raw_client;

namespace {

// What the streams of a test went through.
struct stream_log {
    std::atomic<int> alive{0};
    std::atomic<int> closed{0};
    std::atomic<bool> cancelled{false};
};
stream_log seen;

// "0", "", "1", "", … `count` times with a pause between; ends early when closed.
class counting : public http::body_stream {
public:
    counting(asio::any_io_executor ex, int count, std::chrono::milliseconds pause)
        : timer_(ex), count_(count), pause_(pause) {
        ++seen.alive;
    }
    ~counting() override { --seen.alive; }
    tollgate::task<std::optional<std::string>> next() override {
        if (empty_ = !empty_; empty_) co_return std::string();
        if (at_ > 0 && !closing_) {
            timer_.expires_after(pause_);
            try {
                co_await timer_.async_wait(asio::use_awaitable);
            } catch (boost::system::system_error const&) {
                if (!closing_) {
                    seen.cancelled = true;
                    throw;
                }
            }
        }
        if (closing_ || at_ == count_) co_return std::nullopt;
        co_return std::to_string(at_++);
    }
    void close() noexcept override {
        ++seen.closed;
        closing_ = true;
        timer_.cancel();
    }

private:
    asio::steady_timer timer_;
    int count_;
    std::chrono::milliseconds pause_;
    int at_ = 0;
    bool empty_ = false;
    bool closing_ = false;
};

class throwing : public http::body_stream {
public:
    tollgate::task<std::optional<std::string>> next() override {
        if (first_) {
            first_ = false;
            co_return std::string("first");
        }
        throw std::runtime_error("the stream broke");
    }
    void close() noexcept override {}

private:
    bool first_ = true;
};

class flood : public http::body_stream {
public:
    flood() { ++seen.alive; }
    ~flood() override { --seen.alive; }
    tollgate::task<std::optional<std::string>> next() override {
        co_return std::string(256 << 10, 'f');
    }
    void close() noexcept override {}
};

std::unique_ptr<http::body_stream> stream_for(std::string_view path, asio::any_io_executor ex) {
    if (path == "/stream") return std::make_unique<counting>(ex, 3, 10ms);
    if (path == "/forever") return std::make_unique<counting>(ex, 1000000, 1h);
    if (path == "/throwing") return std::make_unique<throwing>();
    if (path == "/flood") return std::make_unique<flood>();
    return nullptr;
}

tollgate::task<http::reply> serve(http::request const& r, http::listener_info const&,
                                  asio::any_io_executor ex) {
    http::reply a(200, "text/plain", "");
    a.stream = stream_for(r.path, ex);
    if (a.stream) {
        a.headers.set("Content-Type", "text/event-stream");
        co_return a;
    }
    if (r.path == "/throw") throw std::runtime_error("no reply");
    if (r.path == "/slow") {
        asio::steady_timer timer(ex, 50ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    if (r.path == "/none") a.status = 204;
    if (r.path == "/unchanged") a.status = 304;
    if (r.path == "/big") {
        a.body.assign(8 << 20, 'b');
        co_return a;
    }
    if (r.path == "/bye") a.headers.add("Connection", "close");
    a.body = std::string(r.method_text) + ' ' + std::string(r.target) + ' ' + std::string(r.body);
    co_return a;
}

struct server_fixture {
    http::server::options options = live_server::small();
    std::unique_ptr<live_server> server;

    live_server& start() {
        seen.closed = 0;
        seen.cancelled = false;
        server = std::make_unique<live_server>(&serve, options);
        return *server;
    }
    static bool eventually(auto const& what) {
        auto const until = std::chrono::steady_clock::now() + 5s;
        while (!what()) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::sleep_for(2ms);
        }
        return true;
    }
    static bool no_streams() {
        return eventually([] { return seen.alive == 0; });
    }
};

}  // namespace

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
    options.limits.header_timeout = 150ms;
    raw_client c(start().port());
    std::string const bytes = get("/");
    auto const began = std::chrono::steady_clock::now();
    for (int i = 0; i < 4; ++i) {
        c.send(bytes.substr(static_cast<std::size_t>(i), 1));
        std::this_thread::sleep_for(20ms);
    }
    BOOST_TEST(c.read_reply().status == 408u);
    auto const took = std::chrono::steady_clock::now() - began;
    BOOST_TEST((took >= 140ms && took < 2s));
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
    BOOST_TEST(server->wait_for_connections(1));
    BOOST_TEST(server->wait_for_connections(0));
    raw_client d(server->port());
    d.read_slowly();
    d.send(get("/flood"));
    BOOST_TEST(eventually([] { return seen.alive == 1; }));
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
        BOOST_TEST(eventually([] { return seen.cancelled.load(); }));
        BOOST_TEST(server->wait_for_connections(0));
    }
}

BOOST_AUTO_TEST_CASE(notices_a_reset_behind_more_input_than_it_keeps) {
    start();
    raw_client c(server->port());
    c.send(get("/forever"));
    c.read_until("1\r\n0\r\n");
    c.send(std::string(64 << 10, 'x'));
    std::this_thread::sleep_for(50ms);
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
