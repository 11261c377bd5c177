// WHATWG HTML, "Server-sent events": the examples of 9.2.6, and what its grammar says of bytes.
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "sse/decoder.hpp"
#include "sse/event.hpp"

using namespace tollgate;

namespace {

// "type|data|id" of each event, parted by "; ".
std::string told(std::vector<sse::received> const& events) {
    std::string all;
    for (auto const& e : events)
        all += (all.empty() ? "" : "; ") + e.event + '|' + e.data + '|' + e.id;
    return all;
}

std::string read(std::string_view stream) {
    sse::decoder d;
    return told(d.feed(stream));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sse_interpretation)

// WHATWG HTML, 9.2.6: "YHOO": three lines of data are one text with two line feeds
BOOST_AUTO_TEST_CASE(joins_the_lines_of_data) {
    BOOST_TEST(read("data: YHOO\ndata: +2\ndata: 10\n\n") == "message|YHOO\n+2\n10|");
}

// WHATWG HTML, 9.2.6: four blocks; the second sets the id, the third takes it back, the last is cut
BOOST_AUTO_TEST_CASE(keeps_an_id_until_another_block_changes_it) {
    BOOST_TEST(read(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
                    "data:  third event\n") == "message|first event|1; message|second event|");
}

// WHATWG HTML, 9.2.6: two events of "" and of "\n", and a block that nothing ends
BOOST_AUTO_TEST_CASE(fires_for_empty_data_and_not_for_an_unfinished_block) {
    BOOST_TEST(read("data\n\ndata\ndata\n\ndata:") == "message||; message|\n|");
}

// WHATWG HTML, 9.2.6: "the space after the colon is ignored if present"
BOOST_AUTO_TEST_CASE(ignores_one_space_after_the_colon) {
    BOOST_TEST(read("data:test\n\ndata: test\n\n") == "message|test|; message|test|");
}

// WHATWG HTML, 9.2.6: the last event id goes on with events that name none
BOOST_AUTO_TEST_CASE(gives_an_event_without_an_id_the_last_one) {
    BOOST_TEST(read("id: 7\ndata: a\n\ndata: b\n\nid: 8\ndata: c\n\n") ==
               "message|a|7; message|b|7; message|c|8");
}

// WHATWG HTML, 9.2.6: an id counts when its block is dispatched
BOOST_AUTO_TEST_CASE(forgets_the_id_of_a_block_that_is_cut) {
    sse::decoder d;
    d.feed("id: 1\ndata: a\n\nid: 2\ndata: b\n");
    BOOST_TEST(d.last_id() == "1");
    d.feed("\n");
    BOOST_TEST(d.last_id() == "2");
}

// WHATWG HTML, 9.2.6: the event type is of its block alone
BOOST_AUTO_TEST_CASE(takes_the_last_name_of_a_block_and_none_from_the_one_before) {
    BOOST_TEST(read("event: a\nevent: b\ndata: 1\n\ndata: 2\n\n") == "b|1|; message|2|");
    BOOST_TEST(read("event: a\nevent\ndata: 1\n\n") == "message|1|");
}

// WHATWG HTML, 9.2.6: field names are compared literally, with no case folding
BOOST_AUTO_TEST_CASE(ignores_fields_of_any_other_name) {
    BOOST_TEST(read("Data: x\nDATA: x\n data: x\ndata : x\ndatax: x\nevent : y\n\ndata: 1\n\n") ==
               "message|1|");
}

// WHATWG HTML, 9.2.5: a line may hold colons, and a comment begins with one
BOOST_AUTO_TEST_CASE(parts_a_line_at_its_first_colon) {
    BOOST_TEST(read("data: http://localhost:9101/\n:data: no\n::\ndata::\n\n") ==
               "message|http://localhost:9101/\n:|");
}

// WHATWG HTML, 9.2.6: retry is ASCII digits and nothing else
BOOST_AUTO_TEST_CASE(takes_a_retry_of_digits_alone) {
    for (std::string const bad :
         {"", "+5", "-0", "5.0", "5 ", " 5", "0x5", "1e3", "\xd9\xa5", "99999999999999999999"}) {
        sse::decoder d;
        d.feed("retry: 100\nretry: " + bad + "\n");
        BOOST_REQUIRE_MESSAGE(d.retry().has_value(), bad);
        BOOST_TEST(d.retry()->count() == 100, bad);
    }
    sse::decoder d;
    d.feed("retry:0\n");
    BOOST_TEST(d.retry()->count() == 0);
}

// WHATWG HTML, 9.2.5: CR LF is one line end, however the bytes arrive; LF CR is two
BOOST_AUTO_TEST_CASE(reads_the_same_wherever_a_piece_ends) {
    std::string const stream =
        "\xEF\xBB\xBF: hi\r\ndata: a\r\rdata: b\n\nid: 3\r\ndata: c\n\rdata: d\r\n\r\n";
    auto const whole = read(stream);
    BOOST_TEST(whole == "message|a|; message|b|; message|c|3; message|d|3");
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        sse::decoder d;
        auto events = d.feed(std::string_view(stream).substr(0, cut));
        for (auto& e : d.feed(std::string_view(stream).substr(cut)))
            events.push_back(std::move(e));
        BOOST_TEST(told(events) == whole, "cut at " << cut);
    }
}

