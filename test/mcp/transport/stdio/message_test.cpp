// Lines of stdio and the requests that stand for them.
#include "mcp/transport/stdio/message.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::mcp;

namespace {

http::reply json_reply_of(unsigned status, std::string body) {
    return http::json_reply(status, std::move(body));
}

stdio_message initialize() {
    return stdio_message::read(R"({"jsonrpc":"2.0","id":1,"method":"initialize"})");
}

http::reply initialized(std::string const& version) {
    auto r = json_reply_of(
        200, R"({"jsonrpc":"2.0","id":1,"result":{"protocolVersion":")" + version + "\"}}");
    r.headers.add("Mcp-Session-Id", "the-session");
    return r;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_stdio_message)

BOOST_AUTO_TEST_CASE(reads_what_a_line_is) {
    auto const ask = stdio_message::read(R"({"jsonrpc":"2.0","id":"a","method":"ping"})");
    BOOST_TEST(ask.is_request);
    BOOST_TEST(ask.id == "\"a\"");
    BOOST_TEST(!ask.names_version);
    auto const stop = stdio_message::read(
        R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}})");
    BOOST_TEST(!stop.is_request);
    BOOST_TEST(stop.cancelled_id == "7");
    auto const modern =
        stdio_message::read(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":)"
                            R"({"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}})");
    BOOST_TEST(modern.names_version);
    BOOST_TEST(!stdio_message::read("{nonsense").is_request);
}

BOOST_AUTO_TEST_CASE(remembers_the_session_and_its_version) {
    stdio_session s;
    BOOST_TEST(
        !s.begin(initialize(), json_reply_of(200, R"({"jsonrpc":"2.0","id":1,"error":{}})")));
    BOOST_TEST(!s.begun());
    BOOST_TEST(s.begin(initialize(), initialized("2025-06-18")));
    auto const m = stdio_message::read(R"({"jsonrpc":"2.0","id":2,"method":"ping"})");
    auto const r = s.request_for(m);
    BOOST_TEST(r.request.header("Mcp-Session-Id") == "the-session");
    BOOST_TEST(r.request.header("MCP-Protocol-Version") == "2025-06-18");
    BOOST_TEST(r.request.body == m.text);
    auto const rest = s.stream_request("9");
    BOOST_TEST(rest.request.header("Last-Event-ID") == "9");
    BOOST_CHECK(rest.request.method == http::verb::get);
}

BOOST_AUTO_TEST_CASE(spells_an_unknown_id_as_the_revision_wants) {
    stdio_session s;
    BOOST_TEST(s.too_long(10).find("\"id\":null") != std::string::npos);
    s.begin(initialize(), initialized("2025-11-25"));
    BOOST_TEST(s.too_long(10).find("\"id\"") == std::string::npos);
}

// MCP 2026-07-28, Base Protocol, "Notifications": the receiver MUST NOT send a response.
BOOST_AUTO_TEST_CASE(nobody_answers_notifications_and_responses) {
    auto const refused =
        json_reply_of(400, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600}})");
    for (auto const* line : {R"({"jsonrpc":"2.0","method":"notifications/initialized"})",
                             R"({"jsonrpc":"2.0","id":1,"result":{}})",
                             R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}})"})
        BOOST_TEST(line_of(stdio_message::read(line), refused) == "");
    for (auto const* line : {"{", "[]", R"({"jsonrpc":"2.0","id":1,"method":"ping"})"})
        BOOST_TEST(line_of(stdio_message::read(line), refused) == refused.body);
}

// MCP 2026-07-28, Base Protocol, "Error Codes": codes of one's own stand outside of the range that
// JSON-RPC reserves.
BOOST_AUTO_TEST_CASE(a_challenge_becomes_an_error_with_its_status) {
    auto const m = stdio_message::read(R"({"jsonrpc":"2.0","id":2,"method":"tools/call"})");
    http::reply refused(403, "application/json",
                        R"({"error":"insufficient_scope","error_description":"more is needed"})");
    refused.headers.add("WWW-Authenticate", "Bearer scope=\"x\"");
    auto const line = line_of(m, refused);
    BOOST_TEST(line.find(R"("code":403,)") != std::string::npos, line);
    BOOST_TEST(line.find("insufficient_scope: more is needed") != std::string::npos, line);
    BOOST_TEST(line.find(R"(Bearer scope=\"x\")") != std::string::npos, line);
    BOOST_TEST(line_of(m, http::reply(202)) == "");
    auto const said = R"({"jsonrpc":"2.0","id":2,"result":{}})";
    BOOST_TEST(line_of(m, json_reply_of(200, said)) == said);
}

BOOST_AUTO_TEST_CASE(knows_the_response_to_a_request) {
    BOOST_TEST(is_response_to(R"({"jsonrpc":"2.0","id":2,"result":{}})", "2"));
    BOOST_TEST(!is_response_to(R"({"jsonrpc":"2.0","id":3,"result":{}})", "2"));
    BOOST_TEST(!is_response_to(R"({"jsonrpc":"2.0","id":2,"method":"ping"})", "2"));
    BOOST_TEST(!is_response_to("", "2"));
}

BOOST_AUTO_TEST_SUITE_END()
