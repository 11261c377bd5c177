// mcp.answers: the form in which requests of Streamable HTTP are answered.
#include "mcp/server/modern_fixture.hpp"
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

namespace {

constexpr char event_stream[] = "text/event-stream";

std::string method_in(sse::received const& e) {
    auto const m = parsed(e.data);
    auto const* const method = m.as_object().if_contains("method");
    return method != nullptr ? std::string(method->as_string()) : std::string();
}

bool primes(std::string const& stream) {
    auto const first = stream.substr(0, stream.find("\n\n"));
    bool const empty = first.find("data: \n") != std::string::npos || first.ends_with("data: ");
    return empty && first.find("id: ") != std::string::npos;
}

struct streaming : test::talking_fixture {
    streaming() { take(mcp::answer_form::stream); }

    void take(mcp::answer_form f) {
        change_policy([f](mcp::policy& p) { p.answers = f; });
    }
    // Without the event that only primes.
    std::vector<sse::received> messages_of(test::answer const& a) {
        auto events = events_of(a);
        std::erase_if(events, [](sse::received const& e) { return e.data.empty(); });
        return events;
    }
    void listen_from(std::string const& session, std::string const& level) {
        post(request("logging/setLevel", R"({"level":")" + level + R"("})"), in(session));
    }
};

struct json_alone : streaming {
    json_alone() { take(mcp::answer_form::json); }
};

struct modern_streaming : test::modern {
    modern_streaming() {
        change_policy([](mcp::policy& p) { p.answers = mcp::answer_form::stream; });
    }
    std::vector<sse::received> sent() {
        auto const a = send();
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(a.header("Content-Type") == event_stream);
        sse::decoder d;
        return d.feed(a.body);
    }
};

constexpr char level_key[] = "io.modelcontextprotocol/logLevel";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_answers_stream, streaming)

// MCP 2025-11-25, Transports, "Sending Messages to the Server": an event with an id and no data
// first, and the session's id in the header as ever
BOOST_AUTO_TEST_CASE(answers_initialize_by_a_stream_that_is_primed_and_says_nothing_else_before) {
    auto const a = post(initialize());
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(!a.header("Mcp-Session-Id").empty());
    BOOST_TEST(primes(a.body));
    auto const events = messages_of(a);
    BOOST_REQUIRE(events.size() == 1u);
    BOOST_TEST(parsed(events[0].data).at("result").at("protocolVersion").as_string() ==
               "2025-11-25");
    auto const older = post(initialize("2025-06-18"));
    BOOST_TEST(!primes(older.body));
    BOOST_TEST(messages_of(older).size() == 1u);
}

// MCP 2025-11-25, Logging: "servers MAY send" before a level is set; none below the one that is
BOOST_AUTO_TEST_CASE(tells_a_log_message_before_every_answer_that_the_client_may_get_one_before) {
    auto const id = ready();
    for (auto const* method : {"ping", "tools/list", "resources/list", "prompts/list"}) {
        auto const a = post(request(method), in(id));
        BOOST_TEST(primes(a.body), method);
        auto const events = messages_of(a);
        BOOST_REQUIRE(events.size() == 2u);
        BOOST_TEST(method_in(events[0]) == "notifications/message", method);
        BOOST_TEST(parsed(events[0].data).at("params").at("level").as_string() == "info");
        BOOST_TEST(parsed(events[1].data).at("id").as_int64() == 1);
        BOOST_TEST(parsed(events[1].data).as_object().contains("result"), method);
    }
    listen_from(id, "error");
    BOOST_TEST(messages_of(post(request("ping"), in(id))).size() == 1u);
    listen_from(id, "debug");
    BOOST_TEST(messages_of(post(request("ping"), in(id))).size() == 2u);
}

