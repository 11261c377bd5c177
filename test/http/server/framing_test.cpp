// Where a request ends, and what it may hold. RFC 9112 unless another is named.
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
    l.max_header_count = 6;
    l.max_body = 1000;
    return l;
}

struct fixture {
    http::limits allowed = tight();
    http::request_reader reader{allowed, "127.0.0.1", true, false};

    stage feed(std::string_view bytes) {
        while (!bytes.empty() && reader.now() != stage::ready && reader.now() != stage::refused) {
            auto const room = reader.room();
            auto const n = std::min(room.size(), bytes.size());
            std::copy_n(bytes.begin(), n, room.begin());
            bytes.remove_prefix(n);
            reader.feed(n);
        }
        return reader.now();
    }
    // 200 when a request came out of it, 100 when more is needed.
    unsigned status_of(std::string_view bytes) {
        http::request_reader fresh(allowed, "", true, false);
        auto const room = fresh.room();
        BOOST_REQUIRE(bytes.size() <= room.size());
        std::copy(bytes.begin(), bytes.end(), room.begin());
        auto const now = fresh.feed(bytes.size());
        return now == stage::refused ? fresh.why().status : now == stage::ready ? 200 : 100;
    }
};

std::string head(std::string_view line, std::string_view fields = {}) {
    return std::string(line) + "\r\nHost: x\r\n" + std::string(fields) + "\r\n";
}

