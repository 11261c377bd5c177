// What strangers send to the MCP endpoints: an answer of the era with its code and status, never a
// crash, a hang or 500; and the session goes on.
#include "http/message/form.hpp"
#include "mcp/server/fixture.hpp"

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace json = boost::json;

namespace {

struct bad {
    std::string body;
    int code;
};

std::string nested(std::size_t depth) {
    return R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":)" + std::string(depth, '[') +
           std::string(depth, ']') + "}}";
}

std::vector<bad> const& bodies() {
    constexpr int parse = -32700;
    constexpr int invalid = -32600;
    static std::vector<bad> const all{
        {"", parse},
        {" ", parse},
        {"{", parse},
        {"nonsense", parse},
        {std::string("\0", 1), parse},
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", parse},          // no UTF-8
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xc0\xaf\"}", parse},      // overlong
        {"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xed\xa0\x80\"}", parse},  // a surrogate
        {R"({"jsonrpc":"2.0","id":1,"method":"\ud800"})", parse},               // half of a pair
        {R"({"jsonrpc":"2.0","id":1,"method":"ping"}{})", parse},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping",})", parse},
        {nested(100), parse},
        {nested(100'000), parse},
        {std::string(100'000, '{'), parse},
        {R"("text")", invalid},
        {"7", invalid},
        {"null", invalid},
        {"true", invalid},
        {"{}", invalid},
        {R"({"jsonrpc":"2.0"})", invalid},
        {R"({"id":1,"method":"ping"})", invalid},
        {R"({"jsonrpc":"1.0","id":1,"method":"ping"})", invalid},
        {R"({"jsonrpc":2.0,"id":1,"method":"ping"})", invalid},
        {R"({"jsonrpc":"2.0","id":null,"method":"ping"})", invalid},
        {R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", invalid},
        {R"({"jsonrpc":"2.0","id":1e400,"method":"ping"})", invalid},
        {R"({"jsonrpc":"2.0","id":true,"method":"ping"})", invalid},
        {R"({"jsonrpc":"2.0","id":{},"method":"ping"})", invalid},
        {R"({"jsonrpc":"2.0","id":[1],"method":"ping"})", invalid},
        {R"({"jsonrpc":"2.0","id":1,"method":7})", invalid},
        {R"({"jsonrpc":"2.0","id":1,"method":""})", invalid},
        {R"({"jsonrpc":"2.0","id":1,"method":null})", invalid},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})", invalid},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","params":"x"})", invalid},
        {R"({"jsonrpc":"2.0","id":1,"method":"ping","result":{}})", invalid},
        {R"({"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"m"}})", invalid},
        {R"({"jsonrpc":"2.0","id":1,"error":"text"})", invalid},
        {R"({"jsonrpc":"2.0","result":{}})", invalid},
    };
    return all;
}

