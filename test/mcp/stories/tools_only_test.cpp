// mcp.auth = "tools-only": looking around is open, calling a tool is not.
#include "mcp/server/fixture.hpp"

using test::result_of;
using test::text_of;

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;

namespace {

struct fixture : test::mcp_fixture {
    fixture() {
        change_policy([](mcp::policy& p) { p.auth = mcp::auth_mode::tools_only; });
        token.clear();
    }

    static std::string modern(std::string const& method, std::string const& more = "") {
        return request(method,
                       R"({)" + more +
                           R"("_meta":{"io.modelcontextprotocol/protocolVersion":)"
                           R"("2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}})");
    }
    static test::fields modern_headers(std::string const& method, std::string const& name = "") {
        test::fields h{{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", method}};
        if (!name.empty()) h.emplace_back("Mcp-Name", name);
        return h;
    }
    static std::string echo() { return tool_call("echo", R"({"message":"m"})"); }
    static bool is_challenge(test::answer const& a) {
        auto const challenge = std::string(a.header("WWW-Authenticate"));
        return a.status == 401 &&
               challenge ==
                   "Bearer resource_metadata=\"http://localhost:9101/.well-known/"
                   "oauth-protected-resource/mcp\", scope=\"mcp:tools\"";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_tools_only, fixture)

BOOST_AUTO_TEST_CASE(anybody_may_initialize_ping_and_list_tools) {
    auto const id = begin();
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
    auto const listed = post(request("tools/list"), in(id));
    BOOST_TEST(!result_of(listed).at("tools").as_array().empty());
    BOOST_TEST(post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})", in(id)).status ==
               202u);
}

// MCP 2025-11-25, Authorization, "Protected Resource Metadata Discovery Requirements": a request
// that needs a token is answered 401 with a challenge that names the resource metadata
BOOST_AUTO_TEST_CASE(a_tool_call_without_a_token_is_challenged) {
    auto const id = begin();
    auto const a = post(echo(), in(id));
    BOOST_TEST(is_challenge(a), a.status << ' ' << a.header("WWW-Authenticate"));
    BOOST_TEST(a.body.find("Missing Authorization: Bearer") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_challenge_comes_before_the_session_is_looked_up) {
    BOOST_TEST(is_challenge(post(echo())));
    BOOST_TEST(is_challenge(post(echo(), in("no-such-session"))));
    token = "alice";
    auto const id = begin();
    token.clear();
    BOOST_TEST(is_challenge(post(echo(), in(id))));
}

BOOST_AUTO_TEST_CASE(a_tool_call_with_a_token_is_answered_in_the_same_session) {
    auto const id = begin();
    BOOST_TEST(is_challenge(post(echo(), in(id))));
    token = "alice";
    BOOST_TEST(text_of(post(echo(), in(id))) == "m");
}

BOOST_AUTO_TEST_CASE(an_anonymous_session_is_adopted_by_the_first_principal) {
    auto const id = begin();
    token = "alice";
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
    token = "bob";
    BOOST_TEST(post(echo(), in(id)).status == 404u);
    token.clear();
    BOOST_TEST(post(request("ping"), in(id)).status == 404u);
    token = "alice";
    BOOST_TEST(text_of(post(echo(), in(id))) == "m");
}

// MCP Security Best Practices, Session Hijacking: what is said to the principal is for nobody who
// had the id before.
BOOST_AUTO_TEST_CASE(an_anonymous_stream_ends_when_the_session_is_adopted) {
    auto const id = begin();
    auto const stream = [&] {
        auto headers = with_token(in(id, "2025-11-25"));
        headers.emplace_back("Accept", "text/event-stream");
        return b.raw(http::verb::get, "/mcp", "", std::move(headers));
    };
    auto const anonymous = stream();
    BOOST_REQUIRE(anonymous.stream);
    BOOST_TEST(test::run(b.io(), anonymous.stream->next()).has_value());  // the priming event
    token = "alice";
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
    BOOST_TEST(ends(*anonymous.stream));
    // Her own goes on, and what else she asks ends nothing.
    auto const own = stream();
    BOOST_REQUIRE(own.stream);
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
    BOOST_TEST(test::run(b.io(), own.stream->next()).has_value());
    token.clear();
    BOOST_TEST(stream().status == 404u);
}

BOOST_AUTO_TEST_CASE(a_batch_with_a_tool_call_is_challenged_as_a_whole) {
    auto const id = begin("2025-03-26");
    auto const ping = request("ping", "", "7");
    BOOST_TEST(is_challenge(post('[' + ping + ',' + echo() + ']', in(id))));
    BOOST_TEST(post('[' + ping + ']', in(id)).status == 200u);
    token = "alice";
    BOOST_TEST(post('[' + ping + ',' + echo() + ']', in(id)).status == 200u);
}

BOOST_AUTO_TEST_CASE(holds_in_the_modern_era) {
    auto const discovered = post(modern("server/discover"), modern_headers("server/discover"));
    BOOST_TEST(discovered.status == 200u, discovered.body);
    auto const call = modern("tools/call", R"("name":"echo","arguments":{"message":"m"},)");
    auto const headers = modern_headers("tools/call", "echo");
    BOOST_TEST(is_challenge(post(call, headers)));
    token = "alice";
    BOOST_TEST(text_of(post(call, headers)) == "m");
}

BOOST_AUTO_TEST_CASE(holds_without_sessions) {
    stateless();
    BOOST_TEST(post(request("tools/list")).status == 200u);
    BOOST_TEST(is_challenge(post(echo())));
    token = "alice";
    BOOST_TEST(text_of(post(echo())) == "m");
}

// MCP 2024-11-05, Transports, "HTTP with SSE": the POST is answered, the stream hears nothing
BOOST_AUTO_TEST_CASE(holds_on_the_messages_of_an_sse_session) {
    auto opened = b.raw(http::verb::get, "/sse", "", {{"Accept", "text/event-stream"}});
    BOOST_REQUIRE(opened.stream);
    auto const first = events(*opened.stream);
    BOOST_REQUIRE(first.size() == 1u);
    auto const refused = b.post_json(first[0].data, echo());
    BOOST_TEST(refused.status == 401u);
    BOOST_TEST(
        std::string(refused.header("WWW-Authenticate")).find("oauth-protected-resource/sse") !=
        std::string::npos);
    BOOST_TEST(b.post_json(first[0].data, request("tools/list")).status == 202u);
    BOOST_TEST(b.post_json(first[0].data, echo(), {{"Authorization", "Bearer alice"}}).status ==
               202u);
}

BOOST_AUTO_TEST_CASE(what_is_no_message_is_refused_as_such) {
    BOOST_TEST(post(R"({"jsonrpc":"2.0","method":7})").status == 400u);
    BOOST_TEST(post("{").status == 400u);
}

BOOST_AUTO_TEST_CASE(without_any_authorization_nobody_is_challenged) {
    change_policy([](mcp::policy& p) { p.auth = mcp::auth_mode::none; });
    BOOST_TEST(text_of(post(echo(), in(begin()))) == "m");
}

BOOST_AUTO_TEST_SUITE_END()
