// Status lines and frames of answers.
#include <string>
#include <utility>

#include <boost/test/unit_test.hpp>

#include "http/server/reply_head.hpp"

namespace http = tollgate::http;

namespace {

std::string head_of(http::reply const& r, http::reply_frame const& f = {}) {
    std::string out;
    http::append_head(out, r, f);
    return out;
}

std::string first_line(unsigned status) {
    auto const text = head_of(http::reply(status));
    return text.substr(0, text.find("\r\n"));
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(status_line)

// RFC 9110 §15: the reason phrases that the standard recommends
BOOST_AUTO_TEST_CASE(every_status_that_is_sent_has_its_phrase) {
    std::pair<unsigned, char const*> const phrases[] = {{200, "OK"},
                                                        {201, "Created"},
                                                        {202, "Accepted"},
                                                        {204, "No Content"},
                                                        {301, "Moved Permanently"},
                                                        {302, "Found"},
                                                        {303, "See Other"},
                                                        {304, "Not Modified"},
                                                        {307, "Temporary Redirect"},
                                                        {308, "Permanent Redirect"},
                                                        {400, "Bad Request"},
                                                        {401, "Unauthorized"},
                                                        {403, "Forbidden"},
                                                        {404, "Not Found"},
                                                        {405, "Method Not Allowed"},
                                                        {406, "Not Acceptable"},
                                                        {408, "Request Timeout"},
                                                        {409, "Conflict"},
                                                        {410, "Gone"},
                                                        {411, "Length Required"},
                                                        {412, "Precondition Failed"},
                                                        {413, "Content Too Large"},
                                                        {414, "URI Too Long"},
                                                        {415, "Unsupported Media Type"},
                                                        {417, "Expectation Failed"},
                                                        {421, "Misdirected Request"},
                                                        {422, "Unprocessable Content"},
                                                        {500, "Internal Server Error"},
                                                        {501, "Not Implemented"},
                                                        {502, "Bad Gateway"},
                                                        {503, "Service Unavailable"},
                                                        {504, "Gateway Timeout"},
                                                        {505, "HTTP Version Not Supported"}};
    for (auto const& [status, phrase] : phrases)
        BOOST_TEST(first_line(status) == "HTTP/1.1 " + std::to_string(status) + ' ' + phrase);
}

// RFC 6585 §4: 429 Too Many Requests
// RFC 6585 §5: 431 Request Header Fields Too Large
BOOST_AUTO_TEST_CASE(the_further_statuses_have_their_phrases) {
    BOOST_TEST(first_line(429) == "HTTP/1.1 429 Too Many Requests");
    BOOST_TEST(first_line(431) == "HTTP/1.1 431 Request Header Fields Too Large");
}

// RFC 9112 §4: three digits, and a space behind them even where there is no phrase
BOOST_AUTO_TEST_CASE(a_status_of_a_users_own_is_sent_as_it_is) {
    for (unsigned const status : {299u, 418u, 499u, 599u})
        BOOST_TEST(first_line(status).starts_with("HTTP/1.1 " + std::to_string(status) + ' '));
}

// RFC 9110 §6.4.1: answers 1xx, 204 and 304 have no content; all others have, be it of no bytes
BOOST_AUTO_TEST_CASE(three_kinds_of_answers_have_no_body) {
    for (unsigned const status : {100u, 101u, 103u, 199u, 204u, 304u})
        BOOST_TEST(http::is_bodiless(status), status);
    for (unsigned const status : {200u, 201u, 202u, 205u, 206u, 300u, 303u, 400u, 404u, 500u})
        BOOST_TEST(!http::is_bodiless(status), status);
}

// RFC 9112 §6, §9: who frames a message decides it alone, in whatever case others name its fields
BOOST_AUTO_TEST_CASE(fields_of_the_frame_are_known_in_any_case) {
    http::reply r(200);
    for (auto const* name : {"CONTENT-LENGTH", "content-length", "Transfer-encoding", "CONNECTION",
                             "keep-alive", "Keep-Alive"})
        r.headers.add(name, "forged");
    http::reply_frame f;
    f.length = 5;
    auto const text = head_of(r, f);
    BOOST_TEST(!has(text, "forged"));
    BOOST_TEST(has(text, "Content-Length: 5\r\n"));
}

BOOST_AUTO_TEST_CASE(fields_that_only_look_like_those_of_the_frame_are_sent) {
    http::reply r(200);
    for (auto const* name : {"Content-Lengths", "X-Connection", "Connectio", "Content-Encoding"})
        r.headers.add(name, "mine");
    auto const text = head_of(r);
    for (std::string const name :
         {"Content-Lengths", "X-Connection", "Connectio", "Content-Encoding"})
        BOOST_TEST(has(text, name + ": mine\r\n"), name);
}

// RFC 9110 §5.3: lines of one name keep their order
BOOST_AUTO_TEST_CASE(fields_are_sent_in_the_order_of_the_handler_each_on_its_line) {
    http::reply r(401);
    r.headers.add("WWW-Authenticate", "DPoP a=\"1\"");
    r.headers.add("X", "");
    r.headers.add("WWW-Authenticate", "Bearer b=\"2\"");
    BOOST_TEST(has(head_of(r),
                   "\r\nWWW-Authenticate: DPoP a=\"1\"\r\nX: \r\n"
                   "WWW-Authenticate: Bearer b=\"2\"\r\n"));
}

// RFC 9110 §5.6.2, §5.5: a name is a token; a value holds no CR, LF or NUL
BOOST_AUTO_TEST_CASE(a_field_that_is_none_is_left_out_and_the_rest_is_sent) {
    std::pair<std::string, std::string> const bad[] = {
        {"X Y", "bad"}, {"X:Y", "bad"},      {"", "bad"},
        {"X", "bad\r"}, {"X", "bad\n"},      {"X", "\nbad"},
        {"X\n", "bad"}, {"\xc3\xa4", "bad"}, {"X", std::string("bad\0", 4)}};
    for (auto const& [name, value] : bad) {
        http::reply r(200);
        r.headers.add("Before", "1");
        r.headers.add(name, value);
        r.headers.add("After", "2");
        auto const text = head_of(r);
        BOOST_TEST(!has(text, "bad"), text);
        BOOST_TEST(has(text, "Before: 1\r\nAfter: 2\r\n"), text);
    }
}

// RFC 9112 §9.3: what persists is said where it is not the version's own way
BOOST_AUTO_TEST_CASE(the_connection_field_says_what_is_not_understood_without_it) {
    struct expected {
        unsigned version;
        bool keep_alive;
        char const* line;
    };
    for (auto const& e : {expected{11, true, ""}, expected{11, false, "Connection: close\r\n"},
                          expected{10, true, "Connection: keep-alive\r\n"},
                          expected{10, false, "Connection: close\r\n"}}) {
        http::reply_frame f;
        f.version = e.version;
        f.keep_alive = e.keep_alive;
        auto const text = head_of(http::reply(200), f);
        BOOST_TEST(has(text, e.line));
        BOOST_TEST(has(text, "Connection:") == (e.line[0] != '\0'), text);
    }
}

// RFC 9110 §5.6.7: days and months are words of three letters
BOOST_AUTO_TEST_CASE(dates_name_every_day_and_every_month) {
    std::int64_t constexpr day = 86'400;
    std::string days;
    for (std::int64_t i = 0; i < 7; ++i)
        days += http::http_date(i * day).substr(0, 3);
    BOOST_TEST(days == "ThuFriSatSunMonTueWed");  // from the first of January 1970
    std::string months;
    for (std::int64_t i = 0; i < 12; ++i)
        months += http::http_date((14 + i * 30) * day).substr(8, 3);
    BOOST_TEST(months == "JanFebMarAprMayJunJulAugSepOctNovDec");
    BOOST_TEST(http::http_date(951'782'400) == "Tue, 29 Feb 2000 00:00:00 GMT");
}

BOOST_AUTO_TEST_SUITE_END()
