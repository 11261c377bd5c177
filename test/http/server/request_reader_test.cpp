// Requests from bytes: framing, limits, refusals. RFC 9112 unless another is named.
#include <algorithm>
#include <string>

#include <boost/test/unit_test.hpp>

#include "http/server/request_reader.hpp"

namespace http = tollgate::http;
using stage = http::request_reader::stage;

namespace {

http::limits tight() {
    http::limits l;
    l.max_request_line = 64;
    l.max_header = 256;
    l.max_header_count = 4;
    l.max_body = 1000;
    return l;
}

struct reader_fixture {
    http::limits allowed = tight();
    http::request_reader reader{allowed, "127.0.0.1", true, false};

    // Feeds `bytes` in pieces of `step`; what was not taken stays unread.
    stage feed(std::string_view bytes, std::size_t step = 100000) {
        while (!bytes.empty() && reader.now() != stage::ready && reader.now() != stage::refused) {
            auto const room = reader.room();
            auto const n = std::min({room.size(), bytes.size(), step});
            std::copy_n(bytes.begin(), n, room.begin());
            bytes.remove_prefix(n);
            reader.feed(n);
        }
        return reader.now();
    }
    unsigned status_of(std::string_view bytes) {
        http::request_reader fresh(allowed, "", true, false);
        auto const room = fresh.room();
        std::copy_n(bytes.begin(), std::min(room.size(), bytes.size()), room.begin());
        auto const now = fresh.feed(std::min(room.size(), bytes.size()));
        return now == stage::refused ? fresh.why().status : now == stage::ready ? 200 : 100;
    }
};

std::string head(std::string_view line, std::string_view fields = "Host: x\r\n") {
    return std::string(line) + "\r\n" + std::string(fields) + "\r\n";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(request_reader, reader_fixture)

BOOST_AUTO_TEST_CASE(reads_a_request_that_comes_in_one_piece) {
    BOOST_REQUIRE(feed("POST /a/b?c=d HTTP/1.1\r\nHost: x:1\r\nX: \t y z \t\r\n"
                       "Content-Length: 3\r\n\r\nabc") == stage::ready);
    auto const& r = reader.request();
    BOOST_TEST((r.method == http::verb::post));
    BOOST_TEST(r.target == "/a/b?c=d");
    BOOST_TEST(r.path == "/a/b");
    BOOST_TEST(r.query == "c=d");
    BOOST_TEST(r.version == 11u);
    BOOST_TEST(r.host() == "x:1");
    BOOST_TEST(r.header("x") == "y z");
    BOOST_TEST(r.body == "abc");
    BOOST_TEST(r.peer == "127.0.0.1");
    BOOST_TEST(reader.keep_alive());
}

BOOST_AUTO_TEST_CASE(reads_the_same_request_byte_by_byte) {
    for (std::size_t step : {1u, 2u, 7u, 33u}) {
        http::request_reader again(allowed, "", true, false);
        std::string_view bytes =
            "\r\nPUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            "3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\nGET";
        while (again.now() == stage::head || again.now() == stage::body) {
            BOOST_REQUIRE(!bytes.empty());
            auto const room = again.room();
            auto const n = std::min({room.size(), bytes.size(), step});
            std::copy_n(bytes.begin(), n, room.begin());
            bytes.remove_prefix(n);
            again.feed(n);
        }
        BOOST_REQUIRE(again.now() == stage::ready);
        BOOST_TEST(again.request().body == "abc0123456789");
        BOOST_TEST((again.request().method == http::verb::put));
    }
}

// However a head is cut into reads, and however often the buffer grows meanwhile.
BOOST_AUTO_TEST_CASE(reads_a_head_larger_than_its_buffer_in_any_pieces) {
    allowed = http::limits();
    std::string const value(20000, 'v');
    auto const bytes =
        head("GET /path?query=1 HTTP/1.1", "Host: x\r\nLarge: " + value + "\r\nLast: z\r\n");
    for (std::size_t step : {1u, 3u, 40u, 1000u, 4096u, 100000u}) {
        BOOST_REQUIRE(feed(bytes, step) == stage::ready);
        auto const& r = reader.request();
        BOOST_TEST(r.target == "/path?query=1");
        BOOST_TEST(r.host() == "x");
        BOOST_TEST((r.header("large") == value));
        BOOST_TEST(r.header("last") == "z");
        reader.next();
    }
}

BOOST_AUTO_TEST_CASE(reads_a_head_that_is_cut_at_any_byte) {
    allowed = http::limits();
    auto const bytes = head("GET /a HTTP/1.1", "Host: x\r\nY: z\r\n");
    for (std::size_t first = 1; first < bytes.size(); ++first)
        for (std::size_t second = first; second < bytes.size(); ++second) {
            std::string_view const all = bytes;
            feed(all.substr(0, first));
            feed(all.substr(first, second - first));
            BOOST_REQUIRE(feed(all.substr(second)) == stage::ready);
            BOOST_TEST(reader.request().target == "/a");
            BOOST_TEST(reader.request().header("y") == "z");
            reader.next();
        }
}

BOOST_AUTO_TEST_CASE(refuses_large_fields_with_431_also_when_they_come_in_pieces) {
    allowed = http::limits();
    std::string const much(allowed.max_header + 1, 'v');
    for (std::size_t step : {1000u, 4096u, 100000u}) {
        http::request_reader fresh(allowed, "", true, false);
        std::string_view bytes = "GET / HTTP/1.1\r\nHost: x\r\nLarge: ";
        auto const all = std::string(bytes) + much;
        bytes = all;
        while (!bytes.empty() && fresh.now() == stage::head) {
            auto const room = fresh.room();
            auto const n = std::min({room.size(), bytes.size(), step});
            std::copy_n(bytes.begin(), n, room.begin());
            bytes.remove_prefix(n);
            fresh.feed(n);
        }
        BOOST_REQUIRE(fresh.now() == stage::refused);
        BOOST_TEST(fresh.why().status == 431u);
    }
}

BOOST_AUTO_TEST_CASE(keeps_pipelined_requests_in_order) {
    BOOST_REQUIRE(feed(head("GET /1 HTTP/1.1") +
                       "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n"
                       "\r\nhi" +
                       head("GET /3 HTTP/1.1") + "GET /4") == stage::ready);
    BOOST_TEST(reader.request().target == "/1");
    BOOST_REQUIRE(reader.next() == stage::ready);
    BOOST_TEST(reader.request().target == "/2");
    BOOST_TEST(reader.request().body == "hi");
    BOOST_REQUIRE(reader.next() == stage::ready);
    BOOST_TEST(reader.request().target == "/3");
    BOOST_TEST(reader.request().body == "");
    BOOST_REQUIRE(reader.next() == stage::head);
    BOOST_TEST(!reader.idle());
    BOOST_REQUIRE(feed(" HTTP/1.1\r\nHost: x\r\n\r\n") == stage::ready);
    BOOST_TEST(reader.request().target == "/4");
    BOOST_REQUIRE(reader.next() == stage::head);
    BOOST_TEST(reader.idle());
}

BOOST_AUTO_TEST_CASE(keeps_what_followed_a_chunked_body_and_what_came_during_the_answer) {
    BOOST_REQUIRE(feed(head("POST /1 HTTP/1.1", "Host: x\r\nTransfer-Encoding: chunked\r\n")) ==
                  stage::body);
    BOOST_REQUIRE(feed("2\r\nab\r\n0\r\n\r\nGET /2 HT") == stage::ready);
    reader.keep("TP/1.1\r\nHost: x\r\n");
    reader.keep("\r\n");
    BOOST_REQUIRE(reader.next() == stage::ready);
    BOOST_TEST(reader.request().target == "/2");
}

BOOST_AUTO_TEST_CASE(keeps_only_so_much_for_later) {
    BOOST_TEST(reader.may_keep());
    reader.keep(std::string(http::request_reader::keep_limit, 'x'));
    BOOST_TEST(!reader.may_keep());
}

BOOST_AUTO_TEST_CASE(reads_a_body_larger_than_its_buffers) {
    allowed.max_body = 1 << 20;
    std::string const body(300000, 'b');
    BOOST_REQUIRE(feed(head("POST / HTTP/1.1", "Host: x\r\nContent-Length: 300000\r\n") + body,
                       5000) == stage::ready);
    BOOST_TEST((reader.request().body == body));
}

BOOST_AUTO_TEST_CASE(refuses_each_limit_with_its_status) {
    auto const long_line = "GET /" + std::string(100, 'a');
    BOOST_TEST(status_of(long_line) == 414u);  // before the line has ended
    BOOST_TEST(status_of(head(long_line + " HTTP/1.1")) == 414u);
    BOOST_TEST(status_of(head("GET /" + std::string(50, 'a') + " HTTP/1.1")) == 200u);
    auto const wide = "Host: x\r\nX: " + std::string(300, 'x');
    BOOST_TEST(status_of("GET / HTTP/1.1\r\n" + wide) == 431u);
    BOOST_TEST(status_of(head("GET / HTTP/1.1", wide + "\r\n")) == 431u);
    BOOST_TEST(status_of(head("GET / HTTP/1.1", "Host: x\r\na: \r\nb: \r\nc: \r\n")) == 200u);
    BOOST_TEST(status_of(head("GET / HTTP/1.1", "Host: x\r\na: \r\nb: \r\nc: \r\nd: \r\n")) ==
               431u);
    BOOST_TEST(status_of(head("POST / HTTP/1.1", "Host: x\r\nContent-Length: 1001\r\n")) == 413u);
    BOOST_TEST(status_of(head("POST / HTTP/1.1", "Host: x\r\nContent-Length: 1000\r\n")) == 100u);
    BOOST_TEST(status_of(head("POST / HTTP/1.1", "Host: x\r\nTransfer-Encoding: chunked\r\n") +
                         "3e9\r\n") == 413u);
}

// §6.1, §6.3: the ways in which requests are smuggled.
BOOST_AUTO_TEST_CASE(refuses_ambiguous_framing) {
    for (auto const* fields :
         {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
          "Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: 3, 3\r\n",
          "Content-Length: +3\r\n", "Content-Length: -1\r\n", "Content-Length: 0x3\r\n",
          "Content-Length: \r\n", "Content-Length: 99999999999999999999\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "Content-Length : 3\r\n",
          "X: y\r\n Content-Length: 3\r\n", "Host: other\r\n"})
        BOOST_TEST(status_of(head("POST / HTTP/1.1", std::string("Host: x\r\n") + fields)) == 400u,
                   fields);
    for (auto const* coding : {"gzip, chunked", "chunked, chunked", "identity", "xchunked", ""})
        BOOST_TEST(status_of(head("POST / HTTP/1.1", std::string("Host: x\r\nTransfer-Encoding: ") +
                                                         coding + "\r\n")) == 501u,
                   coding);
    BOOST_TEST(status_of(head("POST / HTTP/1.0", "Transfer-Encoding: chunked\r\n")) == 400u);
}

BOOST_AUTO_TEST_CASE(refuses_malformed_heads) {
    for (auto const& bytes : {std::string("GET /\r\n\r\n"),
                              std::string("GET / H\r\n\r\n"),
                              head("GET http HTTP/1.1"),
                              head("GET  HTTP/1.1"),
                              head("GET / x HTTP/1.1"),
                              head("G(T / HTTP/1.1"),
                              head("GET /\x01 HTTP/1.1"),
                              head("GET /\xc3\xa4 HTTP/1.1"),
                              head("GET x HTTP/1.1"),
                              head("GET ftp://x/ HTTP/1.1"),
                              head("GET http:// HTTP/1.1"),
                              head("GET http://u@x/ HTTP/1.1"),
                              head("GET / FTP/1.1"),
                              std::string("GET / HTTP/1.1\nHost: x\n\n"),
                              head("GET / HTTP/1.1", "Host: x\r\nnocolon\r\n"),
                              head("GET / HTTP/1.1", "Host: x\r\n: y\r\n"),
                              head("GET / HTTP/1.1", "Host: x\r\na b: y\r\n"),
                              head("GET / HTTP/1.1", std::string("Host: x\r\na: y\0z\r\n", 17)),
                              head("GET / HTTP/1.1", "Host: x\r\na: y\rz\r\n"),
                              head("GET / HTTP/1.1", " Host: x\r\n"),
                              head("GET / HTTP/1.1", ""),
                              std::string("\x16\x03\x01\x02"),
                              std::string("\x80garbage"),
                              std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")})
        BOOST_TEST(status_of(bytes) == 400u, bytes);
}

// RFC 9110 §15.6.6: 505 is for a version that is one; RFC 9112 §2.3: DIGIT "." DIGIT, in capitals
BOOST_AUTO_TEST_CASE(tells_another_major_version_from_what_is_no_version) {
    for (auto const* version : {"HTTP/2.0", "HTTP/3.0", "HTTP/0.9", "HTTP/2", "HTTP/3"})
        BOOST_TEST(status_of(head(std::string("GET / ") + version)) == 505u, version);
    for (auto const* version : {"HTTP/x.y", "HTTP/1.x", "HTTP/2.x", "HTTP/1", "HTTP/10.0",
                                "HTTP/1.10", "HTTP/", "http/1.1", "HTTP/11", "HTTP/2.0.0"})
        BOOST_TEST(status_of(head(std::string("GET / ") + version)) == 400u, version);
}

// RFC 9110 §2.5: a higher minor version is processed as the highest that is known
BOOST_AUTO_TEST_CASE(takes_a_higher_minor_version_for_1_1) {
    BOOST_REQUIRE(feed("POST /a HTTP/1.2\r\nHost: x:1\r\nContent-Length: 2\r\n\r\nhi") ==
                  stage::ready);
    BOOST_TEST(reader.request().version == 11u);
    BOOST_TEST(reader.request().path == "/a");
    BOOST_TEST(reader.request().body == "hi");
    BOOST_TEST(reader.keep_alive());
    reader.next();
    BOOST_REQUIRE(feed("\r\n" + head("GET /b HTTP/1.9")) == stage::ready);
    BOOST_TEST(reader.request().path == "/b");
    BOOST_TEST(status_of(head("GET / HTTP/1.2", "")) == 400u);  // as in 1.1: no Host
}

// Such a peer waits for its answer now, and never sends an empty line.
BOOST_AUTO_TEST_CASE(refuses_a_request_of_http_0_9_as_soon_as_its_line_is_there) {
    BOOST_TEST(status_of("GET /\r\n") == 400u);
    BOOST_TEST(status_of("GET /index.html\r\n") == 400u);
}

// RFC 9112 §3.2.4: the asterisk is for OPTIONS
BOOST_AUTO_TEST_CASE(the_server_as_a_whole_is_asked_by_options_alone) {
    BOOST_REQUIRE(feed(head("OPTIONS http://other:9 HTTP/1.1")) == stage::ready);
    BOOST_TEST(reader.request().path == "*");
    BOOST_TEST(reader.request().host() == "other:9");
    BOOST_TEST(status_of(head("GET * HTTP/1.1")) == 400u);
    BOOST_TEST(status_of(head("POST * HTTP/1.1")) == 400u);
    BOOST_TEST(status_of(head("OPTIONS *?x HTTP/1.1")) == 400u);
}

BOOST_AUTO_TEST_CASE(refuses_an_unknown_expectation) {
    BOOST_TEST(status_of(head("GET / HTTP/1.1", "Host: x\r\nExpect: magic\r\n")) == 417u);
}

BOOST_AUTO_TEST_CASE(refuses_malformed_chunks) {
    for (auto const* body : {"x\r\n", "\r\n", "-1\r\n", "1\r\nab\r\n", "1\r\nabc", "1\n",
                             "fffffffffffffffff\r\n", "1 2\rx\r\n", "2\r\nab0\r\n"}) {
        // With an end behind it: Beast judges framing when its line is whole.
        auto const status =
            status_of(head("POST / HTTP/1.1", "Host: x\r\nTransfer-Encoding: chunked\r\n") + body +
                      "\r\n\r\n0\r\n\r\n");
        BOOST_TEST(status == 400u, body << ": " << status);
    }
}

BOOST_AUTO_TEST_CASE(refuses_chunk_framing_whose_line_never_ends) {
    BOOST_TEST(status_of(head("POST / HTTP/1.1", "Host: x\r\nTransfer-Encoding: chunked\r\n") +
                         "1;" + std::string(2000, 'x')) == 400u);
}

// §3.2.2: the authority of an absolute target replaces the Host field.
BOOST_AUTO_TEST_CASE(takes_the_host_from_an_absolute_target) {
    BOOST_REQUIRE(feed(head("GET http://other:9/p?q HTTP/1.1")) == stage::ready);
    BOOST_TEST(reader.request().host() == "other:9");
    BOOST_TEST(reader.request().target == "/p?q");
    BOOST_TEST(reader.request().path == "/p");
    reader.next();
    BOOST_REQUIRE(feed(head("GET http://other?q HTTP/1.1")) == stage::ready);
    BOOST_TEST(reader.request().path == "/");
    BOOST_TEST(reader.request().query == "q");
    reader.next();
    BOOST_REQUIRE(feed(head("OPTIONS * HTTP/1.1")) == stage::ready);
    BOOST_TEST(reader.request().path == "*");
}

// RFC 9110 §7.4: a request for an https resource that did not come over TLS is rejected: 421.
BOOST_AUTO_TEST_CASE(refuses_an_absolute_target_of_the_other_scheme) {
    BOOST_TEST(status_of(head("GET https://localhost:9100/ HTTP/1.1")) == 421u);
    BOOST_TEST(status_of(head("GET HTTPS://localhost:9100/ HTTP/1.1")) == 421u);
    BOOST_TEST(status_of(head("GET http://localhost:9100/ HTTP/1.1")) == 200u);
    auto const over_tls = [&](std::string const& bytes) {
        http::request_reader r(allowed, "127.0.0.1", true, true);
        auto const room = r.room();
        std::copy_n(bytes.begin(), bytes.size(), room.begin());
        return r.feed(bytes.size()) == stage::ready ? 200u : r.why().status;
    };
    BOOST_TEST(over_tls(head("GET https://localhost:9100/ HTTP/1.1")) == 200u);
    BOOST_TEST(over_tls(head("GET /x HTTP/1.1")) == 200u);
    BOOST_TEST(over_tls(head("GET http://localhost:9100/ HTTP/1.1")) == 421u);
}

BOOST_AUTO_TEST_CASE(passes_an_unknown_method_on) {
    BOOST_REQUIRE(feed(head("BREW /pot HTTP/1.1")) == stage::ready);
    BOOST_TEST((reader.request().method == http::verb::other));
    BOOST_TEST(reader.request().method_text == "BREW");
    BOOST_TEST(status_of(head("get / HTTP/1.1")) == 200u);  // methods are case-sensitive: other
}

BOOST_AUTO_TEST_CASE(knows_when_a_connection_is_kept) {
    auto const kept = [&](std::string const& bytes) {
        http::request_reader fresh(allowed, "", true, false);
        auto const room = fresh.room();
        std::copy(bytes.begin(), bytes.end(), room.begin());
        BOOST_REQUIRE(fresh.feed(bytes.size()) == stage::ready);
        return fresh.keep_alive();
    };
    BOOST_TEST(kept(head("GET / HTTP/1.1")));
    BOOST_TEST(!kept(head("GET / HTTP/1.1", "Host: x\r\nConnection: foo, Close\r\n")));
    BOOST_TEST(!kept(head("GET / HTTP/1.0")));
    BOOST_TEST(kept(head("GET / HTTP/1.0", "Connection: Keep-Alive\r\n")));
    BOOST_TEST(!kept(head("GET / HTTP/1.0", "Connection: keep-alive, close\r\n")));
}

// While a stream answers it.
BOOST_AUTO_TEST_CASE(reads_the_next_request_after_it_let_go_of_one) {
    BOOST_REQUIRE((feed(head("GET /first HTTP/1.1")) == stage::ready));
    reader.let_go();
    BOOST_TEST(reader.request().peer == "127.0.0.1");
    reader.keep("GET /sec");
    BOOST_REQUIRE((reader.next() == stage::head));
    BOOST_REQUIRE((feed("ond HTTP/1.1\r\nHost: x\r\n\r\n") == stage::ready));
    BOOST_TEST(reader.request().path == "/second");
}

BOOST_AUTO_TEST_CASE(keeps_what_came_behind_a_request_that_it_let_go_of) {
    BOOST_REQUIRE(
        (feed(head("GET /first HTTP/1.1") + head("GET /second HTTP/1.1")) == stage::ready));
    reader.let_go();
    BOOST_REQUIRE((reader.next() == stage::ready));
    BOOST_TEST(reader.request().path == "/second");
}

BOOST_AUTO_TEST_CASE(tells_once_that_the_peer_waits_for_100_continue) {
    BOOST_REQUIRE(
        feed(head("POST / HTTP/1.1", "Host: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n")) ==
        stage::body);
    BOOST_TEST(reader.take_expectation());
    BOOST_TEST(!reader.take_expectation());
    BOOST_TEST((feed("ab") == stage::ready));
}

BOOST_AUTO_TEST_SUITE_END()
