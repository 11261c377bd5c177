// The standalone stream of a session: GET on the MCP endpoint.
#include "mcp/server/fixture.hpp"

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
using namespace std::chrono_literals;

namespace {

struct fixture : test::mcp_fixture {
    std::string id = begin();

    http::reply stream(std::string const& accept = "text/event-stream") {
        auto headers = with_token(in(id, "2025-11-25"));
        headers.emplace_back("Accept", accept);
        return b.raw(http::verb::get, "/mcp", "", std::move(headers));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_session_stream, fixture)

BOOST_AUTO_TEST_CASE(opens_at_once_and_then_sends_heartbeats_only) {
    change_policy([](mcp::policy& p) { p.heartbeat = 3ms; });
    auto const r = stream();
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.headers.get("Content-Type") == "text/event-stream");
    auto const first = test::run(b.io(), r.stream->next()).value();
    BOOST_TEST(first.find("id: ") != std::string::npos);
    BOOST_TEST(first.find("retry: 1000\n") != std::string::npos);
    BOOST_TEST(test::run(b.io(), r.stream->next()).value() == ":\n\n");
}

// Earlier clients read every event as JSON.
BOOST_AUTO_TEST_CASE(opens_with_a_comment_for_clients_before_2025_11_25) {
    id = begin("2025-06-18");
    auto headers = with_token(in(id, "2025-06-18"));
    headers.emplace_back("Accept", "text/event-stream");
    auto const r = b.raw(http::verb::get, "/mcp", "", std::move(headers));
    BOOST_TEST(test::run(b.io(), r.stream->next()).value() == ": open\n\n");
}

BOOST_AUTO_TEST_CASE(must_be_asked_for_by_name) {
    for (auto const* accept : {"application/json", "*/*", "text/*"}) {
        BOOST_TEST(stream(accept).status == 406u);
    }
    BOOST_TEST(b.raw(http::verb::get, "/mcp", "", with_token(in(id))).status == 406u);
    BOOST_TEST(stream("application/json, text/event-stream").status == 200u);
}

BOOST_AUTO_TEST_CASE(needs_a_session_of_the_caller) {
    id.clear();
    auto headers = with_token({{"Accept", both}});
    BOOST_TEST(b.raw(http::verb::get, "/mcp", "", headers).status == 400u);
    headers.emplace_back("Mcp-Session-Id", "unknown");
    BOOST_TEST(b.raw(http::verb::get, "/mcp", "", headers).status == 404u);
    id = begin();
    token = "bob";
    BOOST_TEST(stream().status == 404u);
}

// 2026-07-28 "Earlier Streamable HTTP Revisions": GET and DELETE are 405.
BOOST_AUTO_TEST_CASE(does_not_exist_for_modern_clients) {
    auto const headers = with_token({{"Accept", both}, {"MCP-Protocol-Version", "2026-07-28"}});
    BOOST_TEST(b.raw(http::verb::get, "/mcp", "", headers).status == 405u);
    BOOST_TEST(b.raw(http::verb::delete_, "/mcp", "", headers).status == 405u);
}

BOOST_AUTO_TEST_CASE(several_may_be_open_but_not_without_end) {
    std::vector<http::reply> open;
    for (int i = 0; i < 32; ++i) {
        open.push_back(stream());
        BOOST_TEST(open.back().status == 200u);
    }
    BOOST_TEST(stream().status == 429u);
    open.pop_back();
    BOOST_TEST(stream().status == 200u);
}

BOOST_AUTO_TEST_CASE(ends_when_the_session_is_deleted) {
    auto const r = stream();
    BOOST_TEST(b.send(http::verb::delete_, "/mcp", "", with_token(in(id))).status == 204u);
    BOOST_TEST(ends(*r.stream));
}

BOOST_AUTO_TEST_CASE(ends_when_its_token_dies_and_not_when_nobody_can_tell) {
    change_policy([](mcp::policy& p) { p.heartbeat = 10ms; });
    auto const r = stream();
    guard.unknowable.insert("alice");
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(test::run(b.io(), r.stream->next()).has_value());
    guard.dead.insert("alice");
    BOOST_TEST(ends(*r.stream));
}

BOOST_AUTO_TEST_CASE(keeps_its_session_alive_and_a_closed_one_counts_as_a_use) {
    auto r = stream();
    b.clock.advance(2h);
    BOOST_TEST(server.sessions(*b.realm) == 1u);
    b.clock.advance(2h);
    r.stream.reset();
    b.clock.advance(10min);
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
    b.clock.advance(31min);
    BOOST_TEST(post(request("ping"), in(id)).status == 404u);
}

BOOST_AUTO_TEST_CASE(outlives_the_realm_directory_forgetting_its_realm) {
    auto r = stream();
    server.drop_sessions(*b.realm);
    b.realm.reset();
    b.where.realm.reset();
    BOOST_TEST(ends(*r.stream));
}

BOOST_AUTO_TEST_SUITE_END()
