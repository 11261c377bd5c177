// What a connection does between a request and its answer, over a real socket.
#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include <boost/test/unit_test.hpp>

#include "support/live_server.hpp"
#include "support/raw_client.hpp"
#include "support/waiting.hpp"

using namespace std::chrono_literals;
namespace asio = boost::asio;
namespace http = tollgate::http;
using test::get;
using test::live_server;
using test::post;
using test::raw_client;

namespace {

std::atomic<int> served{0};
std::atomic<int> pieces_asked{0};

// "piece", then its end.
class one_piece : public http::body_stream {
public:
    tollgate::task<std::optional<std::string>> next() override {
        ++pieces_asked;
        if (said_) co_return std::nullopt;
        said_ = true;
        co_return std::string("piece");
    }
    void close() noexcept override {}

private:
    bool said_ = false;
};

tollgate::task<http::reply> serve(http::request const& r, http::listener_info const&,
                                  asio::any_io_executor) {
    ++served;
    http::reply a(200, "text/plain", "");
    if (r.path == "/odd") throw 42;
    if (r.path == "/stream") a.stream = std::make_unique<one_piece>();
    if (r.path == "/events") {
        a.headers.set("Content-Type", "text/event-stream; charset=utf-8");
        a.stream = std::make_unique<one_piece>();
    }
    if (r.path == "/status") {
        a.status = static_cast<unsigned>(std::stoul(std::string(r.query)));
        a.stream = std::make_unique<one_piece>();
    }
    if (r.path == "/bye-stream") {
        a.headers.add("Connection", "close");
        a.stream = std::make_unique<one_piece>();
    }
    a.body = std::string(r.method_text) + ' ' + std::string(r.target) + ' ' + std::string(r.body);
    co_return a;
}

struct fixture {
    http::server::options options = live_server::small();
    std::unique_ptr<live_server> server;

