// Requests that talk before they answer: Streamable HTTP 2025-03-26 to 2025-11-25.
#include "mcp/transport/http/talking_fixture.hpp"

using test::error_of;
using test::parsed;
using test::text_in;
using test::text_of;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
namespace json = boost::json;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(mcp_talking, test::talking_fixture)

// MCP 2025-11-25, Transports, "Sending Messages to the Server": a request is answered by JSON or by
// a stream.
BOOST_AUTO_TEST_CASE(answers_by_json_when_there_is_nothing_to_say_before) {
    auto const id = ready();
    for (auto const* tool : {"nap", "quick"}) {
        auto const a = post(call(tool, R"({"ms":1})"), in(id));
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(a.header("Content-Type") == "application/json");
    }
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": notifications come before the
// response, then the stream ends.
BOOST_AUTO_TEST_CASE(answers_by_a_stream_when_there_is) {
    auto const a = post(call("count", R"({"n":2})"), in(ready("2025-06-18")));
    BOOST_TEST(a.status == 200u);
    auto const events = events_of(a);
    BOOST_REQUIRE(events.size() == 3u);
    BOOST_TEST(parsed(events[0].data).at("method").as_string() == "notifications/progress");
    BOOST_TEST(parsed(events[1].data).at("params").at("progress").as_int64() == 2);
    BOOST_TEST(parsed(events[2].data).at("id").as_int64() == 1);
    BOOST_TEST(text_in(events[2]) == "counted");
    BOOST_TEST(events[0].event == "message");
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": the stream begins with an id and an
// empty data field.
BOOST_AUTO_TEST_CASE(primes_the_client_to_come_back_from_2025_11_25_on) {
    auto const primed = post(call("count", R"({"n":1})"), in(ready()));
    auto const first = primed.body.substr(0, primed.body.find("\n\n"));
    BOOST_TEST(first.find("id: ") != std::string::npos);
    bool const empty_data =
        first.find("data: \n") != std::string::npos || first.ends_with("data: ");
    BOOST_TEST(empty_data);
    BOOST_TEST(first.find("retry: 1000") != std::string::npos);
    for (auto const* version : {"2025-03-26", "2025-06-18"}) {
        auto const plain = post(call("count", R"({"n":1})"), in(ready(version)));
        BOOST_TEST(plain.body.find("retry:") == std::string::npos);
        BOOST_TEST(events_of(plain).size() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(becomes_a_stream_when_it_takes_long) {
    change_policy([](mcp::policy& p) { p.stream_after = 5ms; });
    auto const a = post(call("nap", R"({"ms":30})"), in(ready("2025-06-18")));
    auto const events = events_of(a);
    BOOST_REQUIRE(events.size() == 1u);
    BOOST_TEST(text_in(events[0]) == "slept");
}

BOOST_AUTO_TEST_CASE(talks_without_sessions_too_but_cannot_be_resumed_or_ask) {
    stateless();
    auto const a = post(call("count", R"({"n":1})"), {{"MCP-Protocol-Version", "2025-11-25"}});
    auto const events = events_of(a);
    BOOST_REQUIRE(events.size() == 2u);
    BOOST_TEST(events[1].id.empty());
    BOOST_TEST(text_in(events[1]) == "counted");
    BOOST_TEST(text_of(post(call("ask"))).starts_with("-32603"));
    auto const hung_up = events_of(post(call("hang_up"), {{"MCP-Protocol-Version", "2025-11-25"}}));
    BOOST_TEST(text_in(hung_up.back()) == "counted");
}

BOOST_AUTO_TEST_CASE(refuses_by_http_while_it_can_and_by_a_message_when_it_is_too_late) {
    auto const id = ready("2025-06-18");
    BOOST_TEST(post(call("refuse"), in(id)).status == 403u);
    auto const late = events_of(post(call("refuse", R"({"late":true})"), in(id)));
    BOOST_REQUIRE(late.size() == 2u);
    auto const error = parsed(late[1].data).at("error");
    BOOST_TEST(error.at("message").as_string().find("403") != json::string::npos);
}

BOOST_AUTO_TEST_CASE(a_bug_in_a_tool_is_an_internal_error_of_that_request) {
    auto const id = ready("2025-06-18");
    BOOST_TEST(error_of(post(call("blow_up"), in(id))) == -32603);
    auto const late = events_of(post(call("blow_up", R"({"late":true})"), in(id)));
    BOOST_TEST(parsed(late.back().data).at("error").at("code").as_int64() == -32603);
    BOOST_TEST(text_of(post(call("quick"), in(id))) == "at once");
}

// MCP 2025-11-25, Cancellation, "Behavior Requirements": stop, and do not send a response.
BOOST_AUTO_TEST_CASE(a_cancelled_request_stops_and_gets_no_response) {
    auto const id = ready("2025-06-18");
    auto const r = open_call(id, call("count", R"({"n":1000,"gap":20})", R"("r-1")"));
    BOOST_TEST(events(*r.stream).size() == 1u);
    BOOST_TEST(cancel(id, R"("r-1")").status == 202u);
    for (auto const& e : rest(*r.stream))
        BOOST_TEST(!parsed(e.data).as_object().contains("id"));
    BOOST_TEST(post(call("quick", "{}", R"("r-1")"), in(id)).status == 200u);
}

// MCP 2025-11-25, Cancellation, "Error Handling": unknown, ended and malformed ones are ignored.
BOOST_AUTO_TEST_CASE(a_cancellation_of_nothing_is_ignored) {
    auto const id = ready();
    for (auto const* what : {"99", R"("no")", "null", "[]", "1.5"}) {
        BOOST_TEST(cancel(id, what).status == 202u);
    }
    BOOST_TEST(post(R"({"jsonrpc":"2.0","method":"notifications/cancelled"})", in(id)).status ==
               202u);
}

BOOST_AUTO_TEST_CASE(the_ids_7_and_7_in_quotes_are_two) {
    auto const id = ready("2025-06-18");
    auto const r = open_call(id, call("count", R"({"n":3,"gap":15})", "7"));
    BOOST_TEST(cancel(id, R"("7")").status == 202u);
    BOOST_TEST(text_in(rest(*r.stream).back()) == "counted");
}

BOOST_AUTO_TEST_CASE(nobody_else_cancels_a_request) {
    auto const id = ready("2025-06-18");
    auto const r = open_call(id, call("count", R"({"n":3,"gap":15})", "7"));
    token = "bob";
    BOOST_TEST(cancel(id, "7").status == 404u);
    auto const own = ready("2025-06-18");
    BOOST_TEST(cancel(own, "7").status == 202u);
    BOOST_TEST(text_in(rest(*r.stream).back()) == "counted");
}

// MCP 2025-11-25, Base Protocol, "Requests": the request id must not have been used before.
BOOST_AUTO_TEST_CASE(an_id_that_is_under_way_is_not_taken_twice) {
    auto const id = ready();
    auto const r = open_call(id, call("count", R"({"n":3,"gap":15})", "7"));
    for (auto const* tool : {"count", "quick"}) {
        auto const again = post(call(tool, "{}", "7"), in(id));
        BOOST_TEST(again.status == 400u);
        BOOST_TEST(error_of(again) == -32600);
    }
    BOOST_TEST(post(call("quick", "{}", "8"), in(id)).status == 200u);
    rest(*r.stream);
    BOOST_TEST(post(call("quick", "{}", "7"), in(id)).status == 200u);
}

BOOST_AUTO_TEST_CASE(requests_under_way_are_counted_and_bounded) {
    auto const id = ready("2025-06-18");
    std::vector<http::reply> open;
    for (int i = 0; i < 64; ++i)
        open.push_back(open_call(id, call("count", R"({"n":2,"gap":500})", std::to_string(i))));
    auto const refused = post(call("count", R"({"n":1})", "64"), in(id));
    BOOST_TEST(refused.status == 429u);
    BOOST_TEST(error_of(refused) == -32600);
}

BOOST_AUTO_TEST_CASE(a_request_under_way_keeps_its_session_and_delete_ends_it) {
    auto const id = ready("2025-06-18");
    auto r = open_call(id, call("count", R"({"n":1000,"gap":20})", "7"));
    b.clock.advance(2h);
    BOOST_TEST(server.sessions(*b.realm) == 1u);
    r.stream.reset();  // the peer leaves: the call goes on
    let_run(10ms);
    b.clock.advance(2h);
    BOOST_TEST(server.sessions(*b.realm) == 1u);
    BOOST_TEST(b.send(http::verb::delete_, "/mcp", "", with_token(in(id))).status == 204u);
    let_run(50ms);
    BOOST_TEST(b.io().stopped());  // nothing is left to do
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

// MCP 2025-11-25, Transports, "Multiple Connections": each message on only one of the streams,
// those of a request on its own.
BOOST_AUTO_TEST_CASE(of_many_streams_each_message_is_on_exactly_one) {
    auto const id = ready();
    std::vector<http::reply> streams;
    for (int i = 0; i < 3; ++i)
        streams.push_back(open_get(id));
    for (int i = 0; i < 5; ++i)
        streams.push_back(
            open_call(id, call("count", R"({"n":3,"gap":10})", std::to_string(i + 1))));
    let_run(100ms);
    for (int i = 0; i < 3; ++i)
        change_policy([&](mcp::policy& p) { p.fixtures = i % 2 == 0; });
    server.drop_sessions(*b.realm);
    std::map<std::string, int> said;
    for (std::size_t i = 0; i < streams.size(); ++i) {
        BOOST_REQUIRE(streams[i].stream);
        std::size_t messages = 0;
        for (auto const& e : rest(*streams[i].stream)) {
            if (e.data.empty()) continue;
            ++messages;
            ++said[e.id];
            auto const m = parsed(e.data).as_object();
            if (m.contains("id")) BOOST_TEST(m.at("id").as_int64() == static_cast<int>(i) - 2);
        }
        if (i >= 3) BOOST_TEST(messages == 4u);
    }
    // 5 calls with 3 words and an answer; two lists that changed three times.
    BOOST_TEST(said.size() == 5u * 4 + 2 * 3);
    for (auto const& [event, times] : said)
        BOOST_TEST(times == 1, event);
}

// MCP 2026-07-28, Transports, "Cancellation": closing the stream of a request cancels it.
BOOST_AUTO_TEST_CASE(a_modern_request_ends_when_its_peer_leaves) {
    auto r = open_modern("count", R"({"n":1000,"gap":20})");
    BOOST_REQUIRE(r.stream != nullptr);
    BOOST_TEST(events(*r.stream).size() == 1u);
    r.stream.reset();
    let_run(50ms);
    BOOST_TEST(b.io().stopped());
}

BOOST_AUTO_TEST_SUITE_END()
