// The event streams of one session: what is kept, who reads it, and what makes room.
#include "mcp/session/streams.hpp"

#include <boost/test/unit_test.hpp>

#include "sse/decoder.hpp"
#include "sse/event_id.hpp"
#include "support/exchange.hpp"

namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
using namespace std::chrono_literals;
using kind = mcp::session_streams::kind;
using resumption = mcp::session_streams::resumption;

namespace {

struct fixture {
    boost::asio::io_context io;
    mcp::session_streams streams{64 << 10};

    sse::opened_stream connect() { return sse::open_stream(io.get_executor(), {}); }
    mcp::session_streams::number open(kind k, sse::opened_stream const& on) {
        auto const made = streams.open(k, on.channel);
        BOOST_REQUIRE(made.has_value());
        return *made;
    }
    // All bytes that wait there; ends the connection.
    std::string bytes(sse::opened_stream const& c) {
        c.channel->close();
        std::string all;
        while (auto const piece = test::run(io, c.body->next()))
            all += *piece;
        return all;
    }
    std::vector<sse::received> said(sse::opened_stream const& c) {
        sse::decoder d;
        return d.feed(bytes(c));
    }
    std::string texts(sse::opened_stream const& c) {
        std::string out;
        for (auto const& e : said(c))
            out += e.data + ' ';
        return out;
    }
    // The id of the newest event of a stream that says one more thing.
    std::string id_after(mcp::session_streams::number stream, sse::opened_stream const& on,
                         std::string const& text) {
        BOOST_REQUIRE(streams.say(stream, text));
        return said(on).back().id;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_session_streams, fixture)

// MCP 2025-11-25, Transports, "Resumability and Redelivery": an id is unique within the session and
// says which stream it is of.
BOOST_AUTO_TEST_CASE(events_of_a_stream_are_numbered_below_the_name_of_the_stream) {
    auto const one = connect();
    auto const two = connect();
    auto const first = open(kind::answer, one);
    auto const second = open(kind::answer, two);
    for (auto const* text : {"a", "b"}) {
        streams.say(first, text);
        streams.say(second, text);
    }
    auto const of_one = said(one);
    auto const of_two = said(two);
    BOOST_REQUIRE(of_one.size() == 2u);
    BOOST_REQUIRE(of_two.size() == 2u);
    auto const a = sse::parse_event_id(of_one[0].id);
    auto const b = sse::parse_event_id(of_one[1].id);
    auto const other = sse::parse_event_id(of_two[0].id);
    BOOST_REQUIRE((a && b && other));
    BOOST_TEST(a->stream == b->stream);
    BOOST_TEST(a->number + 1 == b->number);
    BOOST_TEST(a->stream != other->stream);
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": an event with an id and an empty
// data field, to prime the client.
BOOST_AUTO_TEST_CASE(a_client_that_saw_nothing_but_the_priming_event_gets_everything) {
    auto const first = connect();
    auto const stream = streams.open(kind::answer, first.channel, 1500ms);
    BOOST_REQUIRE(stream.has_value());
    auto const primed = bytes(first);
    sse::decoder d;
    d.feed(primed);
    BOOST_TEST(d.retry().value().count() == 1500);
    BOOST_TEST(primed.find("data: \n") != std::string::npos, primed);
    streams.say(*stream, "a");
    streams.say(*stream, "b");
    auto const again = connect();
    BOOST_TEST((streams.resume(d.last_id(), again.channel) == resumption::complete));
    BOOST_TEST(texts(again) == "a b ");
}

BOOST_AUTO_TEST_CASE(who_comes_back_gets_what_followed_and_then_hears_the_rest) {
    auto const first = connect();
    auto const stream = open(kind::answer, first);
    auto const seen = id_after(stream, first, "a");
    streams.say(stream, "b");
    auto const back = connect();
    BOOST_TEST((streams.resume(seen, back.channel) == resumption::complete));
    streams.say(stream, "c");
    BOOST_TEST(texts(back) == "b c ");
}

BOOST_AUTO_TEST_CASE(a_second_reader_of_a_stream_takes_the_place_of_the_first) {
    auto const first = connect();
    auto const stream = open(kind::standalone, first);
    streams.say(stream, "a");
    auto const seen = sse::decoder().feed(test::run(io, first.body->next()).value()).at(0).id;
    auto const second = connect();
    BOOST_TEST((streams.resume(seen, second.channel) == resumption::complete));
    BOOST_TEST(!first.channel->is_open());
    streams.say(stream, "b");
    BOOST_TEST(texts(first) == "");
    BOOST_TEST(texts(second) == "b ");
}

BOOST_AUTO_TEST_CASE(an_id_that_was_never_given_out_resumes_nothing) {
    auto const first = connect();
    auto const stream = open(kind::answer, first);
    auto const seen = id_after(stream, first, "a");
    auto const name = seen.substr(0, seen.find('.') + 1);
    for (auto const& wrong :
         {name + "2", name + "18446744073709551615", name, name + "01", name + "-1", name + "x",
          std::string(16, 'A') + ".1", std::string(), std::string("."), seen + ' '}) {
        auto const back = connect();
        BOOST_TEST((streams.resume(wrong, back.channel) == resumption::unknown), wrong);
        BOOST_TEST(back.channel->is_open());
    }
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": after the response the stream ends.
BOOST_AUTO_TEST_CASE(a_finished_stream_says_no_more_but_can_be_read_again) {
    auto const first = connect();
    auto const stream = open(kind::answer, first);
    streams.say(stream, "a");
    streams.say(stream, "b");
    streams.finish(stream);
    BOOST_TEST(!first.channel->is_open());
    BOOST_TEST(!streams.say(stream, "c"));
    auto const seen = said(first).front().id;
    for (int i = 0; i < 2; ++i) {
        auto const back = connect();
        BOOST_TEST((streams.resume(seen, back.channel) == resumption::complete));
        BOOST_TEST(!back.channel->is_open());
        BOOST_TEST(texts(back) == "b ");
    }
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_not_known_takes_no_message_and_no_end) {
    BOOST_TEST(!streams.say(4711, "a"));
    streams.finish(4711);
    streams.drop_connection(4711, 1s);
    BOOST_TEST(!streams.any_open());
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": the server SHOULD send an event
// with a standard retry field before it closes the connection.
BOOST_AUTO_TEST_CASE(a_dropped_connection_is_told_when_to_come_back_and_the_stream_goes_on) {
    auto const first = connect();
    auto const stream = open(kind::answer, first);
    streams.say(stream, "a");
    streams.drop_connection(stream, 2500ms);
    BOOST_TEST(!first.channel->is_open());
    BOOST_TEST(streams.say(stream, "b"));
    sse::decoder d;
    d.feed(bytes(first));
    BOOST_TEST(d.retry().value().count() == 2500);
    auto const back = connect();
    BOOST_TEST((streams.resume(d.last_id(), back.channel) == resumption::complete));
    BOOST_TEST(texts(back) == "b ");
}

BOOST_AUTO_TEST_CASE(what_no_longer_fits_is_a_gap_that_is_noticed) {
    mcp::session_streams small{600};
    auto const first = connect();
    auto const stream = small.open(kind::answer, first.channel).value();
    small.say(stream, "the first");
    for (int i = 0; i < 20; ++i)
        small.say(stream, std::string(100, 'x'));
    small.say(stream, "the last");
    auto const all = said(first);
    auto const back = connect();
    BOOST_TEST((small.resume(all.front().id, back.channel) == resumption::with_a_gap));
    auto const kept = said(back);
    BOOST_REQUIRE(!kept.empty());
    BOOST_TEST(kept.size() < 20u);
    BOOST_TEST(kept.back().data == "the last");
}

// docs/mcp.md, "Streams and sessions": 32 GET streams a session.
BOOST_AUTO_TEST_CASE(standalone_streams_are_bounded_by_those_that_are_read) {
    std::vector<sse::opened_stream> open_ones;
    for (std::size_t i = 0; i < mcp::session_streams::max_open; ++i) {
        open_ones.push_back(connect());
        open(kind::standalone, open_ones.back());
    }
    auto const more = connect();
    BOOST_TEST(!streams.open(kind::standalone, more.channel));
    BOOST_TEST(streams.open(kind::answer, more.channel).has_value());
    open_ones[3].channel->close();
    auto const next = connect();
    BOOST_TEST(streams.open(kind::standalone, next.channel).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_over_makes_room_before_what_waits_for_its_reader) {
    std::vector<sse::opened_stream> readers;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < mcp::session_streams::max_known; ++i) {
        readers.push_back(connect());
        auto const stream = streams.open(kind::answer, readers.back().channel, 1s).value();
        sse::decoder d;
        d.feed(test::run(io, readers.back().body->next()).value());
        ids.push_back(d.last_id());
        if (i == 7) streams.finish(stream);
    }
    readers[2].channel->close();
    auto const knows = [&](std::size_t i) {
        auto const back = connect();
        return streams.resume(ids[i], back.channel) != resumption::unknown;
    };
    auto const one = connect();
    BOOST_TEST(streams.open(kind::answer, one.channel).has_value());
    auto const two = connect();
    BOOST_TEST(streams.open(kind::answer, two.channel).has_value());
    auto const three = connect();
    BOOST_TEST(!streams.open(kind::answer, three.channel));  // all others are being read
    BOOST_TEST(!knows(7));
    BOOST_TEST(!knows(2));
    BOOST_TEST(knows(0));
}

// MCP 2025-11-25, Transports, "Multiple Connections": on only one of the connected streams.
BOOST_AUTO_TEST_CASE(news_go_to_the_newest_standalone_stream_that_is_read) {
    auto const answering = connect();
    open(kind::answer, answering);
    BOOST_TEST(!streams.tell("lost"));
    auto const older = connect();
    auto const newer = connect();
    open(kind::standalone, older);
    open(kind::standalone, newer);
    BOOST_TEST(streams.tell("a"));
    newer.channel->close();
    BOOST_TEST(streams.tell("b"));
    BOOST_TEST(texts(newer) == "a ");
    BOOST_TEST(texts(older) == "b ");
    BOOST_TEST(texts(answering) == "");
}

BOOST_AUTO_TEST_CASE(news_that_nobody_reads_wait_on_the_newest_standalone_stream) {
    auto const older = connect();
    auto const newer = connect();
    open(kind::standalone, older);
    auto const second = open(kind::standalone, newer);
    auto const seen = id_after(second, newer, "a");
    older.channel->close();
    BOOST_TEST(streams.tell("b"));
    auto const back = connect();
    BOOST_TEST((streams.resume(seen, back.channel) == resumption::complete));
    BOOST_TEST(texts(back) == "b ");
}

// The session has a new owner: what it hears from now on is not for the old one.
BOOST_AUTO_TEST_CASE(dropping_the_standalone_streams_leaves_the_answers_alone) {
    auto const listening = connect();
    auto const answering = connect();
    auto const stream = open(kind::standalone, listening);
    open(kind::answer, answering);
    streams.drop_standalone();
    BOOST_TEST(!listening.channel->is_open());
    BOOST_TEST(answering.channel->is_open());
    BOOST_TEST(streams.say(stream, "for who comes back"));
}

// MCP 2024-11-05, Transports, "HTTP with SSE": one stream, without ids.
BOOST_AUTO_TEST_CASE(the_plain_stream_has_no_ids_and_cannot_be_resumed) {
    BOOST_TEST(!streams.say_plainly("too early"));
    auto const only = connect();
    open(kind::plain, only);
    BOOST_TEST(!streams.tell("not here"));
    BOOST_TEST(streams.say_plainly("a"));
    auto const heard = said(only);
    BOOST_REQUIRE(heard.size() == 1u);
    BOOST_TEST(heard[0].data == "a");
    BOOST_TEST(heard[0].id == "");
    BOOST_TEST(!streams.say_plainly("too late"));
    auto const back = connect();
    BOOST_TEST((streams.resume(".1", back.channel) == resumption::unknown));
}

BOOST_AUTO_TEST_CASE(counts_as_open_only_what_is_read) {
    BOOST_TEST(!streams.any_open());
    auto const one = connect();
    open(kind::answer, one);
    BOOST_TEST(streams.any_open());
    one.channel->close();
    BOOST_TEST(!streams.any_open());
}

BOOST_AUTO_TEST_CASE(sealed_streams_end_and_none_is_opened_or_resumed) {
    auto const one = connect();
    auto const stream = open(kind::standalone, one);
    streams.say(stream, "a");
    streams.seal();
    BOOST_TEST(streams.is_sealed());
    BOOST_TEST(!one.channel->is_open());
    auto const seen = said(one).back().id;
    auto const back = connect();
    BOOST_TEST((streams.resume(seen, back.channel) == resumption::unknown));
    BOOST_TEST(!streams.open(kind::plain, back.channel));
    BOOST_TEST(!streams.say(stream, "b"));
    BOOST_TEST(!streams.tell("c"));
    BOOST_TEST(!streams.any_open());
}

BOOST_AUTO_TEST_SUITE_END()
