// GET and DELETE on the MCP endpoint: what is refused, and in which words of HTTP.
#include "mcp/server/fixture.hpp"

using test::error_of;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;

namespace {

struct fixture : test::mcp_fixture {
    test::answer send(http::verb method, test::fields headers) {
        headers.emplace_back("Accept", "text/event-stream");
        return b.send(method, "/mcp", "", with_token(std::move(headers)));
    }
};

constexpr http::verb both_methods[] = {http::verb::get, http::verb::delete_};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_legacy_streams, fixture)

// MCP 2025-11-25, Transports, "Protocol Version Header": 400 for an invalid or unsupported version.
BOOST_AUTO_TEST_CASE(a_version_that_is_not_spoken_is_400_and_touches_nothing) {
    auto const id = begin();
    for (auto const method : both_methods) {
        for (auto const* version : {"1999-01-01", "x", "2025-11-25, 2025-11-25"}) {
            auto const a = send(method, in(id, version));
            BOOST_TEST(a.status == 400u, version);
            BOOST_TEST(error_of(a) == -32600);
        }
    }
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_session_or_a_version_named_twice_is_400) {
    auto const id = begin();
    for (auto const method : both_methods) {
        auto twice = in(id);
        twice.emplace_back("Mcp-Session-Id", id);
        BOOST_TEST(send(method, twice).status == 400u);
        auto versions = in(id, "2025-11-25");
        versions.emplace_back("MCP-Protocol-Version", "2025-11-25");
        BOOST_TEST(send(method, versions).status == 400u);
    }
    BOOST_TEST(server.sessions(*b.realm) == 1u);
}

// MCP 2025-11-25, Transports, "Session Management": 404 for a session that is over.
BOOST_AUTO_TEST_CASE(a_session_that_lapsed_is_404_for_both) {
    auto const id = begin();
    b.clock.advance(std::chrono::minutes(31));
    for (auto const method : both_methods)
        BOOST_TEST(send(method, in(id)).status == 404u);
}

// RFC 9110 §15.5.6: a 405 lists the methods that the resource has.
BOOST_AUTO_TEST_CASE(head_is_405_and_lists_what_there_is) {
    auto const a = send(http::verb::head, in(begin()));
    BOOST_TEST(a.status == 405u);
    BOOST_TEST(a.header("Allow") == "GET, POST, DELETE");
    BOOST_TEST(b.send(http::verb::head, "/sse", "", with_token({})).header("Allow") == "GET");
}

// RFC 9110 §12.4.2: a quality of 0 means not acceptable.
BOOST_AUTO_TEST_CASE(a_stream_that_is_named_to_be_refused_is_not_opened) {
    auto headers = with_token(in(begin()));
    headers.emplace_back("Accept", "application/json, text/event-stream;q=0");
    BOOST_TEST(b.send(http::verb::get, "/mcp", "", headers).status == 406u);
}

// RFC 9110 §5.3: several lines are one list.
BOOST_AUTO_TEST_CASE(a_stream_may_be_asked_for_in_the_second_of_two_lines) {
    auto headers = with_token(in(begin()));
    headers.emplace_back("Accept", "application/json");
    headers.emplace_back("Accept", "text/event-stream");
    BOOST_TEST(b.raw(http::verb::get, "/mcp", "", headers).status == 200u);
}

// DELETE carries no body and wants none: nothing of its own could be acceptable or not.
BOOST_AUTO_TEST_CASE(deleting_needs_no_accept_header) {
    auto const id = begin();
    auto const a = b.send(http::verb::delete_, "/mcp", "", with_token(in(id)));
    BOOST_TEST(a.status == 204u);
    BOOST_TEST(a.body.empty());
}

BOOST_AUTO_TEST_CASE(deleting_a_session_ends_the_stream_of_an_answer_too) {
    change_policy([](mcp::policy& p) { p.stream_after = std::chrono::milliseconds(1); });
    auto const id = begin();
    auto headers = with_token(in(id));
    headers.emplace_back("Accept", both);
    headers.emplace_back("Content-Type", "application/json");
    auto const call = tool_call("slow", R"({"seconds":600})");
    auto const r = b.raw(http::verb::post, "/mcp", call, headers);
    BOOST_REQUIRE(r.stream);
    BOOST_TEST(send(http::verb::delete_, in(id)).status == 204u);
    BOOST_TEST(ends(*r.stream));
}

BOOST_AUTO_TEST_SUITE_END()