BOOST_AUTO_TEST_CASE(answers_errors_and_calls_by_a_stream_as_well) {
    auto const id = ready("2025-06-18");
    auto const unknown = messages_of(post(request("no/such"), in(id)));
    BOOST_REQUIRE(unknown.size() == 2u);
    BOOST_TEST(parsed(unknown[1].data).at("error").at("code").as_int64() == -32601);
    auto const without = post(request("initialize", "{}"));
    BOOST_TEST(parsed(messages_of(without).at(0).data).at("error").at("code").as_int64() == -32602);
    for (auto const* tool : {"quick", "nap", "count"}) {
        auto const events = messages_of(post(call(tool), in(id)));
        BOOST_REQUIRE(events.size() == 2u);
        BOOST_TEST(method_in(events[0]) == "notifications/message", tool);
    }
    auto const talks = messages_of(post(call("count", R"({"n":1})"), in(id)));
    BOOST_REQUIRE(talks.size() == 3u);
    BOOST_TEST(text_in(talks[2]) == "counted");
}

// What is refused by HTTP is refused by HTTP: a status says more than an event.
BOOST_AUTO_TEST_CASE(leaves_what_is_no_answer_to_a_request_as_it_is) {
    auto const id = ready();
    BOOST_TEST(post(call("refuse"), in(id)).status == 403u);
    auto const nobody = post(request("ping"), in("no such session"));
    BOOST_TEST(nobody.status == 404u);
    BOOST_TEST(nobody.header("Content-Type") == "application/json");
    BOOST_TEST(post("{", in(id)).header("Content-Type") == "application/json");
    auto const noted = post(R"({"jsonrpc":"2.0","method":"notifications/x"})", in(id));
    BOOST_TEST(noted.status == 202u);
    BOOST_TEST(noted.body.empty());
}

// MCP 2025-03-26, Transports, "Sending Messages to the Server": one response per request
BOOST_AUTO_TEST_CASE(answers_a_batch_by_a_stream) {
    auto const id = ready("2025-03-26");
    auto const a =
        post("[" + request("ping", "", "1") + "," + request("ping", "", "2") + ",7]", in(id));
    std::size_t answers = 0;
    std::size_t logs = 0;
    for (auto const& e : messages_of(a))
        ++(method_in(e).empty() ? answers : logs);
    BOOST_TEST(answers == 3u);
    BOOST_TEST(logs == 2u);
    constexpr char note[] = R"([{"jsonrpc":"2.0","method":"notifications/x"}])";
    BOOST_TEST(post(note, in(id)).status == 202u);
    auto const wrong = post("[7]", in(id));
    BOOST_TEST(wrong.header("Content-Type") == event_stream);
}

// MCP 2025-11-25, Transports, "Resumability and Redelivery"
BOOST_AUTO_TEST_CASE(an_answer_that_was_lost_can_be_fetched_again) {
    auto const id = ready();
    auto const a = post(request("ping"), in(id));
    auto const line = a.body.substr(a.body.find("id: ") + 4);
    auto const again = open_get(id, line.substr(0, line.find('\n')));
    auto const events = rest(*again.stream);
    BOOST_REQUIRE(events.size() == 2u);
    BOOST_TEST(parsed(events[1].data).at("id").as_int64() == 1);
}

