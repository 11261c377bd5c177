// What the client sends, as the server reads it.
#include "base/text.hpp"
#include "http/client/peers.hpp"

using namespace test::client_peers;

namespace {

// Every field of the request, a line each, in lower case but for the value.
tollgate::task<http::reply> tell_fields(http::request const& r, http::listener_info const&,
                                        asio::any_io_executor) {
    http::reply a(200, "text/plain", "");
    for (auto const& h : r.headers)
        a.body += tollgate::to_lower(h.name) + ": " + std::string(h.value) + '\n';
    a.body += "body: " + std::string(r.body);
    co_return a;
}

struct fixture : client_fixture {
    live_server server{&tell_fields};

    http::outbound to(http::verb method, std::string body = {}) {
        http::outbound o(url_of(server.port(), "/"));
        o.method = method;
        o.body = std::move(body);
        return o;
    }
    std::string seen(http::outbound o) {
        auto const a = send(std::move(o));
        BOOST_REQUIRE(a);
        BOOST_TEST(a->status == 200u);
        return a->body;
    }
    error_code refusal(std::string name, std::string value) {
        auto o = to(http::verb::get);
        o.headers.add(std::move(name), std::move(value));
        auto const a = send(std::move(o));
        return a ? error_code() : a.error();
    }
};

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::size_t times(std::string const& text, std::string_view part) {
    std::size_t n = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++n;
    return n;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_request_bytes, fixture)

// RFC 9110 §8.6: Content-Length: 0 where the method means content and there is none, and no field
// where it does not
BOOST_AUTO_TEST_CASE(a_length_is_said_where_content_is_expected) {
    for (auto const method : {http::verb::post, http::verb::put, http::verb::patch})
        BOOST_TEST(has(seen(to(method)), "content-length: 0\n"), http::to_string(method));
    for (auto const method : {http::verb::get, http::verb::delete_, http::verb::options})
        BOOST_TEST(!has(seen(to(method)), "content-length"), http::to_string(method));
}

BOOST_AUTO_TEST_CASE(a_body_is_framed_whatever_the_method) {
    for (auto const method : {http::verb::get, http::verb::post, http::verb::delete_}) {
        auto const text = seen(to(method, "a=1&b=2"));
        BOOST_TEST(has(text, "content-length: 7\n"));
        BOOST_TEST(has(text, "body: a=1&b=2"));
    }
}

// RFC 9112 §6.1, §6.3: only who writes the body knows how it is framed
BOOST_AUTO_TEST_CASE(fields_of_the_frame_cannot_be_given) {
    auto o = to(http::verb::post, "abc");
    for (auto const* name : {"Content-Length", "content-length", "Transfer-Encoding", "CONNECTION",
                             "connection", "Host"})
        o.headers.add(name, "forged");
    auto const text = seen(std::move(o));
    BOOST_TEST(!has(text, "forged"), text);
    BOOST_TEST(times(text, "content-length:") == 1u);
    BOOST_TEST(times(text, "host:") == 1u);
    BOOST_TEST(has(text, "body: abc"));
}

// RFC 9110 §7.2: Host is the authority of the URL, with its port
BOOST_AUTO_TEST_CASE(the_host_is_that_of_the_url) {
    auto const port = std::to_string(server.port());
    http::outbound o("http://LocalHost:" + port);
    BOOST_TEST(has(seen(std::move(o)), "host: localhost:" + port + '\n'));
}

// RFC 9110 §10.1.5: a user agent says who it is
BOOST_AUTO_TEST_CASE(the_user_agent_is_ours_unless_somebody_sets_it) {
    BOOST_TEST(has(seen(to(http::verb::get)), "user-agent: tollgate/"));
    auto o = to(http::verb::get);
    o.headers.add("user-agent", "probe/1");
    auto const text = seen(std::move(o));
    BOOST_TEST(has(text, "user-agent: probe/1\n"));
    BOOST_TEST(times(text, "user-agent:") == 1u);
}

BOOST_AUTO_TEST_CASE(fields_are_sent_as_often_as_they_were_added) {
    auto o = to(http::verb::get);
    o.headers.add("X-Many", "1");
    o.headers.add("X-Many", "2");
    o.headers.add("X-Empty", "");
    auto const text = seen(std::move(o));
    BOOST_TEST(has(text, "x-many: 1\nx-many: 2\n"), text);
    BOOST_TEST(has(text, "x-empty: \n"), text);
}

// RFC 9110 §5.5, §5.6.2: what would begin another field or another request is not sent at all
BOOST_AUTO_TEST_CASE(a_field_that_breaks_out_of_its_line_is_refused) {
    std::pair<std::string, std::string> const bad[] = {
        {"X", "a\nb"},   {"X", "a\rb"},     {"X", std::string("a\0b", 3)},
        {"X\r\nY", "b"}, {"X Y", "b"},      {"X:", "b"},
        {"", "b"},       {"\xc3\xa4", "b"}, {"X(", "b"}};
    for (auto const& [name, value] : bad)
        BOOST_TEST((refusal(name, value) == boost::system::errc::invalid_argument), name);
    BOOST_TEST((refusal("X!#$%&'*+-.^_`|~9", "\xc3\xa4 \"b\"") == error_code()));
}

BOOST_AUTO_TEST_CASE(a_method_that_is_none_is_refused) {
    BOOST_TEST((send(to(http::verb::other)).error() == boost::system::errc::invalid_argument));
}

// RFC 9110 §4.2.4, RFC 3986 §3.2.1: no user information, and nothing outside of printable ASCII
BOOST_AUTO_TEST_CASE(a_url_that_holds_what_none_may_hold_is_refused) {
    auto const base = url_of(server.port(), "");
    for (auto const& bad : {base + "/\xc3\xa4", base + "/\x7f", base + "/\t", base + " ",
                            "http://a@127.0.0.1:" + std::to_string(server.port()),
                            "ws://127.0.0.1:" + std::to_string(server.port())})
        BOOST_TEST((get(bad).error() == boost::system::errc::bad_address), bad);
}

BOOST_AUTO_TEST_SUITE_END()
