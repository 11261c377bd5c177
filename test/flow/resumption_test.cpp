// Streams over real sockets: left, cut, resumed; questions of several cores at once.
#include <algorithm>
#include <chrono>

#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;
using namespace std::chrono_literals;

struct client {
    login me;
    std::string session;

    explicit client(program const& p)
        : me(p.mcp()), session(open_session(p.mcp(), me.now.access)) {}

    fields headers(std::string const& accept = "application/json, text/event-stream") const {
        auto h = bearer(me.now.access);
        h.emplace_back("Mcp-Session-Id", session);
        h.emplace_back("Accept", accept);
        return h;
    }
    // slow, with progress.
    std::unique_ptr<raw_client> slow(int id, std::string const& seconds) const {
        auto h = headers();
        h.emplace_back("Content-Type", "application/json");
        return open(
            "POST", me.mcp_url, h,
            R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
                R"(,"method":"tools/call","params":{"name":"slow","arguments":{"seconds":)" +
                seconds + R"(},"_meta":{"progressToken":"p"}}})");
    }
    std::unique_ptr<raw_client> resume(std::string const& last_event_id) const {
        auto h = headers("text/event-stream");
        h.emplace_back("Last-Event-ID", last_event_id);
        return open("GET", me.mcp_url, h);
    }
    raw_reply cancel(int id) const {
        return post_json(
            me.mcp_url,
            R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
                std::to_string(id) + "}}",
            headers());
    }
};

std::string last_id_in(std::string const& bytes) {
    auto const at = bytes.rfind("\nid: ");
    BOOST_REQUIRE(at != std::string::npos);
    return bytes.substr(at + 5, bytes.find('\n', at + 5) - at - 5);
}

bool holds(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(resumption_flow)

// MCP 2025-11-25, Transports, "Sending Messages to the Server": disconnection is not a
// cancellation. MCP 2025-11-25, Transports, "Resumability and Redelivery": GET with Last-Event-ID
// brings the rest.
BOOST_AUTO_TEST_CASE(a_call_whose_connection_was_reset_is_fetched_on_another) {
    program const p;
    client const c(p);
    auto const first = c.slow(7, "0.6");
    auto const seen = first->read_until(R"("progress":)");
    first->reset();
    auto const second = c.resume(last_id_in(seen));
    auto const rest = second->read_until("0\r\n\r\n");
    BOOST_TEST(holds(rest, R"("id":7)"));
    BOOST_TEST(holds(rest, "Done."));
}

BOOST_AUTO_TEST_CASE(a_call_that_ended_without_a_reader_is_fetched_later_with_a_fresh_token) {
    program const p;
    client c(p);
    auto const first = c.slow(7, "0.3");
    auto const id = last_id_in(first->read_until(R"("progress":)"));
    first->reset();
    BOOST_TEST(eventually([&] { return metric(p, "tollgate_mcp_calls_running") == 0; }));
    c.me.refresh();
    auto const rest = c.resume(id)->read_until("0\r\n\r\n");
    BOOST_TEST(holds(rest, "Done."));
}

BOOST_AUTO_TEST_CASE(another_principal_learns_nothing_from_an_event_id) {
    program const p({"users=[{name=\"alice\"},{name=\"bob\"}]"});
    client const c(p);
    auto const first = c.slow(7, "0.3");
    auto const id = last_id_in(first->read_until(R"("progress":)"));
    client const other(p);
    auto const foreign = other.resume(id)->read_reply();
    auto const unknown = other.resume("aaaaaaaaaaaaaaaa.1")->read_reply();
    BOOST_TEST(foreign.status == 400u);
    BOOST_TEST(foreign.body == unknown.body);
}

// MCP 2025-11-25, Cancellation, "Behavior Requirements": stop, and send no response.
BOOST_AUTO_TEST_CASE(a_cancelled_call_ends_its_stream_without_an_answer) {
    program const p({"server.workers=2"});
    client const c(p);
    auto const stream = c.slow(7, "60");
    stream->read_until(R"("progress":)");
    BOOST_TEST(c.cancel(7).status == 202u);
    auto const rest = stream->read_until("0\r\n\r\n");
    BOOST_TEST(!holds(rest, R"("id":7)"));
}

BOOST_AUTO_TEST_CASE(delete_ends_what_is_under_way_on_every_core) {
    program const p({"server.workers=2"});
    client const c(p);
    std::vector<std::unique_ptr<raw_client>> streams;
    for (int i = 0; i < 6; ++i)
        streams.push_back(c.slow(i + 10, "60"));
    for (auto const& s : streams)
        s->read_until(R"("progress":)");
    BOOST_TEST(call("DELETE", p.mcp(), c.headers()).status == 204u);
    for (auto const& s : streams)
        s->read_until("0\r\n\r\n");
    BOOST_TEST(post_json(p.mcp(), tool_call(1, "echo", R"({"message":"m"})"), c.headers()).status ==
               404u);
}

BOOST_AUTO_TEST_CASE(a_call_under_way_does_not_hold_up_the_drain) {
    program p;
    client const c(p);
    auto const read = c.slow(7, "60");
    read->read_until(R"("progress":)");
    auto const left = c.slow(8, "60");
    left->read_until(R"("progress":)");
    left->reset();
    BOOST_TEST(p.stop().count() < 3000);
}

// One core for all: a writer that waited for the deaf one would make the others wait.
BOOST_AUTO_TEST_CASE(a_reader_that_does_not_read_loses_its_stream_and_slows_nobody) {
    program const p({"server.workers=1"});
    login const me(p.mcp());
    auto const headers = bearer(me.now.access);
    auto const endpoint_on = [&](raw_client& stream) {
        stream.read_until("data: ");
        auto const line = stream.read_until("\n");
        return p.mcp_origin() + line.substr(0, line.size() - 1);
    };
    auto const deaf = open("GET", p.sse(), headers);
    auto const to_deaf = endpoint_on(*deaf);
    auto const other = open("GET", p.sse(), headers);
    auto const to_other = endpoint_on(*other);
    auto const big = tool_call(1, "echo", R"({"message":")" + std::string(200'000, 'x') + "\"}");
    unsigned status = 202;
    std::chrono::steady_clock::duration longest{};
    for (int i = 0; i < 300 && status == 202; ++i) {
        status = post_json(to_deaf, big, headers).status;
        auto const begin = std::chrono::steady_clock::now();
        auto const said = R"({"message":"number )" + std::to_string(i) + R"(."})";
        BOOST_TEST(post_json(to_other, tool_call(i, "echo", said), headers).status == 202u);
        BOOST_TEST(holds(other->read_until("\n\n"), "number " + std::to_string(i) + '.'));
        longest = std::max(longest, std::chrono::steady_clock::now() - begin);
    }
    BOOST_TEST(status == 404u);  // more waited than a stream holds, and it is over
    BOOST_TEST((longest < 2s));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
