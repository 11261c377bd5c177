// Streams that belong to no session: how many, and how they end.
#include "mcp/session/stream_set.hpp"

#include <boost/test/unit_test.hpp>

#include "support/exchange.hpp"

namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;

namespace {

struct fixture {
    boost::asio::io_context io;
    mcp::stream_set set;

    sse::opened_stream connect() { return sse::open_stream(io.get_executor(), {}); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_stream_set, fixture)

BOOST_AUTO_TEST_CASE(refuses_a_stream_beyond_the_limit_until_one_has_ended) {
    auto const one = connect();
    auto const two = connect();
    auto const three = connect();
    BOOST_TEST(set.add(one.channel, 2));
    BOOST_TEST(set.add(two.channel, 2));
    BOOST_TEST(!set.add(three.channel, 2));
    one.channel->close();
    BOOST_TEST(set.add(three.channel, 2));
}

BOOST_AUTO_TEST_CASE(a_stream_whose_reader_has_left_makes_room) {
    auto one = connect();
    auto const two = connect();
    BOOST_TEST(set.add(one.channel, 1));
    one.body.reset();
    BOOST_TEST(set.add(two.channel, 1));
}

BOOST_AUTO_TEST_CASE(a_limit_of_none_admits_none) {
    auto const one = connect();
    BOOST_TEST(!set.add(one.channel, 0));
    BOOST_TEST(!set.any_open());
}

BOOST_AUTO_TEST_CASE(holds_no_stream_alive) {
    auto one = connect();
    BOOST_TEST(set.add(one.channel, 1));
    std::weak_ptr<sse::channel> const watched = one.channel;
    one = connect();
    BOOST_TEST(watched.expired());
    BOOST_TEST(!set.any_open());
    set.close_all();
}

BOOST_AUTO_TEST_CASE(closed_streams_end_and_new_ones_are_taken) {
    auto const one = connect();
    BOOST_TEST(set.add(one.channel, 1));
    BOOST_TEST(set.any_open());
    set.close_all();
    BOOST_TEST(!one.channel->is_open());
    BOOST_TEST(!set.is_sealed());
    auto const two = connect();
    BOOST_TEST(set.add(two.channel, 1));
    BOOST_TEST(set.any_open());
}

BOOST_AUTO_TEST_CASE(a_sealed_set_ends_its_streams_and_takes_no_more) {
    auto const one = connect();
    BOOST_TEST(set.add(one.channel, 10));
    set.seal();
    BOOST_TEST(set.is_sealed());
    BOOST_TEST(!one.channel->is_open());
    auto const two = connect();
    BOOST_TEST(!set.add(two.channel, 10));
    BOOST_TEST(two.channel->is_open());
}

BOOST_AUTO_TEST_SUITE_END()
