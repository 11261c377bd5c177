// HTTP+SSE, revision 2024-11-05.
#include "mcp/server/fixture.hpp"

using test::error_of;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

struct fixture : test::mcp_fixture {
    http::reply open(test::fields headers = {}) {
        return b.raw(http::verb::get, "/sse", "", with_token(std::move(headers)));
    }
    // Where to send messages, as the first event says.
    std::string endpoint_of(http::reply const& r) {
        BOOST_REQUIRE(r.stream);
        auto const first = events(*r.stream).at(0);
        BOOST_TEST(first.event == "endpoint");
        return first.data;
    }
    test::answer send(std::string const& where, std::string const& body,
                      test::fields headers = {}) {
        headers.emplace_back("Accept", "*/*");
        return b.post_json(where, body, with_token(std::move(headers)));
    }
    json::value next(http::reply const& r) {
        auto const e = events(*r.stream).at(0);
        BOOST_TEST(e.event == "message");
        return test::parsed(e.data);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_legacy_sse, fixture)

// "HTTP with SSE": the server MUST send an endpoint event when a client connects.
BOOST_AUTO_TEST_CASE(the_stream_begins_with_a_relative_endpoint) {
    auto const r = open();
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.headers.get("Content-Type") == "text/event-stream");
    auto const where = endpoint_of(r);
    BOOST_TEST(where.starts_with("/messages?sessionId="), where);
}

BOOST_AUTO_TEST_CASE(the_endpoint_stands_below_the_base_of_a_path_realm) {
    b.where.base = "/r/alpha";
    BOOST_TEST(endpoint_of(open()).starts_with("/r/alpha/messages?sessionId="));
}

BOOST_AUTO_TEST_CASE(answers_come_on_the_stream_and_the_post_is_202) {
    auto const r = open();
    auto const where = endpoint_of(r);
    auto const accepted = send(where, initialize("2024-11-05"));
    BOOST_TEST(accepted.status == 202u);
    BOOST_TEST(accepted.body == "Accepted");
    auto const hello = next(r);
    BOOST_TEST(hello.at("result").at("protocolVersion").as_string() == "2024-11-05");
    BOOST_TEST(send(where, R"({"jsonrpc":"2.0","method":"notifications/initialized"})").status ==
               202u);
    send(where, tool_call("echo_tool", R"({"message":"Hello from Inspector!"})"));
    BOOST_TEST(next(r).at("result").at("content").at(0).at("text").as_string() ==
               "Server received via SSE: Hello from Inspector!");
}

BOOST_AUTO_TEST_CASE(speaks_whatever_legacy_revision_was_negotiated) {
    auto const r = open();
    auto const where = endpoint_of(r);
    send(where, initialize("2025-11-25"));
    BOOST_TEST(next(r).at("result").at("protocolVersion").as_string() == "2025-11-25");
    send(where, tool_call("whoami", "{}"), {{"MCP-Protocol-Version", "2025-11-25"}});
    auto const who = next(r).at("result").at("structuredContent");
    BOOST_TEST(who.at("transport").as_string() == "sse");
    BOOST_TEST(who.at("protocol_version").as_string() == "2025-11-25");
    BOOST_TEST(send(where, request("ping"), {{"MCP-Protocol-Version", "1.0"}}).status == 400u);
}

BOOST_AUTO_TEST_CASE(errors_of_json_rpc_come_on_the_stream_too) {
    auto const r = open();
    auto const where = endpoint_of(r);
    send(where, request("nonsense"));
    BOOST_TEST(next(r).at("error").at("code").as_int64() == -32601);
    send(where, request("initialize", "{}"));
    BOOST_TEST(next(r).at("error").at("code").as_int64() == -32602);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_refused_by_http) {
    auto const where = endpoint_of(open());
    auto const r = open();
    auto const there = endpoint_of(r);
    BOOST_TEST(error_of(send(there, "{")) == -32700);
    BOOST_TEST(send(there, "{").status == 400u);
    BOOST_TEST(error_of(send(there, R"({"jsonrpc":"2.0"})")) == -32600);
    auto const plain = b.send(http::verb::post, there, request("ping"),
                              with_token({{"Content-Type", "text/plain"}}));
    BOOST_TEST(plain.status == 415u);
}

BOOST_AUTO_TEST_CASE(a_missing_session_is_400_and_an_unknown_one_404) {
    BOOST_TEST(send("/messages", request("ping")).status == 400u);
    BOOST_TEST(send("/messages?sessionId=", request("ping")).status == 400u);
    BOOST_TEST(send("/messages?sessionId=%zz", request("ping")).status == 400u);
    BOOST_TEST(send("/messages?sessionId=unknown", request("ping")).status == 404u);
}

BOOST_AUTO_TEST_CASE(somebody_elses_session_looks_like_one_that_never_was) {
    auto const r = open();
    auto const where = endpoint_of(r);
    token = "bob";
    auto const foreign = send(where, tool_call("whoami", "{}"));
    auto const unknown = send("/messages?sessionId=never-was", tool_call("whoami", "{}"));
    BOOST_TEST(foreign.status == 404u);
    BOOST_TEST(foreign.body == unknown.body);
    BOOST_TEST(foreign.headers.size() == unknown.headers.size());
}

