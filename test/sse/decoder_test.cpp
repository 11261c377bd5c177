// The event decoder: WHATWG HTML, section 9.2.6, "Interpreting an event stream".
#include "sse/decoder.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;

BOOST_AUTO_TEST_SUITE(sse_decoder)

BOOST_AUTO_TEST_CASE(reads_an_event_that_comes_byte_by_byte) {
    sse::decoder d;
    std::vector<sse::received> got;
    for (auto const c : std::string("event: endpoint\r\ndata: /m\r\nid: 3\r\n\r\n")) {
        for (auto& e : d.feed(std::string_view(&c, 1)))
            got.push_back(std::move(e));
    }
    BOOST_REQUIRE(got.size() == 1);
    BOOST_TEST(got[0].event == "endpoint");
    BOOST_TEST(got[0].data == "/m");
    BOOST_TEST(got[0].id == "3");
}

BOOST_AUTO_TEST_CASE(takes_cr_lf_and_crlf_as_line_ends_alike) {
    sse::decoder d;
    auto const got = d.feed("data: a\rdata: b\ndata: c\r\n\r\n");
    BOOST_REQUIRE(got.size() == 1);
    BOOST_TEST(got[0].data == "a\nb\nc");
}

BOOST_AUTO_TEST_CASE(ignores_a_byte_order_mark_at_the_start_only) {
    sse::decoder d;
    auto const got = d.feed(
        "\xEF\xBB\xBF"
        "data: a\n\n\xEF\xBB\xBF"
        "data: b\n\n");
    BOOST_REQUIRE(got.size() == 1);
    BOOST_TEST(got[0].data == "a");
}

BOOST_AUTO_TEST_CASE(drops_events_without_data_but_keeps_their_id) {
    sse::decoder d;
    auto const got = d.feed("event: x\nid: 9\n\ndata: y\n\n");
    BOOST_REQUIRE(got.size() == 1);
    BOOST_TEST(got[0].event == "message");
    BOOST_TEST(got[0].id == "9");
    BOOST_TEST(d.last_id() == "9");
}

BOOST_AUTO_TEST_CASE(ignores_an_id_with_nul_and_a_retry_that_is_no_number) {
    sse::decoder d;
    d.feed("id: 1\n\n");
    d.feed(std::string_view("id: 2\0x\nretry: -5\nretry: 7s\n\n", 28));
    BOOST_TEST(d.last_id() == "1");
    BOOST_TEST(!d.retry().has_value());
    d.feed("retry: 250\n");
    BOOST_TEST(d.retry()->count() == 250);
}

BOOST_AUTO_TEST_CASE(strips_one_leading_space_and_reads_a_line_without_colon_as_a_field_name) {
    sse::decoder d;
    auto const got = d.feed("data:  two spaces\ndata\nunknown: x\n\n");
    BOOST_REQUIRE(got.size() == 1);
    BOOST_TEST(got[0].data == " two spaces\n");
}

BOOST_AUTO_TEST_CASE(counts_comments_and_takes_nothing_from_them) {
    sse::decoder d;
    BOOST_TEST(d.feed(":\n\n: data: x\n\n").empty());
    BOOST_TEST(d.comments() == 2u);
}

BOOST_AUTO_TEST_CASE(fails_on_an_event_larger_than_its_limit) {
    sse::decoder d(16);
    BOOST_TEST(d.feed("data: 0123456789abcdef\n\n").empty());
    BOOST_TEST(d.failed());
    BOOST_TEST(d.feed("data: x\n\n").empty());
}

BOOST_AUTO_TEST_SUITE_END()
