// What becomes of a call whose client hangs up, over real sockets.
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;

long calls_running(program const& p) {
    return metric(p, "tollgate_mcp_calls_running");
}

bool soon(program const& p, long calls) {
    return eventually([&] { return calls_running(p) == calls; });
}

// That which asks: everybody else has gone, and the server has noticed.
bool only_one_connection(program const& p) {
    return eventually([&] { return metric(p, "tollgate_connections_open") == 1; });
}

std::unique_ptr<raw_client> modern_slow(program const& p, std::string const& token) {
    auto h = bearer(token);
    h.emplace_back("Accept", "application/json, text/event-stream");
    h.emplace_back("Content-Type", "application/json");
    h.emplace_back("MCP-Protocol-Version", "2026-07-28");
    h.emplace_back("Mcp-Method", "tools/call");
    h.emplace_back("Mcp-Name", "slow");
    return open("POST", p.mcp(), h,
                R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"slow",)"
                R"("arguments":{"seconds":600},"_meta":{"progressToken":"p",)"
                R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
                R"("io.modelcontextprotocol/clientCapabilities":{}}}})");
}

std::unique_ptr<raw_client> legacy_slow(program const& p, std::string const& token,
                                        std::string const& session, int id) {
    auto h = bearer(token);
    h.emplace_back("Accept", "application/json, text/event-stream");
    h.emplace_back("Content-Type", "application/json");
    h.emplace_back("Mcp-Session-Id", session);
    return open("POST", p.mcp(), h,
                R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
                    R"(,"method":"tools/call","params":{"name":"slow","arguments":{"seconds":600},)"
                    R"("_meta":{"progressToken":"p"}}})");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(left_calls_flow)

// MCP 2026-07-28, Cancellation, "Transport-Specific Cancellation": closing the response stream is
// the cancellation of its request, and of no other.
BOOST_AUTO_TEST_CASE(a_modern_call_ends_when_its_stream_is_closed_politely_or_not) {
    program const p;
    login const me(p.mcp());
    auto const before = calls_running(p);
    auto closed = modern_slow(p, me.now.access);
    auto const cut = modern_slow(p, me.now.access);
    auto const kept = modern_slow(p, me.now.access);
    for (auto const* one : {closed.get(), cut.get(), kept.get()})
        const_cast<raw_client*>(one)->read_until("notifications/progress");
    BOOST_TEST(calls_running(p) == before + 3);
    closed.reset();
    BOOST_TEST(soon(p, before + 2));
    cut->reset();
    BOOST_TEST(soon(p, before + 1));
    kept->read_until("notifications/progress");
}

// Also before the stream was opened: the client gave up while it waited for the first byte.
BOOST_AUTO_TEST_CASE(a_modern_call_that_was_never_answered_ends_with_its_connection) {
    program const p;
    login const me(p.mcp());
    auto const before = calls_running(p);
    auto const hasty = modern_slow(p, me.now.access);
    BOOST_TEST(soon(p, before + 1));
    hasty->reset();
    BOOST_TEST(soon(p, before));
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": disconnection SHOULD NOT be taken
// for a cancellation.
BOOST_AUTO_TEST_CASE(a_legacy_call_goes_on_until_its_session_ends,
                     *needs_one_program("counts the connections of one")) {
    program const p({"validation.strategy=local"});  // which opens no connections of its own
    login const me(p.mcp());
    auto const before = calls_running(p);
    auto const session = open_session(p.mcp(), me.now.access);
    auto const left = legacy_slow(p, me.now.access, session, 1);
    left->read_until("notifications/progress");
    left->reset();
    auto const hasty = legacy_slow(p, me.now.access, session, 2);
    BOOST_TEST(soon(p, before + 2));
    hasty->reset();  // before anything was answered
    BOOST_TEST(only_one_connection(p));
    BOOST_TEST(calls_running(p) == before + 2);
    auto h = bearer(me.now.access);
    h.emplace_back("Mcp-Session-Id", session);
    BOOST_TEST(call("DELETE", p.mcp(), h).status == 204u);
    BOOST_TEST(soon(p, before));
}

BOOST_AUTO_TEST_SUITE_END()