// Nothing declares logging there, and there is nothing to come back to.
BOOST_AUTO_TEST_CASE(without_sessions_the_answer_stands_alone) {
    stateless();
    auto const a = post(request("ping"), {{"MCP-Protocol-Version", "2025-11-25"}});
    auto const events = messages_of(a);
    BOOST_REQUIRE(events.size() == 1u);
    BOOST_TEST(events[0].id.empty());
    BOOST_TEST(messages_of(post(initialize())).size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(mcp_answers_json, json_alone)

// MCP 2025-11-25, Transports: either form may answer; the client is never left without one
BOOST_AUTO_TEST_CASE(drops_what_would_come_before_the_answer) {
    auto const id = ready();
    auto const a = post(call("count", R"({"n":3})"), in(id));
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(text_of(a) == "counted");
    auto const hung_up = post(call("hang_up"), in(id));
    BOOST_TEST(hung_up.header("Content-Type") == "application/json");
    BOOST_TEST(text_of(hung_up) == "counted");
}

BOOST_AUTO_TEST_CASE(waits_for_an_answer_that_takes_long) {
    change_policy([](mcp::policy& p) { p.stream_after = 1ms; });
    auto const a = post(call("nap", R"({"ms":30})"), in(ready()));
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(text_of(a) == "slept");
}

// MCP 2025-11-25, Transports, "Listening for Messages from the Server": what comes on the GET
// stream SHOULD be unrelated to any request that runs
BOOST_AUTO_TEST_CASE(tells_a_tool_that_asks_the_client_why_it_cannot) {
    auto const id = ready();
    auto const listening = open_get(id);
    auto const a = post(call("ask"), in(id));
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(text_of(a).starts_with("-32603"));
    BOOST_TEST(text_of(a).find("mcp.answers") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(answers_a_batch_whose_call_talks_by_one_array) {
    auto const id = ready("2025-03-26");
    auto const a =
        post("[" + call("count", R"({"n":2})", "1") + "," + request("ping", "", "2") + "]", in(id));
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(a.json().as_array().size() == 2u);
}

// HTTP+SSE has no choice: all its answers are events.
BOOST_AUTO_TEST_CASE(leaves_the_older_transport_alone) {
    auto const opened = b.raw(http::verb::get, "/sse", "", with_token({{"Accept", event_stream}}));
    auto const where = events(*opened.stream).at(0).data;
    auto const said = [&](std::string const& body) {
        BOOST_TEST(b.post_json(where, body, with_token({})).status == 202u);
    };
    said(initialize("2024-11-05"));
    events(*opened.stream);
    said(call("count", R"({"n":1})"));
    BOOST_TEST(method_in(events(*opened.stream).at(0)) == "notifications/progress");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(mcp_answers_modern, modern_streaming)

// MCP 2026-07-28, Logging: no log message without a level in the request's own _meta
BOOST_AUTO_TEST_CASE(streams_the_answer_and_logs_only_to_who_asked_for_it) {
    auto const alone = sent();
    BOOST_REQUIRE(alone.size() == 1u);
    BOOST_TEST(alone[0].id.empty());
    BOOST_TEST(parsed(alone[0].data).at("id") == id);
    (*meta)[level_key] = "info";
    auto const logged = sent();
    BOOST_REQUIRE(logged.size() == 2u);
    BOOST_TEST(method_in(logged[0]) == "notifications/message");
    (*meta)[level_key] = "warning";
    BOOST_TEST(sent().size() == 1u);
    meta->erase(level_key);
    calls("echo", {{"message", "hi"}});
    BOOST_TEST(text_in(sent().back()) == "hi");
}

// MCP 2026-07-28, Transports, "Protocol Version Header": 404 with a JSON-RPC error
BOOST_AUTO_TEST_CASE(leaves_errors_that_have_a_status_of_their_own_to_json) {
    (*meta)[level_key] = "debug";
    method = "no/such";
    headers = {{"MCP-Protocol-Version", "2026-07-28"}};
    auto const a = send();
    BOOST_TEST(a.status == 404u);
    BOOST_TEST(a.header("Content-Type") == "application/json");
    BOOST_TEST(error_of(a) == -32601);
}

BOOST_AUTO_TEST_CASE(leaves_the_stream_of_a_subscription_as_it_is) {
    method = "subscriptions/listen";
    params = {{"notifications", json::object{{"toolsListChanged", true}}}};
    headers = {{"MCP-Protocol-Version", "2026-07-28"}};
    auto const opened = stream();
    BOOST_REQUIRE(opened.stream != nullptr);
    BOOST_TEST(method_in(events(*opened.stream).at(0)) ==
               "notifications/subscriptions/acknowledged");
}

BOOST_AUTO_TEST_SUITE_END()