    fixture() { served = pieces_asked = 0; }
    unsigned short start() {
        server = std::make_unique<live_server>(&serve, options);
        return server->port();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(exchange_order, fixture)

// RFC 9112 §9.6: after a request with "close" no further request is processed
BOOST_AUTO_TEST_CASE(a_request_behind_close_is_never_served) {
    raw_client c(start());
    c.send(get("/1", "Connection: close\r\n") + get("/2"));
    BOOST_TEST(c.read_reply().body == "GET /1 ");
    BOOST_TEST(c.is_closed());
    BOOST_TEST(served == 1);
}

// RFC 9112 §9.3: likewise behind HTTP/1.0 without keep-alive
BOOST_AUTO_TEST_CASE(a_request_behind_one_of_http_1_0_is_never_served) {
    raw_client c(start());
    c.send("GET /1 HTTP/1.0\r\n\r\n" + get("/2"));
    BOOST_TEST(c.read_reply().body == "GET /1 ");
    BOOST_TEST(c.is_closed());
    BOOST_TEST(served == 1);
}

// RFC 9112 §2.2: after a message that is none nothing that follows can be believed
BOOST_AUTO_TEST_CASE(nothing_behind_a_malformed_request_is_served) {
    raw_client c(start());
    c.send(
        "POST /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n" +
        get("/2"));
    auto const a = c.read_reply();
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(a.header("Connection") == "close");
    BOOST_TEST(c.is_closed());
    BOOST_TEST(served == 0);
}

BOOST_AUTO_TEST_CASE(what_came_before_a_malformed_request_is_answered_first) {
    raw_client c(start());
    c.send(get("/1") + get("/2") + "nonsense\r\n\r\n");
    BOOST_TEST(c.read_reply().body == "GET /1 ");
    BOOST_TEST(c.read_reply().body == "GET /2 ");
    BOOST_TEST(c.read_reply().status == 400u);
    BOOST_TEST(c.is_closed());
}

// RFC 9112 §7.1: a chunked request ends with its last chunk, and the next one begins there
BOOST_AUTO_TEST_CASE(a_chunked_body_is_whole_before_it_is_served) {
    raw_client c(start());
    c.send("POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde");
    c.send("\r\n0\r\n\r\n" + get("/2"));
    BOOST_TEST(c.read_reply().body == "POST /c abcde");
    BOOST_TEST(c.read_reply().body == "GET /2 ");
}

// RFC 9110 §10.1.1: no 100 to a peer of HTTP/1.0, nor to one that needs none
BOOST_AUTO_TEST_CASE(nobody_is_told_to_continue_who_does_not_wait) {
    auto const port = start();
    raw_client old(port);
    old.send("POST /o HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    old.send("ok");
    BOOST_TEST(old.read_reply().status == 200u);
    raw_client without(port);
    without.send(get("/g", "Expect: 100-continue\r\n"));
    BOOST_TEST(without.read_reply().status == 200u);
}

BOOST_AUTO_TEST_CASE(who_waits_is_told_once_for_each_request) {
    raw_client c(start());
    for (std::string const n : {"1", "2"}) {
        c.send("POST /" + n +
               " HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
               "Transfer-Encoding: chunked\r\n\r\n");
        BOOST_TEST(c.read_reply().status == 100u);
        c.send("1\r\na\r\n");
        c.send("0\r\n\r\n");
        BOOST_TEST(c.read_reply().body == "POST /" + n + " a");
    }
}

// RFC 9110 §15.5.18: 417 for an expectation that cannot be met
BOOST_AUTO_TEST_CASE(another_expectation_is_417_and_reaches_no_handler) {
    raw_client c(start());
    c.send(get("/", "Expect: 200-ok\r\n"));
    BOOST_TEST(c.read_reply().status == 417u);
    BOOST_TEST(c.is_closed());
    BOOST_TEST(served == 0);
}

// RFC 9112 §6.1: no Transfer-Encoding with 204
// RFC 9110 §15.4.5: 304 ends with its fields
BOOST_AUTO_TEST_CASE(a_stream_is_not_read_for_an_answer_that_has_no_body) {
    raw_client c(start());
    for (unsigned const status : {204u, 304u}) {
        c.send(get("/status?" + std::to_string(status)) + get("/next"));
        auto const a = c.read_reply();
        BOOST_TEST(a.status == status);
        BOOST_TEST(!a.headers.has("Transfer-Encoding"));
        BOOST_TEST(!a.headers.has("Content-Length"));
        BOOST_TEST(c.read_reply().body == "GET /next ");
    }
    BOOST_TEST(pieces_asked == 0);
}

// RFC 9110 §9.3.2: HEAD carries no content, and the stream behind it is not begun
BOOST_AUTO_TEST_CASE(a_stream_is_not_read_for_head) {
    raw_client c(start());
    c.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n" + get("/next"));
    BOOST_TEST(c.read_reply(true).status == 200u);
    BOOST_TEST(c.read_reply().body == "GET /next ");
    BOOST_TEST(pieces_asked == 0);
}

BOOST_AUTO_TEST_CASE(a_stream_of_an_error_is_sent_like_any_other) {
    raw_client c(start());
    c.send(get("/status?503") + get("/next"));
    auto const a = c.read_reply();
    BOOST_TEST(a.status == 503u);
    BOOST_TEST(a.header("Transfer-Encoding") == "chunked");
    BOOST_TEST(a.body == "piece");
    BOOST_TEST(c.read_reply().body == "GET /next ");
}

// RFC 9112 §9.6: who is going to close says so
BOOST_AUTO_TEST_CASE(a_handler_can_end_the_connection_behind_a_stream) {
    raw_client c(start());
    c.send(get("/bye-stream") + get("/next"));
    auto const a = c.read_reply();
    BOOST_TEST(a.header("Connection") == "close");
    BOOST_TEST(a.body == "piece");
    BOOST_TEST(c.is_closed());
    BOOST_TEST(served == 1);
}

// A buffering proxy in front of us would hold events back; other bodies are none of its business.
BOOST_AUTO_TEST_CASE(a_proxy_is_told_not_to_buffer_events_and_nothing_else) {
    raw_client c(start());
    c.send(get("/events"));
    BOOST_TEST(c.read_reply().header("X-Accel-Buffering") == "no");
    c.send(get("/stream"));
    BOOST_TEST(!c.read_reply().headers.has("X-Accel-Buffering"));
    c.send(get("/plain"));
    BOOST_TEST(!c.read_reply().headers.has("X-Accel-Buffering"));
}

BOOST_AUTO_TEST_CASE(whatever_a_handler_throws_is_a_bare_500_and_the_connection_goes_on) {
    raw_client c(start());
    c.send(get("/odd") + get("/next"));
    auto const a = c.read_reply();
    BOOST_TEST(a.status == 500u);
    BOOST_TEST(a.body.empty());
    BOOST_TEST(c.read_reply().body == "GET /next ");
}

// RFC 9110 §6.6.1: an origin server with a clock sends Date, in errors too
BOOST_AUTO_TEST_CASE(every_answer_has_a_date) {
    raw_client c(start());
    c.send(get("/1") + get("/odd") + get("/stream") + "nonsense\r\n\r\n");
    for (int i = 0; i < 4; ++i)
        BOOST_TEST(c.read_reply().header("Date").ends_with(" GMT"));
}

// RFC 9112 §9.5: a body that comes too slowly is 408 however often a byte of it comes
BOOST_AUTO_TEST_CASE(a_body_that_dribbles_in_does_not_stretch_its_time) {
    options.limits.body_timeout = 500ms;
    raw_client c(start());
    auto const began = std::chrono::steady_clock::now();
    c.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 1000 && c.is_silent(100ms); ++i)
        c.send("x");
    BOOST_TEST(c.read_reply().status == 408u);
    BOOST_TEST((std::chrono::steady_clock::now() - began >= 490ms));
    BOOST_TEST(c.is_closed());
    BOOST_TEST(served == 0);
}

// The time for a head begins with its first byte, and not with the answer before it.
BOOST_AUTO_TEST_CASE(a_second_request_has_the_whole_time_for_its_head) {
    options.limits.header_timeout = 300ms;
    raw_client c(start());
    c.send(get("/1"));
    BOOST_TEST(c.read_reply().status == 200u);
    test::outlive(400ms);
    c.send(get("/2"));
    BOOST_TEST(c.read_reply().body == "GET /2 ");
}

BOOST_AUTO_TEST_SUITE_END()
