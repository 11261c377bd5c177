#include <boost/test/unit_test.hpp>

#include "http/server/reply_head.hpp"

namespace http = tollgate::http;

BOOST_AUTO_TEST_SUITE(reply_head)

namespace {
std::string head_of(http::reply const& r, http::reply_frame const& f) {
    std::string out;
    http::append_head(out, r, f);
    return out;
}
}  // namespace

BOOST_AUTO_TEST_CASE(writes_status_fields_date_and_length) {
    http::reply r(200, "text/plain", "abc");
    http::reply_frame f;
    f.length = 3;
    f.date = "D";
    BOOST_TEST(head_of(r, f) ==
               "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nServer: tollgate\r\n"
               "X-Content-Type-Options: nosniff\r\nDate: D\r\n"
               "Content-Length: 3\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(drops_fields_that_would_split_the_answer) {
    http::reply r(200);
    r.headers.add("X-One", "a\r\nSet-Cookie: evil=1");
    r.headers.add("X-Two", std::string("a\0b", 3));
    r.headers.add("X\r\nThree", "c");
    r.headers.add("", "d");
    r.headers.add("X-Good", "e");
    auto const text = head_of(r, {});
    BOOST_TEST(text.find("evil") == std::string::npos);
    BOOST_TEST(text.find("X-Two") == std::string::npos);
    BOOST_TEST(text.find("Three") == std::string::npos);
    BOOST_TEST(text.find("X-Good: e\r\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(keeps_the_framing_to_itself) {
    http::reply r(200);
    r.headers.add("Content-Length", "99");
    r.headers.add("transfer-encoding", "gzip");
    r.headers.add("Connection", "upgrade");
    http::reply_frame f;
    f.chunked = true;
    f.keep_alive = false;
    auto const text = head_of(r, f);
    BOOST_TEST(text.find("99") == std::string::npos);
    BOOST_TEST(text.find("gzip") == std::string::npos);
    BOOST_TEST(text.find("upgrade") == std::string::npos);
    BOOST_TEST(text.ends_with("Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(lets_a_handler_set_date_and_server) {
    http::reply r(200);
    r.headers.add("Date", "mine");
    r.headers.add("Server", "me");
    http::reply_frame f;
    f.date = "ours";
    auto const text = head_of(r, f);
    BOOST_TEST(text.find("ours") == std::string::npos);
    BOOST_TEST(text.find("tollgate") == std::string::npos);
}

// What an answer repeats of a peer's words is never taken for a page.
BOOST_AUTO_TEST_CASE(says_on_every_answer_that_its_type_is_not_to_be_guessed) {
    for (unsigned const status : {200u, 204u, 302u, 401u, 421u, 500u})
        BOOST_TEST(head_of(http::reply(status), {}).find("X-Content-Type-Options: nosniff\r\n") !=
                   std::string::npos);
    http::reply own(200);
    own.headers.add("x-content-type-options", "mine");
    BOOST_TEST(head_of(own, {}).find("nosniff") == std::string::npos);
}

// RFC 9700 §4.2.4: the URL that led to a redirect does not go along with it.
BOOST_AUTO_TEST_CASE(says_on_every_redirect_that_no_referrer_goes_along) {
    constexpr auto line = "Referrer-Policy: no-referrer\r\n";
    for (unsigned const status : {301u, 302u, 303u, 307u, 308u}) {
        auto r = http::redirect("https://client.example/");
        r.status = status;
        BOOST_TEST(head_of(r, {}).find(line) != std::string::npos);
    }
    auto own = http::redirect("https://client.example/");
    own.headers.add("Referrer-Policy", "origin");
    BOOST_TEST(head_of(own, {}).find(line) == std::string::npos);
    auto created = http::redirect("https://client.example/");
    created.status = 201;
    BOOST_TEST(head_of(created, {}).find(line) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(says_keep_alive_to_an_http_1_0_peer) {
    http::reply_frame f;
    f.version = 10;
    auto const text = head_of(http::reply(204), f);
    BOOST_TEST(text.starts_with("HTTP/1.0 204 No Content\r\n"));
    BOOST_TEST(text.find("Connection: keep-alive\r\n") != std::string::npos);
}

// RFC 9110 §5.6.7: the example of the standard.
BOOST_AUTO_TEST_CASE(writes_dates_as_imf_fixdate) {
    BOOST_TEST(http::http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    BOOST_TEST(http::http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
    BOOST_TEST(http::http_date(4102444799) == "Thu, 31 Dec 2099 23:59:59 GMT");
}

BOOST_AUTO_TEST_SUITE_END()