// Seed 000: the token of POST must be the one that opened the stream.
BOOST_AUTO_TEST_CASE(with_token_binding_only_the_very_token_may_post) {
    change_policy([](mcp::policy& p) { p.binding = mcp::session_binding::token; });
    token = "alice@app#1";
    auto const r = open();
    auto const where = endpoint_of(r);
    token = "alice@app#2";
    BOOST_TEST(send(where, request("ping")).status == 404u);
    token = "alice@app#1";
    BOOST_TEST(send(where, request("ping")).status == 202u);
}

BOOST_AUTO_TEST_CASE(a_session_of_streamable_http_is_none_here_and_the_other_way_round) {
    auto const id = begin();
    BOOST_TEST(send("/messages?sessionId=" + id, request("ping")).status == 404u);
    auto const r = open();
    auto const where = endpoint_of(r);
    auto const mine = where.substr(where.find('=') + 1);
    BOOST_TEST(post(request("ping"), in(mine)).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_long_answer_comes_whole) {
    auto const r = open();
    auto const where = endpoint_of(r);
    std::string const text(2 << 20, 'x');
    BOOST_TEST(send(where, tool_call("echo", R"({"message":")" + text + "\"}")).status == 202u);
    sse::decoder d(8 << 20);
    auto const got = d.feed(test::run(b.io(), r.stream->next()).value());
    BOOST_REQUIRE(got.size() == 1u);
    BOOST_TEST((got[0].data.find(text) != std::string::npos));
}

BOOST_AUTO_TEST_CASE(a_quiet_stream_is_kept_alive_by_comments) {
    change_policy([](mcp::policy& p) { p.heartbeat = 3ms; });
    auto const r = open();
    endpoint_of(r);
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(test::run(b.io(), r.stream->next()).value() == ":\n\n");
}

BOOST_AUTO_TEST_CASE(the_session_dies_with_its_stream) {
    auto r = open();
    auto const where = endpoint_of(r);
    BOOST_TEST(server.sessions(*b.realm) == 1u);
    r.stream.reset();
    BOOST_TEST(server.sessions(*b.realm) == 0u);
    BOOST_TEST(send(where, request("ping")).status == 404u);
}

BOOST_AUTO_TEST_CASE(stream_and_session_die_with_the_token) {
    auto const r = open();
    auto const where = endpoint_of(r);
    guard.dead.insert("alice");
    BOOST_TEST(ends(*r.stream));
    BOOST_TEST(send(where, request("ping")).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_missing_scope_is_a_challenge_to_the_post_before_any_202) {
    auto const r = open();
    auto const a = send(endpoint_of(r), tool_call("needs_scope", R"({"scope":"mcp:admin"})"));
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(!a.header("WWW-Authenticate").empty());
}

BOOST_AUTO_TEST_CASE(any_accept_value_that_does_not_exclude_events_opens_the_stream) {
    for (auto const* accept : {"*/*", "text/event-stream", "application/json, text/event-stream"}) {
        BOOST_TEST(open({{"Accept", accept}}).status == 200u);
    }
    BOOST_TEST(open().status == 200u);
    BOOST_TEST(open({{"Accept", "application/json"}}).status == 406u);
    BOOST_TEST(open({{"Accept", "text/event-stream;q=0, */*"}}).status == 406u);
}

BOOST_AUTO_TEST_CASE(batches_exist_only_where_2025_03_26_was_negotiated) {
    auto const r = open();
    auto const where = endpoint_of(r);
    auto const batch = '[' + request("ping", "", "1") + ',' + request("ping", "", "2") + ']';
    BOOST_TEST(send(where, batch).status == 400u);
    send(where, initialize("2025-03-26"));
    next(r);
    BOOST_TEST(send(where, batch).status == 202u);
    BOOST_TEST(next(r).as_array().size() == 2u);
    BOOST_TEST(send(where, R"([{"jsonrpc":"2.0","method":"notifications/x"}])").status == 202u);
}

BOOST_AUTO_TEST_CASE(works_the_same_when_the_2025_revisions_are_stateless) {
    stateless();
    auto const r = open();
    BOOST_TEST(send(endpoint_of(r), request("ping")).status == 202u);
    BOOST_TEST(next(r).at("result").as_object().empty());
}

BOOST_AUTO_TEST_CASE(a_realm_without_the_transport_answers_404) {
    change_policy([](mcp::policy& p) { p.transports = {"streamable-http"}; });
    BOOST_TEST(open().status == 404u);
    BOOST_TEST(send("/messages?sessionId=x", request("ping")).status == 404u);
}

BOOST_AUTO_TEST_CASE(too_many_streams_are_503) {
    change_policy([](mcp::policy& p) { p.max_sessions = 1; });
    auto const one = open();
    BOOST_TEST(one.status == 200u);
    auto const two = open();
    BOOST_TEST(two.status == 503u);
    BOOST_TEST(two.headers.has("Retry-After"));
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_read_loses_its_stream) {
    auto const r = open();
    auto const where = endpoint_of(r);
    auto const big = tool_call("echo", R"({"message":")" + std::string(400'000, 'x') + "\"}");
    BOOST_TEST(send(where, big).status == 202u);
    BOOST_TEST(send(where, big).status == 202u);
    BOOST_TEST(send(where, big).status == 404u);
    BOOST_TEST(ends(*r.stream));
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
