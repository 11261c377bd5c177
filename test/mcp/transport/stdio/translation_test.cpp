// Lines that are odd, and answers that are no JSON-RPC.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/transport/stdio/message.hpp"

namespace http = tollgate::http;
namespace json = boost::json;
using namespace tollgate::mcp;

namespace {

stdio_message line(std::string const& text) {
    return stdio_message::read(text);
}

stdio_message initialize() {
    return line(R"({"jsonrpc":"2.0","id":1,"method":"initialize"})");
}

http::reply session_reply(std::string const& result) {
    auto r = http::json_reply(200, R"({"jsonrpc":"2.0","id":1,"result":)" + result + '}');
    r.headers.add("Mcp-Session-Id", "the-session");
    return r;
}

constexpr char negotiated[] = R"({"protocolVersion":"2025-11-25"})";

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_stdio_translation)

// Whatever cannot be understood is left for the server to refuse: it must get every byte of it.
BOOST_AUTO_TEST_CASE(a_line_that_is_no_message_is_passed_on_as_it_is) {
    for (auto const* text : {"{", "[]", "7", "null", R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
                             R"({"jsonrpc":"2.0","id":null,"method":"ping"})",
                             R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])"}) {
        auto const m = line(text);
        BOOST_TEST(m.text == text);
        BOOST_TEST(!m.is_request, text);
        BOOST_TEST(!m.expects_nothing, text);
        BOOST_TEST(m.id == "", text);
    }
}

