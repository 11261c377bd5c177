// The event encoder: WHATWG HTML, section 9.2.
#include "sse/event.hpp"

#include <boost/test/unit_test.hpp>

#include "sse/decoder.hpp"

using namespace tollgate;

namespace {

std::string bytes_of(sse::event const& e) {
    auto const f = sse::encode(e);
    BOOST_REQUIRE_MESSAGE(f, "refused");
    return f->bytes();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sse_event)

BOOST_AUTO_TEST_CASE(writes_every_field_on_a_line_of_its_own_and_ends_with_an_empty_line) {
    sse::event e;
    e.event = "endpoint";
    e.id = "7";
    e.data = "/messages?sessionId=x";
    e.retry = std::chrono::milliseconds(1500);
    e.comment = "hello";
    BOOST_TEST(bytes_of(e) ==
               ": hello\nevent: endpoint\nid: 7\nretry: 1500\ndata: /messages?sessionId=x\n\n");
}

BOOST_AUTO_TEST_CASE(splits_data_at_every_kind_of_line_break) {
    sse::event e;
    e.data = "a\nb\r\nc\rd\n";
    BOOST_TEST(bytes_of(e) == "data: a\ndata: b\ndata: c\ndata: d\ndata: \n\n");
}

BOOST_AUTO_TEST_CASE(cannot_be_made_to_forge_an_event_by_what_the_data_says) {
    auto const f = sse::message("x\n\nevent: endpoint\ndata: http://evil.example\n\n");
    sse::decoder d;
    auto const got = d.feed(f.bytes());
    BOOST_REQUIRE(got.size() == 1);
    BOOST_TEST(got[0].event == "message");
    BOOST_TEST(got[0].data == "x\n\nevent: endpoint\ndata: http://evil.example\n\n");
}

BOOST_AUTO_TEST_CASE(writes_an_empty_data_line_for_a_priming_event) {
    sse::event e;
    e.id = "1";
    e.data = "";
    BOOST_TEST(bytes_of(e) == "id: 1\ndata: \n\n");
}

BOOST_AUTO_TEST_CASE(splits_a_comment_into_comment_lines) {
    BOOST_TEST(sse::comment("one\ndata: two").bytes() == ": one\n: data: two\n\n");
    BOOST_TEST(sse::comment("").bytes() == ":\n\n");
}

BOOST_AUTO_TEST_CASE(refuses_a_line_break_or_nul_in_the_name_and_the_id) {
    for (std::string const& bad :
         {std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3)}) {
        sse::event named;
        named.event = bad;
        named.data = "x";
        BOOST_TEST(!sse::encode(named).has_value());
        sse::event numbered;
        numbered.id = bad;
        numbered.data = "x";
        BOOST_TEST(!sse::encode(numbered).has_value());
    }
}

BOOST_AUTO_TEST_CASE(refuses_an_event_without_any_field_and_a_negative_retry) {
    BOOST_TEST(!sse::encode(sse::event()).has_value());
    sse::event e;
    e.retry = std::chrono::milliseconds(-1);
    BOOST_TEST(!sse::encode(e).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