std::string chunked(std::string_view body, std::string_view fields = {}) {
    return head("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n" + std::string(fields)) +
           std::string(body);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(framing, fixture)

// RFC 9110 §9.3.1, §9.3.5: content of GET and DELETE has no meaning, but it is content, and what
// follows it is the next request
BOOST_AUTO_TEST_CASE(a_body_is_a_body_whatever_the_method) {
    for (std::string const method : {"GET", "HEAD", "DELETE", "OPTIONS", "BREW"}) {
        http::request_reader fresh(allowed, "", true, false);
        auto const bytes = head(method + " /1 HTTP/1.1", "Content-Length: 5\r\n") + "GET /" +
                           head("GET /2 HTTP/1.1");
        auto const room = fresh.room();
        std::copy(bytes.begin(), bytes.end(), room.begin());
        BOOST_REQUIRE(fresh.feed(bytes.size()) == stage::ready);
        BOOST_TEST(fresh.request().body == "GET /");
        BOOST_REQUIRE(fresh.next() == stage::ready);
        BOOST_TEST(fresh.request().target == "/2", method);
        BOOST_TEST(fresh.request().body.empty());
    }
}

// RFC 9112 §6.3: without Content-Length and Transfer-Encoding a request has no body
BOOST_AUTO_TEST_CASE(a_post_without_any_framing_has_no_body) {
    BOOST_REQUIRE(feed(head("POST / HTTP/1.1") + head("GET /2 HTTP/1.1")) == stage::ready);
    BOOST_TEST(reader.request().body.empty());
    BOOST_REQUIRE(reader.next() == stage::ready);
    BOOST_TEST(reader.request().target == "/2");
}

// RFC 9110 §8.6: Content-Length = 1*DIGIT, with whitespace around it as every field may have
BOOST_AUTO_TEST_CASE(a_length_is_digits_with_or_without_leading_zeros) {
    for (auto const* length : {"3", "03", "0000000003", " 3", "3 ", "\t3\t"}) {
        auto const field = "Content-Length:" + std::string(length) + "\r\n";
        BOOST_TEST(status_of(head("POST / HTTP/1.1", field) + "abc") == 200u, length);
        BOOST_TEST(status_of(head("POST / HTTP/1.1", field) + "ab") == 100u, length);
    }
    for (auto const* length : {"3a", "a3", "3 3", "3;", "3.0", "3e0", "0x3", "\"3\"", "\xb2"})
        BOOST_TEST(
            status_of(head("POST / HTTP/1.1", "Content-Length: " + std::string(length) + "\r\n") +
                      "abc") == 400u,
            length);
}

// RFC 9112 §7: names of transfer codings have no case
BOOST_AUTO_TEST_CASE(chunked_is_known_in_any_case) {
    for (auto const* coding : {"chunked", "Chunked", "CHUNKED", " chunked ", "\tchunked"})
        BOOST_TEST(status_of("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:" +
                             std::string(coding) + "\r\n\r\n2\r\nab\r\n0\r\n\r\n") == 200u,
                   coding);
}

// RFC 9112 §7.1: chunk-size = 1*HEXDIG, in either case
BOOST_AUTO_TEST_CASE(a_chunk_size_is_hexadecimal_in_either_case) {
    BOOST_REQUIRE(feed(chunked("a\r\n0123456789\r\nB\r\n0123456789a\r\n001\r\nx\r\n000\r\n\r\n")) ==
                  stage::ready);
    BOOST_TEST(reader.request().body == "01234567890123456789ax");
}

// RFC 9112 §7.1.1: a recipient must ignore chunk extensions that it does not know
BOOST_AUTO_TEST_CASE(chunk_extensions_are_ignored) {
    for (auto const* extension : {";a", ";a=b", ";a=\"b c\"", ";a=b;c=d", " ; a = b"})
        BOOST_TEST(status_of(chunked("2" + std::string(extension) + "\r\nab\r\n0\r\n\r\n")) == 200u,
                   extension);
}

// RFC 9110 §6.5.1: trailer fields must not be merged into the header section unless they are known
// to be safe there
BOOST_AUTO_TEST_CASE(trailers_change_nothing_of_a_request) {
    BOOST_REQUIRE(feed(chunked("2\r\nab\r\n0\r\nAuthorization: Bearer x\r\nHost: evil\r\n"
                               "X-Late: 1\r\n\r\n") +
                       head("GET /2 HTTP/1.1")) == stage::ready);
    BOOST_TEST(reader.request().body == "ab");
    BOOST_TEST(!reader.request().has("Authorization"));
    BOOST_TEST(!reader.request().has("X-Late"));
    BOOST_TEST(reader.request().host() == "x");
    BOOST_REQUIRE(reader.next() == stage::ready);
    BOOST_TEST(reader.request().target == "/2");
}

BOOST_AUTO_TEST_CASE(trailers_that_never_end_are_refused) {
    allowed.max_header = 1000;
    BOOST_REQUIRE(feed(chunked("0\r\n")) == stage::body);
    std::string many;
    for (int i = 0; i < 400; ++i)
        many += "X-Trailer: 0123456789\r\n";
    BOOST_CHECK(feed(many) == stage::refused);
    BOOST_TEST(!reader.keep_alive());
}

BOOST_AUTO_TEST_CASE(chunks_together_hold_what_a_body_may_hold_and_no_byte_more) {
    std::string const hundred(100, 'x');
    std::string all;
    for (int i = 0; i < 10; ++i)
        all += "64\r\n" + hundred + "\r\n";
    BOOST_REQUIRE(feed(chunked(all + "0\r\n\r\n")) == stage::ready);
    BOOST_TEST(reader.request().body.size() == 1000u);
    reader.next();
    BOOST_REQUIRE(feed(chunked(all + "1\r\ny\r\n0\r\n\r\n")) == stage::refused);
    BOOST_TEST(reader.why().status == 413u);
}

// RFC 9112 §3: a server that is robust takes a line of 8000 octets; ours has a bound of its own
BOOST_AUTO_TEST_CASE(a_request_line_may_be_as_long_as_its_bound) {
    auto const line = [](std::size_t length) {
        std::string const ends = "GET / HTTP/1.1";
        return "GET /" + std::string(length - ends.size(), 'a') + " HTTP/1.1";
    };
    BOOST_TEST(line(64).size() == 64u);
    BOOST_TEST(status_of(head(line(64))) == 200u);
    BOOST_TEST(status_of(head(line(65))) == 414u);
    BOOST_TEST(http::limits().max_request_line >= 8000u);
}

// RFC 6585 §5: 431, for a single field as for all together
BOOST_AUTO_TEST_CASE(fields_may_be_as_large_as_their_bound) {
    auto const of_size = [](std::size_t all) {
        constexpr std::size_t host = 9;  // "Host: x" and its end
        return head("GET / HTTP/1.1", "A: " + std::string(all - host - 5, 'a') + "\r\n");
    };
    BOOST_TEST(status_of(of_size(256)) == 200u);
    BOOST_TEST(status_of(of_size(257)) == 431u);
    std::string several;
    for (auto const* name : {"A: ", "B: ", "C: ", "D: "})
        several += name + std::string(60, 'x') + "\r\n";
    BOOST_TEST(status_of(head("GET / HTTP/1.1", several)) == 431u);
}

// RFC 9112 §2.2: at least one empty line before a request is ignored
BOOST_AUTO_TEST_CASE(empty_lines_before_a_request_are_no_request) {
    BOOST_REQUIRE(feed("\r\n\r\n") == stage::head);
    BOOST_TEST(reader.idle());
    BOOST_REQUIRE(feed("\r") == stage::head);
    BOOST_REQUIRE(feed("\n" + head("GET /1 HTTP/1.1") + "\r\n\r\n" + head("GET /2 HTTP/1.1")) ==
                  stage::ready);
    BOOST_TEST(reader.request().target == "/1");
    BOOST_REQUIRE(reader.next() == stage::ready);
    BOOST_TEST(reader.request().target == "/2");
}

// RFC 9112 §3: method, target and version are separated by a single space
BOOST_AUTO_TEST_CASE(a_request_line_has_three_words_with_one_space_between) {
    for (auto const* line :
         {"GET\t/ HTTP/1.1", "GET /\tHTTP/1.1", "GET  / HTTP/1.1", "GET /  HTTP/1.1",
          " GET / HTTP/1.1", "GET / HTTP/1.1 ", "GET / HTTP/1.1\t", "GET /a b HTTP/1.1",
          "/ HTTP/1.1", "GET HTTP/1.1", "GET / HTTP /1.1", "GET / HTTP/1.1 x"})
        BOOST_TEST(status_of(head(line)) == 400u, line);
}

// RFC 9110 §9.1: method = token, and it is case-sensitive
BOOST_AUTO_TEST_CASE(a_method_is_a_token_with_its_case) {
    for (auto const* method : {"get", "Post", "PROPFIND", "M-SEARCH", "X!#$%&'*+^_`|~"}) {
        http::request_reader fresh(allowed, "", true, false);
        auto const bytes = head(std::string(method) + " / HTTP/1.1");
        auto const room = fresh.room();
        std::copy(bytes.begin(), bytes.end(), room.begin());
        BOOST_REQUIRE_MESSAGE(fresh.feed(bytes.size()) == stage::ready, method);
        BOOST_CHECK(fresh.request().method == http::verb::other);
        BOOST_TEST(fresh.request().method_text == method);
    }
    for (auto const* method : {"GE:T", "G@T", "G,T", "G=T", "\"GET\"", "GET/"})
        BOOST_TEST(status_of(head(std::string(method) + " / HTTP/1.1")) == 400u, method);
}

// RFC 9112 §5.1: no whitespace between field name and colon
// RFC 9112 §5.2: no line folding
BOOST_AUTO_TEST_CASE(a_field_has_a_token_for_a_name_and_stands_on_one_line) {
    for (auto const* field : {"A : b", "A\t: b", " A: b", "\tA: b", "A b: c", "A(b): c", ": b", "A",
                              "A: b\r\n c", "A: b\r\n\tc", "\"A\": b", "A;: b"})
        BOOST_TEST(status_of(head("GET / HTTP/1.1", std::string(field) + "\r\n")) == 400u, field);
}

// RFC 9110 §5.5: octets above ASCII in a value are opaque data, and a value may be empty
BOOST_AUTO_TEST_CASE(a_value_may_be_empty_and_need_not_be_ascii) {
    BOOST_REQUIRE(feed(head("GET / HTTP/1.1", "A: \xc3\xa4\xff \"x\", y\r\nB:\r\nC:\t\r\n")) ==
                  stage::ready);
    BOOST_TEST(reader.request().header("A") == "\xc3\xa4\xff \"x\", y");
    BOOST_TEST(reader.request().has("B"));
    BOOST_TEST(reader.request().header("B").empty());
    BOOST_TEST(reader.request().header("C").empty());
}

// RFC 9112 §3.2: HTTP/1.1 needs its one Host, an absolute target or not; of HTTP/1.0 none is asked
BOOST_AUTO_TEST_CASE(a_host_is_demanded_of_http_1_1_alone) {
    BOOST_TEST(status_of("GET http://other:9/ HTTP/1.1\r\n\r\n") == 400u);
    BOOST_TEST(status_of("GET / HTTP/1.0\r\n\r\n") == 200u);
    BOOST_TEST(status_of("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n") == 400u);
    BOOST_REQUIRE(feed("GET http://other:9/p HTTP/1.0\r\n\r\n") == stage::ready);
    BOOST_TEST(reader.request().host() == "other:9");
    BOOST_TEST(reader.request().count("Host") == 1u);
}

// RFC 9110 §10.1.1: a 100-continue expectation of an HTTP/1.0 request must be ignored
BOOST_AUTO_TEST_CASE(an_http_1_0_peer_does_not_wait_for_100_continue) {
    BOOST_REQUIRE(feed("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n") ==
                  stage::body);
    BOOST_TEST(!reader.take_expectation());
    BOOST_CHECK(feed("ab") == stage::ready);
}

BOOST_AUTO_TEST_CASE(who_sent_the_body_or_has_none_waits_for_nothing) {
    for (auto const* rest : {"Content-Length: 2\r\n\r\nab", "Content-Length: 0\r\n\r\n", "\r\n"}) {
        http::request_reader fresh(allowed, "", true, false);
        auto const bytes =
            "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" + std::string(rest);
        auto const room = fresh.room();
        std::copy(bytes.begin(), bytes.end(), room.begin());
        BOOST_REQUIRE(fresh.feed(bytes.size()) == stage::ready);
        BOOST_TEST(!fresh.take_expectation(), rest);
    }
}

// RFC 9112 §9.3: "close" in any Connection field ends it
BOOST_AUTO_TEST_CASE(close_counts_in_every_connection_field_and_nowhere_else) {
    auto const kept = [&](std::string const& fields) {
        http::request_reader fresh(allowed, "", true, false);
        auto const bytes = head("GET / HTTP/1.1", fields);
        auto const room = fresh.room();
        std::copy(bytes.begin(), bytes.end(), room.begin());
        BOOST_REQUIRE(fresh.feed(bytes.size()) == stage::ready);
        return fresh.keep_alive();
    };
    BOOST_TEST(!kept("Connection: keep-alive\r\nConnection: close\r\n"));
    BOOST_TEST(!kept("Connection: CLOSE\r\n"));
    BOOST_TEST(!kept("Connection: x,close ,y\r\n"));
    BOOST_TEST(kept("Connection: closed\r\n"));
    BOOST_TEST(kept("Connection: x-close\r\n"));
    BOOST_TEST(kept("X-Connection: close\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