BOOST_AUTO_TEST_CASE(an_id_keeps_its_type) {
    for (auto const* id : {"1", "\"1\"", "-1", "18446744073709551615", "\"\"", R"("a\"b")"})
        BOOST_TEST(line(R"({"jsonrpc":"2.0","method":"ping","id":)" + std::string(id) + '}').id ==
                   id);
}

BOOST_AUTO_TEST_CASE(only_a_cancellation_names_what_it_cancels) {
    auto const named = [](std::string const& method, std::string const& params) {
        return line(R"({"jsonrpc":"2.0","method":")" + method + R"(","params":)" + params + '}')
            .cancelled_id;
    };
    BOOST_TEST(named("notifications/cancelled", R"({"requestId":"a"})") == "\"a\"");
    BOOST_TEST(named("notifications/cancelled", "{}") == "");
    BOOST_TEST(named("notifications/progress", R"({"requestId":"a"})") == "");
}

BOOST_AUTO_TEST_CASE(a_session_begins_with_a_whole_result_of_initialize_and_nothing_less) {
    auto const begins = [](stdio_message const& m, http::reply const& answer) {
        stdio_session s;
        s.begin(m, answer);
        return s.begun();
    };
    BOOST_TEST(begins(initialize(), session_reply(negotiated)));
    BOOST_TEST(
        !begins(line(R"({"jsonrpc":"2.0","id":1,"method":"ping"})"), session_reply(negotiated)));
    for (auto const* result : {"{}", "7", "null", R"({"protocolVersion":20251125})"})
        BOOST_TEST(!begins(initialize(), session_reply(result)), result);
    auto refused = session_reply(negotiated);
    refused.status = 400;
    BOOST_TEST(!begins(initialize(), refused));
    auto garbage = session_reply(negotiated);
    garbage.body = "[";
    BOOST_TEST(!begins(initialize(), garbage));
}

BOOST_AUTO_TEST_CASE(a_session_without_an_id_has_no_stream_of_its_own) {
    stdio_session s;
    auto stateless = session_reply(negotiated);
    stateless.headers.erase("Mcp-Session-Id");
    BOOST_TEST(!s.begin(initialize(), stateless));
    BOOST_TEST(s.begun());
}

// MCP 2025-11-25, Lifecycle: a client may begin anew; what was negotiated last counts.
BOOST_AUTO_TEST_CASE(a_second_initialize_takes_the_place_of_the_first) {
    stdio_session s;
    s.begin(initialize(), session_reply(negotiated));
    auto second = session_reply(R"({"protocolVersion":"2025-03-26"})");
    second.headers.set("Mcp-Session-Id", "another");
    BOOST_TEST(s.begin(initialize(), second));
    auto const r = s.request_for(line(R"({"jsonrpc":"2.0","id":2,"method":"ping"})"));
    BOOST_TEST(r.request.header("Mcp-Session-Id") == "another");
    BOOST_TEST(r.request.header("MCP-Protocol-Version") == "2025-03-26");
}

// MCP 2025-11-25, Transports, "Sending Messages to the Server": Accept lists both types.
// MCP 2025-11-25, Transports, "Listening for Messages from the Server": Accept: text/event-stream.
BOOST_AUTO_TEST_CASE(requests_have_the_headers_of_a_well_behaved_client) {
    stdio_session const s;
    auto const post = s.request_for(line(R"({"jsonrpc":"2.0","id":2,"method":"ping"})"));
    BOOST_TEST(post.request.header("Accept") == "application/json, text/event-stream");
    BOOST_TEST(post.request.header("Content-Type") == "application/json");
    BOOST_TEST(!post.request.has("Mcp-Session-Id"));
    BOOST_TEST(!post.request.has("MCP-Protocol-Version"));
    BOOST_TEST(post.request.peer_is_loopback);
    auto const get = s.stream_request({});
    BOOST_TEST(get.request.header("Accept") == "text/event-stream");
    BOOST_TEST(!get.request.has("Content-Type"));
    BOOST_TEST(!get.request.has("Last-Event-ID"));
}

BOOST_AUTO_TEST_CASE(the_guard_is_asked_about_no_endpoint) {
    auto const question = guard_question();
    BOOST_CHECK(question.request.method == http::verb::get);
    BOOST_TEST(question.request.path == "/");
    BOOST_TEST(question.request.body == "");
}

BOOST_AUTO_TEST_CASE(a_refusal_is_described_by_what_it_says) {
    auto const text = [](unsigned status, char const* type, char const* body) {
        return described(http::reply(status, type, body));
    };
    BOOST_TEST(text(401, "application/json", R"({"error":"e","error_description":"d"})") == "e: d");
    BOOST_TEST(text(401, "application/json", R"({"error":"e"})") == "e");
    BOOST_TEST(text(503, "text/plain", "nobody answers") == "nobody answers");
    BOOST_TEST(text(401, "text/plain", "401 Unauthorized").find("MCP_ACCESS_TOKEN") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_message_is_a_line_only_where_it_refuses_a_request) {
    auto const ask = line(R"({"jsonrpc":"2.0","id":"x","method":"ping"})");
    auto const told = json::parse(line_of(ask, http::reply(404, "text/plain", "not here")));
    BOOST_TEST(told.at("id").as_string() == "x");
    BOOST_TEST(told.at("error").at("code").as_int64() == 404);
    BOOST_TEST(told.at("error").at("message").as_string() == "not here");
    BOOST_TEST(!told.at("error").at("data").as_object().contains("challenge"));
    BOOST_TEST(line_of(ask, http::reply(202, "text/plain", "Accepted")) == "");
}

BOOST_AUTO_TEST_CASE(a_response_is_to_the_id_of_its_very_type) {
    BOOST_TEST(is_response_to(R"({"jsonrpc":"2.0","id":"2","result":{}})", "\"2\""));
    BOOST_TEST(!is_response_to(R"({"jsonrpc":"2.0","id":"2","result":{}})", "2"));
    BOOST_TEST(is_response_to(R"({"jsonrpc":"2.0","id":2,"error":{"code":1}})", "2"));
    BOOST_TEST(!is_response_to(R"({"jsonrpc":"2.0","error":{"code":1}})", ""));
}

BOOST_AUTO_TEST_SUITE_END()
