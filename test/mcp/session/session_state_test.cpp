// What one session remembers of its client, and how it ends.
#include "mcp/session/session.hpp"

#include "mcp/server/fixture.hpp"

namespace http = tollgate::http;
namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
using mcp::session_binding;
using mcp::transport;
using kind = mcp::session_streams::kind;

namespace {

struct fixture {
    boost::asio::io_context io;
    test::fake_guard guard;
    mcp::session s{"0123456789", transport::streamable_http, mcp::revision::v2025_06_18, nullptr,
                   4096};

    sse::opened_stream connect(mcp::session& to, kind k) {
        auto opened = sse::open_stream(io.get_executor(), {});
        BOOST_REQUIRE(to.streams.open(k, opened.channel).has_value());
        return opened;
    }
    sse::received told(sse::opened_stream const& c) {
        sse::decoder d;
        auto const got = d.feed(test::run(io, c.body->next()).value());
        BOOST_REQUIRE(got.size() == 1u);
        return got[0];
    }
};

json::object object(char const* text) {
    return json::parse(text).as_object();
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_session_state, fixture)

BOOST_AUTO_TEST_CASE(knows_nothing_of_its_client_before_initialize) {
    BOOST_REQUIRE(s.client());
    BOOST_TEST(s.client()->capabilities.empty());
    BOOST_TEST(s.client()->info.empty());
    BOOST_TEST(!s.log_level().has_value());
    BOOST_TEST(!s.initialized());
    BOOST_TEST(!s.in_use());
}

BOOST_AUTO_TEST_CASE(a_profile_that_is_being_read_stays_as_it_was) {
    mcp::client_profile first;
    first.capabilities = object(R"({"roots":{}})");
    s.set_client(first);
    auto const held = s.client();
    mcp::client_profile second;
    second.capabilities = object(R"({"sampling":{}})");
    s.set_client(second);
    BOOST_TEST(held->capabilities.contains("roots"));
    BOOST_TEST(s.client()->capabilities.contains("sampling"));
}

BOOST_AUTO_TEST_CASE(the_newest_log_level_counts) {
    s.set_log_level(mcp::logging_level::error);
    s.set_log_level(mcp::logging_level::debug);
    BOOST_TEST((s.log_level() == mcp::logging_level::debug));
}

// What a client may make a server keep has a bound.
BOOST_AUTO_TEST_CASE(takes_a_bounded_number_of_subscriptions) {
    for (std::size_t i = 0; i < mcp::session::max_subscriptions; ++i)
        BOOST_REQUIRE(s.subscribe("test://" + std::to_string(i)));
    BOOST_TEST(!s.subscribe("test://more"));
    BOOST_TEST(!s.subscribed("test://more"));
    BOOST_TEST(s.subscribe("test://7"));  // it is one of them already
    s.unsubscribe("test://7");
    BOOST_TEST(!s.subscribed("test://7"));
    BOOST_TEST(s.subscribe("test://more"));
}

BOOST_AUTO_TEST_CASE(unsubscribing_from_what_was_never_subscribed_to_changes_nothing) {
    BOOST_TEST(s.subscribe("test://a"));
    s.unsubscribe("test://b");
    BOOST_TEST(s.subscribed("test://a"));
}

// MCP 2025-11-25, Transports, "Resumability and Redelivery": events of Streamable HTTP have ids.
// MCP 2024-11-05, Transports, "HTTP with SSE": those of HTTP+SSE have none.
BOOST_AUTO_TEST_CASE(tells_news_in_the_form_of_its_transport) {
    auto const numbered = connect(s, kind::standalone);
    BOOST_TEST(s.tell("notifications/x", object(R"({"a":1})")));
    auto const event = told(numbered);
    BOOST_TEST(!event.id.empty());
    BOOST_TEST(test::parsed(event.data) ==
               test::parsed(R"({"jsonrpc":"2.0","method":"notifications/x","params":{"a":1}})"));
    mcp::session older("x", transport::sse, mcp::revision::v2024_11_05, nullptr, 4096);
    auto const plain = connect(older, kind::plain);
    BOOST_TEST(older.tell("notifications/x", {}));
    BOOST_TEST(told(plain).id == "");
}

BOOST_AUTO_TEST_CASE(tells_nobody_where_no_stream_was_ever_opened) {
    BOOST_TEST(!s.tell("notifications/x", {}));
    auto const answering = connect(s, kind::answer);
    BOOST_TEST(!s.tell("notifications/x", {}));
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_read_is_a_use) {
    auto const stream = connect(s, kind::standalone);
    BOOST_TEST(s.in_use());
    stream.channel->close();
    BOOST_TEST(!s.in_use());
}

// MCP, Security Best Practices, "Session Hijacking": bound to who opened it.
BOOST_AUTO_TEST_CASE(adoption_by_token_binds_to_the_first_token_that_comes) {
    auto const first = guard.credential_for("alice@app#1");
    auto const second = guard.credential_for("alice@app#2");
    BOOST_TEST(s.admits(nullptr, session_binding::token));
    BOOST_TEST(s.admits(&first, session_binding::token));
    BOOST_TEST(!s.admits(&second, session_binding::token));
    BOOST_TEST(!s.admits(nullptr, session_binding::token));
}

// What was opened as nobody must not hear what the adopter's requests bring about.
BOOST_AUTO_TEST_CASE(adoption_ends_the_streams_that_anybody_may_have_opened) {
    auto const listening = connect(s, kind::standalone);
    auto const answering = connect(s, kind::answer);
    auto const alice = guard.credential_for("alice");
    BOOST_TEST(s.admits(&alice, session_binding::principal));
    BOOST_TEST(!listening.channel->is_open());
    BOOST_TEST(answering.channel->is_open());
    auto const again = connect(s, kind::standalone);
    BOOST_TEST(s.admits(&alice, session_binding::principal));
    BOOST_TEST(again.channel->is_open());
}

BOOST_AUTO_TEST_CASE(an_ended_session_takes_no_request_and_no_stream) {
    auto const stream = connect(s, kind::standalone);
    s.end();
    s.end();
    BOOST_TEST(!stream.channel->is_open());
    BOOST_TEST((s.calls.add({"1"}, {}) == mcp::call_table::added::over));
    BOOST_TEST(!s.tell("notifications/x", {}));
    auto const more = sse::open_stream(io.get_executor(), {});
    BOOST_TEST(!s.streams.open(kind::standalone, more.channel));
    BOOST_TEST(!s.in_use());
}

BOOST_AUTO_TEST_CASE(the_label_of_a_short_id_is_that_id) {
    BOOST_TEST(mcp::session_label("abc") == "abc");
    BOOST_TEST(mcp::session_label("") == "");
}

BOOST_AUTO_TEST_SUITE_END()
