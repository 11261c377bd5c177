// One connection as the client's pool and the server's connections see it.
#include "http/net/stream_io.hpp"

#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include "support/exchange.hpp"
#include "support/waiting.hpp"

namespace asio = boost::asio;
using namespace tollgate::http;

namespace {

// Two ends on loopback: one is ours, the other one does as a test says.
struct two_ends {
    asio::io_context io;
    std::optional<stream_io> ours;
    tcp::socket theirs{io};

    two_ends() {
        tcp::acceptor door(io, {asio::ip::address_v4::loopback(), 0});
        tcp::socket here(io);
        here.connect(door.local_endpoint());
        theirs = door.accept();
        here.non_blocking(true);
        ours.emplace(std::move(here));
    }
    void say(std::string const& text) { asio::write(theirs, asio::buffer(text)); }
    std::string hear(std::size_t n) {
        std::string text(n, '\0');
        asio::read(theirs, asio::buffer(text));
        return text;
    }
};

tollgate::task<std::string> read_once(stream_io& from, error_code& ec) {
    std::string bytes(100, '\0');
    auto const room = asio::buffer(bytes);
    auto const n = co_await from.read_some(room, ec);
    bytes.resize(n);
    co_return bytes;
}

tollgate::task<std::size_t> write_all(stream_io& to, pieces p, error_code& ec) {
    auto const n = co_await to.write(p, ec);
    co_return n;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(stream_io_, two_ends)

BOOST_AUTO_TEST_CASE(a_connection_on_which_nothing_came_is_quiet) {
    BOOST_TEST(ours->quiet());
    BOOST_TEST(ours->quiet());  // looking changes nothing
}

// RFC 9112 §9.3.1: bytes on an idle connection belong to no request of ours
BOOST_AUTO_TEST_CASE(a_connection_with_bytes_to_read_is_not_quiet) {
    say("HTTP/1.1 408 Request Timeout\r\n");
    BOOST_TEST(test::eventually([&] { return !ours->quiet(); }));
    error_code ec;
    auto const text = test::run(io, read_once(*ours, ec));
    BOOST_TEST(text.starts_with("HTTP/1.1 408"));  // what was looked at is still there
    BOOST_TEST(ours->quiet());
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_peer_closed_is_not_quiet) {
    theirs.close();
    BOOST_TEST(test::eventually([&] { return !ours->quiet(); }));
}

BOOST_AUTO_TEST_CASE(a_connection_that_the_peer_reset_is_not_quiet) {
    theirs.set_option(asio::socket_base::linger(true, 0));
    theirs.close();
    BOOST_TEST(test::eventually([&] { return !ours->quiet(); }));
}

BOOST_AUTO_TEST_CASE(a_connection_that_we_closed_is_not_quiet) {
    ours->close();
    BOOST_TEST(!ours->quiet());
}

BOOST_AUTO_TEST_CASE(two_pieces_are_written_as_one_and_either_may_be_empty) {
    std::string const head = "head ";
    std::string const body = "body";
    std::pair<pieces, std::string> const cases[] = {
        {pieces{asio::buffer(head), asio::buffer(body)}, "head body"},
        {pieces{asio::buffer(head), {}}, "head "},
        {pieces{asio::const_buffer(), asio::buffer(body)}, "body"}};
    for (auto [p, expected] : cases) {
        error_code ec;
        BOOST_TEST(ours->write_now(p, ec));
        BOOST_TEST(!ec);
        BOOST_TEST(hear(expected.size()) == expected);
    }
}

BOOST_AUTO_TEST_CASE(writing_nothing_settles_the_matter) {
    pieces none;
    error_code ec;
    BOOST_TEST(ours->write_now(none, ec));
    BOOST_TEST(!ec);
}

// What the socket did not take is left in the pieces, to be written when it can.
BOOST_AUTO_TEST_CASE(what_is_left_over_is_the_rest_and_nothing_is_lost) {
    std::string const head(1000, 'h');
    std::string const body(8 << 20, 'b');
    pieces p{asio::buffer(head), asio::buffer(body)};
    error_code ec;
    BOOST_REQUIRE(!ours->write_now(p, ec));
    BOOST_TEST(!ec);
    auto const left = p[0].size() + p[1].size();
    BOOST_TEST(left > 0u);
    BOOST_TEST(left < head.size() + body.size());
    auto const first = hear(head.size() + body.size() - left);
    BOOST_CHECK(first == head + std::string(first.size() - head.size(), 'b'));
    pieces const rest{asio::buffer(p[0]), asio::buffer(p[1])};
    std::string seen;
    std::thread reader([&] { seen = hear(left); });
    auto const n = test::run(io, write_all(*ours, rest, ec));
    reader.join();
    BOOST_TEST(n == left);
    BOOST_CHECK(seen == std::string(left, 'b'));
}

BOOST_AUTO_TEST_CASE(a_peer_that_is_gone_settles_a_write_with_its_error) {
    theirs.set_option(asio::socket_base::linger(true, 0));
    theirs.close();
    error_code ec;
    std::string const text = "too late";
    BOOST_TEST(test::eventually([&] {
        pieces p{asio::buffer(text), {}};
        return ours->write_now(p, ec) && ec;
    }));
}

BOOST_AUTO_TEST_CASE(a_peer_hears_the_end_when_we_have_said_all) {
    ours->shutdown_send();
    char byte = 0;
    error_code ec;
    theirs.read_some(asio::buffer(&byte, 1), ec);
    BOOST_TEST((ec == asio::error::eof));
    say("still heard");
    error_code none;
    auto const text = test::run(io, read_once(*ours, none));
    BOOST_TEST(text == "still heard");
}

BOOST_AUTO_TEST_SUITE_END()
