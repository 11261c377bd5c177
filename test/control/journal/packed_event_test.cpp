#include "control/journal/packed_event.hpp"

#include <vector>

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;

namespace {

// As event_blocks keeps it.
class packed {
public:
    packed(event_draft const& e, std::string_view flow, std::uint64_t seq) {
        packing const p(e, flow);
        memory_.resize(p.size() / sizeof(line));
        p.write(at(), seq);
    }
    std::byte* at() { return memory_.data()->bytes; }
    packed_event event(delivery how = delivery::pending) { return packed_event(at(), how); }

private:
    struct alignas(16) line {
        std::byte bytes[16];
    };
    std::vector<line> memory_;
};

exchange_draft an_exchange() {
    exchange_draft x;
    x.request = {"POST /token", "Host: a\r\n", "grant", 500};
    x.response = {"200", "Date: b\r\n", "{}", 2};
    x.arrived = time_point(5s);
    x.peer = "127.0.0.1";
    x.streamed = true;
    return x;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packed_event_suite)

BOOST_AUTO_TEST_CASE(is_what_it_was_when_it_is_unpacked) {
    http::exchange_facts facts;
    facts.client_id = "me";
    facts.tool = "echo";
    facts.refused_by = "why";
    facts.faults = {"token.unavailable", "raw"};
    auto const x = an_exchange();
    event_draft d;
    d.time = time_point(7s);
    d.endpoint = "token";
    d.facts = &facts;
    d.of = 3;
    d.outcome = "ok";
    d.stream_data = "data";
    d.exchange = &x;
    auto const e = packed(d, "f1", 9).event().unpack();
    BOOST_TEST(e->seq == 9u);
    BOOST_TEST(e->of == 3u);
    BOOST_TEST((e->time == time_point(7s)));
    BOOST_TEST(e->endpoint == "token");
    BOOST_TEST(e->flow == "f1");
    BOOST_TEST(e->outcome == "ok");
    BOOST_TEST(e->stream_data == "data");
    BOOST_TEST(e->facts.client_id == "me");
    BOOST_TEST(e->facts.tool == "echo");
    BOOST_TEST(e->facts.refused_by == "why");
    BOOST_TEST(e->facts.faults == facts.faults, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(has_both_halves_of_its_exchange) {
    auto const x = an_exchange();
    event_draft d;
    d.exchange = &x;
    auto const e = packed(d, "f1", 1).event().unpack();
    BOOST_REQUIRE(e->exchange);
    auto const& got = *e->exchange;
    BOOST_TEST(got.request.start == "POST /token");
    BOOST_TEST(got.request.fields == "Host: a\r\n");
    BOOST_TEST(got.request.body == "grant");
    BOOST_TEST(got.request.body_size == 500u);
    BOOST_TEST(got.response.start == "200");
    BOOST_TEST(got.response.body_size == 2u);
    BOOST_TEST((got.arrived == time_point(5s)));
    BOOST_TEST(got.peer == "127.0.0.1");
    BOOST_TEST(got.streamed);
    BOOST_TEST((got.how == delivery::pending));
}

BOOST_AUTO_TEST_CASE(without_an_exchange_has_none) {
    event_draft d;
    d.type = event_type::login;
    auto p = packed(d, {}, 1);
    BOOST_TEST(!p.event().unpack()->exchange);
    BOOST_TEST((p.event().type() == event_type::login));
}

BOOST_AUTO_TEST_CASE(tells_single_texts_without_being_unpacked) {
    http::exchange_facts facts;
    facts.client_id = "me";
    event_draft d;
    d.endpoint = "token";
    d.facts = &facts;
    d.mcp_method = "tools/list";
    auto p = packed(d, "f1", 1);
    BOOST_TEST(p.event().text(event_text::endpoint) == "token");
    BOOST_TEST(p.event().text(event_text::client_id) == "me");
    BOOST_TEST(p.event().text(event_text::mcp_method) == "tools/list");
    BOOST_TEST(p.event().text(event_text::outcome) == "");
}

BOOST_AUTO_TEST_CASE(is_told_how_its_answer_got_away) {
    auto const x = an_exchange();
    event_draft d;
    d.exchange = &x;
    packed p(d, "f1", 1);
    BOOST_TEST((p.event(delivery::cut).unpack()->exchange->how == delivery::cut));
}

BOOST_AUTO_TEST_SUITE_END()