struct fixture : test::mcp_fixture {
    void refused(test::answer const& a, int code) {
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(a.header("Content-Type") == "application/json");
        BOOST_TEST(test::error_of(a) == code);
        BOOST_TEST(a.json().at("jsonrpc").as_string() == "2.0");
    }
    template <class Send>
    void all_refused(Send send) {
        for (auto const& one : bodies())
            BOOST_TEST_CONTEXT(one.body.substr(0, 80)) {
                refused(send(one.body), one.code);
            }
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_bad_input, fixture)

// JSON-RPC 2.0 §5.1: -32700 for what is no JSON, -32600 for what is no request.
// MCP 2025-11-25, Transports, "Sending Messages to the Server": input that cannot be accepted is
// answered by an HTTP error; its body may be a JSON-RPC error without an id.
BOOST_AUTO_TEST_CASE(is_refused_in_a_session_of_every_legacy_revision_that_goes_on) {
    for (auto const* version : {"2025-03-26", "2025-06-18", "2025-11-25"}) {
        auto const id = begin(version);
        all_refused([&](std::string const& body) { return post(body, in(id, version)); });
        BOOST_TEST(post(request("ping"), in(id)).status == 200u);
    }
}

BOOST_AUTO_TEST_CASE(is_refused_without_sessions) {
    stateless();
    all_refused([&](std::string const& body) { return post(body); });
}

BOOST_AUTO_TEST_CASE(is_refused_before_there_is_a_session) {
    for (auto const& one : bodies()) {
        auto const a = post(one.body);
        BOOST_TEST(a.status == 400u);
        BOOST_TEST((test::error_of(a) == -32700 || test::error_of(a) == -32600));
    }
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

BOOST_AUTO_TEST_CASE(is_refused_in_the_modern_era) {
    all_refused([&](std::string const& body) {
        return post(body, {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Method", "ping"}});
    });
}

// The stream hears nothing of it.
BOOST_AUTO_TEST_CASE(is_refused_by_the_post_of_http_with_sse) {
    auto const stream = b.raw(http::verb::get, "/sse", "", with_token({}));
    auto const where = events(*stream.stream).at(0).data;
    all_refused([&](std::string const& body) { return b.post_json(where, body, with_token({})); });
    b.post_json(where, request("ping", "", "\"after\""), with_token({}));
    auto const heard = events(*stream.stream);
    BOOST_REQUIRE(heard.size() == 1u);
    BOOST_TEST(heard[0].data.find("after") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(values_of_headers_that_nobody_sends_are_refused) {
    auto const id = begin();
    std::vector<std::string> const odd{"x",   std::string(8'000, 'a'), "'; DROP TABLE", "%00", "..",
                                       "null"};
    for (auto const& value : odd) {
        BOOST_TEST(post(request("ping"), in(value)).status == 404u);
        BOOST_TEST(post(request("ping"), in(id, value)).status == 400u);
        BOOST_TEST(b.get("/mcp", with_token({{"Mcp-Session-Id", id},
                                             {"Accept", "text/event-stream"},
                                             {"Last-Event-ID", value}}))
                       .status == 400u);
        BOOST_TEST(b.post_json("/messages?sessionId=" + http::percent_encode(value),
                               request("ping"), with_token({}))
                       .status == 404u);
    }
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_session_named_twice_on_the_messages_endpoint_is_none) {
    for (auto const* query :
         {"", "?", "?sessionId=", "?sessionId=a&sessionId=b", "?sessionid=a", "?sessionId=%zz"}) {
        auto const a =
            b.post_json(std::string("/messages") + query, request("ping"), with_token({}));
        BOOST_TEST(a.status >= 400u);
        BOOST_TEST(a.status <= 404u);
    }
}

// RFC 9110 §5.3: lines of one field are one list; one that may stand once is malformed then.
BOOST_AUTO_TEST_CASE(a_header_in_two_lines_is_a_list_or_refused) {
    auto const id = begin();
    auto twice = in(id, "2025-11-25");
    twice.emplace_back("Accept", "application/json");
    twice.emplace_back("Accept", "text/event-stream");
    BOOST_TEST(post(request("ping"), twice).status == 200u);
    twice = in(id, "2025-11-25");
    twice.emplace_back("MCP-Protocol-Version", "2025-03-26");
    BOOST_TEST(post(request("ping"), twice).status == 400u);
    twice = in(id);
    twice.emplace_back("Mcp-Session-Id", "another");
    BOOST_TEST(post(request("ping"), twice).status == 400u);
    BOOST_TEST(b.send(http::verb::delete_, "/mcp", "", with_token(twice)).status == 400u);
    BOOST_TEST(post(request("ping"), in(id)).status == 200u);
}

// MCP 2025-11-25, Base Protocol, "Error Responses": the id of the request wherever it could be
// read.
BOOST_AUTO_TEST_CASE(an_unacceptable_answer_is_refused_under_the_id_of_its_request) {
    auto const a = post(request("ping", "", "\"p\""), {{"Accept", "application/json"}});
    BOOST_TEST(a.status == 406u);
    BOOST_TEST(a.json().at("id").as_string() == "p");
    BOOST_TEST(post("{", {{"Accept", "application/json"}}).status == 406u);
}

// MCP 2025-11-25, Lifecycle, "Initialization": version, capabilities and clientInfo MUST be sent.
BOOST_AUTO_TEST_CASE(initialize_with_a_wrong_member_is_bad_params_and_opens_nothing) {
    std::string const version = R"("protocolVersion":"2025-11-25")";
    std::string const client = R"(,"clientInfo":{"name":"t","version":"1"})";
    for (auto const& more :
         {client, R"(,"capabilities":[])" + client, R"(,"capabilities":null)" + client,
          std::string(R"(,"capabilities":{})"),
          std::string(R"(,"capabilities":{},"clientInfo":"t")"),
          std::string(R"(,"capabilities":{},"clientInfo":{"name":"t"})"),
          std::string(R"(,"capabilities":{},"clientInfo":{"name":1,"version":"1"})")}) {
        auto const a = post(request("initialize", '{' + version + more + '}'));
        BOOST_TEST(test::error_of(a) == -32602, more);
        BOOST_TEST(a.header("Mcp-Session-Id").empty());
    }
    BOOST_TEST(server.sessions(*b.realm) == 0u);
}

// MCP 2025-11-25, Progress, "Progress Flow": tokens MUST be a string or integer value.
BOOST_AUTO_TEST_CASE(a_meta_of_the_wrong_shape_is_bad_params) {
    auto const id = begin();
    for (std::string const meta : {"5", "[]", "null", R"({"progressToken":{}})",
                                   R"({"progressToken":null})", R"({"progressToken":1.5})"}) {
        auto const a = post(request("tools/list", R"({"_meta":)" + meta + '}'), in(id));
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(test::error_of(a) == -32602, meta);
    }
    BOOST_TEST(post(request("ping", R"({"_meta":{"progressToken":0}})"), in(id)).status == 200u);
}

// JSON-RPC 2.0 §4: an id is what the client chose, however odd.
BOOST_AUTO_TEST_CASE(odd_ids_and_members_that_nobody_knows_are_fine) {
    auto const id = begin();
    for (std::string const odd : {"0", "-1", "9223372036854775807", "18446744073709551615", R"("")",
                                  R"("\u0000\"\\\n")", R"("\ud83d\ude00")"}) {
        auto const a = post(request("ping", "", odd), in(id));
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(a.json().at("id") == json::parse(odd));
    }
    auto const more = R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":[{}]},"y":null})";
    BOOST_TEST(post(more, in(id)).status == 200u);
}

// MCP 2025-11-25, Base Protocol, "Notifications": the receiver MUST NOT send a response.
BOOST_AUTO_TEST_CASE(an_unknown_notification_is_taken_without_a_word) {
    auto const id = begin();
    for (auto const* odd :
         {R"({"jsonrpc":"2.0","method":"nonsense"})",
          R"({"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}})",
          R"({"jsonrpc":"2.0","method":"notifications/cancelled"})",
          R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}})",
          R"({"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":[]}})"}) {
        auto const a = post(odd, in(id));
        BOOST_TEST(a.status == 202u);
        BOOST_TEST(a.body.empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