BOOST_AUTO_TEST_CASE(takes_an_event_of_exactly_its_limit) {
    sse::decoder d(16);
    BOOST_TEST(told(d.feed("data: 0123456789\n\n")) == "message|0123456789|");
    BOOST_TEST(told(d.feed("data: 0123456789\n\n")) == "message|0123456789|");  // each anew
    BOOST_TEST(!d.failed());
}

BOOST_AUTO_TEST_CASE(gives_what_was_complete_before_an_event_grew_too_large) {
    sse::decoder d(16);
    auto const got = d.feed("data: good\n\ndata: 0123456789abcdef\n\ndata: x\n\n");
    BOOST_TEST(told(got) == "message|good|");
    BOOST_TEST(d.failed());
}

// Memory stays bounded whether it is one long line or many short ones.
BOOST_AUTO_TEST_CASE(adds_up_the_lines_of_one_event) {
    sse::decoder d(100);
    for (int i = 0; i < 100 && !d.failed(); ++i)
        d.feed("data: 123456789\n");
    BOOST_TEST(d.failed());
    sse::decoder comments(100);
    for (int i = 0; i < 100; ++i)
        comments.feed(": 123456789\n");
    BOOST_TEST(!comments.failed());  // nothing is kept of them
    BOOST_TEST(comments.comments() == 100u);
}

// What encode() writes, a reader reads: spaces, colons, marks and line ends of every kind.
BOOST_AUTO_TEST_CASE(reads_what_the_encoder_writes) {
    for (std::string const data :
         {"", " ", "  two", ":", ": x", "data: x", "\n", "\n\n", "a\n", "\na", "\xEF\xBB\xBF",
          "\xEF\xBB\xBFx", "{\"a\":\"b\\n\"}", "\t", "\xe2\x80\xa8"}) {
        sse::event e;
        e.event = " odd: name ";
        e.id = " 1:2 ";
        e.data = data;
        e.comment = "a\ndata: forged\n\nevent: forged";
        BOOST_TEST(read(sse::encode(e)->bytes()) == " odd: name |" + data + "| 1:2 ", data);
    }
}

// WHATWG HTML, 9.2.6: an empty id sets the last event id to the empty string
BOOST_AUTO_TEST_CASE(takes_the_last_event_id_back_with_an_empty_one) {
    sse::event e;
    e.id = "";
    e.data = "x";
    sse::decoder d;
    d.feed("id: 7\n\n");
    BOOST_TEST(told(d.feed(sse::encode(e)->bytes())) == "message|x|");
}

BOOST_AUTO_TEST_CASE(writes_the_longest_retry_in_digits) {
    sse::event e;
    e.retry = std::chrono::milliseconds(INT64_MAX);
    sse::decoder d;
    BOOST_TEST(d.feed(sse::encode(e)->bytes()).empty());
    BOOST_TEST((d.retry() == e.retry));
}

BOOST_AUTO_TEST_SUITE_END()
