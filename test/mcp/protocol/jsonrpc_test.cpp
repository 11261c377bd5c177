#include "mcp/protocol/jsonrpc.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::mcp;

namespace {

// The value must outlive what points into it.
struct parsed_message {
    json::value body;
    boost::system::result<message, not_a_message> got;

    explicit parsed_message(char const* text) : body(json::parse(text)), got(classify(body)) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_jsonrpc)

BOOST_AUTO_TEST_CASE(tells_requests_notifications_and_responses_apart) {
    parsed_message const r(
        R"({"jsonrpc":"2.0","id":"a","method":"ping","params":{"_meta":{"k":1}}})");
    BOOST_REQUIRE(r.got.has_value());
    BOOST_TEST((r.got->kind == message::kind::request));
    BOOST_TEST(r.got->method == "ping");
    BOOST_TEST(r.got->meta->at("k").as_int64() == 1);
    parsed_message const n(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
    BOOST_REQUIRE(n.got.has_value());
    BOOST_TEST((n.got->kind == message::kind::notification));
    BOOST_TEST((n.got->params == nullptr));
    for (auto const* text : {R"({"jsonrpc":"2.0","id":1,"result":{}})",
                             R"({"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"x"}})",
                             R"({"jsonrpc":"2.0","error":{"code":1,"message":"x"}})"}) {
        parsed_message const p(text);
        BOOST_REQUIRE_MESSAGE(p.got.has_value(), text);
        BOOST_TEST((p.got->kind == message::kind::response));
    }
}

BOOST_AUTO_TEST_CASE(refuses_what_json_rpc_does_not_allow) {
    for (auto const* text : {
             R"("text")",
             "[]",
             "17",
             "{}",
             R"({"id":1,"method":"ping"})",
             R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
             R"({"jsonrpc":2.0,"id":1,"method":"ping"})",
             R"({"jsonrpc":"2.0","id":1})",
             R"({"jsonrpc":"2.0","id":1,"method":7})",
             R"({"jsonrpc":"2.0","id":1,"method":""})",
             R"({"jsonrpc":"2.0","id":1,"method":"x","params":[1]})",
             R"({"jsonrpc":"2.0","id":1,"method":"x","params":"y"})",
             R"({"jsonrpc":"2.0","id":1,"method":"x","result":{}})",
             R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})",
         }) {
        parsed_message const p(text);
        BOOST_TEST(!p.got.has_value(), text);
    }
}

// MCP "Requests": the id MUST be a string or integer and MUST NOT be null.
BOOST_AUTO_TEST_CASE(takes_only_strings_and_integers_for_an_id) {
    for (auto const* id : {"null", "1.5", "true", "{}", "[]"}) {
        auto const text = std::string(R"({"jsonrpc":"2.0","method":"ping","id":)") + id + '}';
        parsed_message const p(text.c_str());
        BOOST_REQUIRE(!p.got.has_value());
        BOOST_TEST((p.got.error().id == nullptr));
    }
    for (auto const* id : {"0", "-7", "18446744073709551615", R"("")", R"("x")"}) {
        auto const text = std::string(R"({"jsonrpc":"2.0","method":"ping","id":)") + id + '}';
        parsed_message const p(text.c_str());
        BOOST_TEST(p.got.has_value(), id);
    }
}

BOOST_AUTO_TEST_CASE(keeps_the_id_of_a_bad_request_where_it_can_be_read) {
    parsed_message const p(R"({"jsonrpc":"2.0","id":9})");
    BOOST_REQUIRE(!p.got.has_value());
    BOOST_TEST(p.got.error().id->as_int64() == 9);
}

BOOST_AUTO_TEST_CASE(writes_ids_back_as_they_came) {
    BOOST_TEST(response_text(json::value(-5), "{}") == R"({"jsonrpc":"2.0","id":-5,"result":{}})");
    BOOST_TEST(response_text(json::parse("18446744073709551615"), "{}") ==
               R"({"jsonrpc":"2.0","id":18446744073709551615,"result":{}})");
    BOOST_TEST(response_text(json::value("a\"b"), "{}") ==
               R"({"jsonrpc":"2.0","id":"a\"b","result":{}})");
}

// JSON-RPC 2.0 §5: null when the id could not be read; the MCP schemas since 2025-11-25: absent.
BOOST_AUTO_TEST_CASE(writes_errors_with_and_without_an_id) {
    rpc_error const e(-32601, "Method \"x\" not found");
    BOOST_TEST(
        error_text(nullptr, e) ==
        R"({"jsonrpc":"2.0","id":null,"error":{"code":-32601,"message":"Method \"x\" not found"}})");
    BOOST_TEST(error_text(nullptr, e, unknown_id::absent) ==
               R"({"jsonrpc":"2.0","error":{"code":-32601,"message":"Method \"x\" not found"}})");
    rpc_error const with_data(-32022, "m", json::object{{"requested", "v"}});
    json::value const id(3);
    BOOST_TEST(
        error_text(&id, with_data) ==
        R"({"jsonrpc":"2.0","id":3,"error":{"code":-32022,"message":"m","data":{"requested":"v"}}})");
}

BOOST_AUTO_TEST_CASE(writes_notifications_and_batches) {
    BOOST_TEST(notification_text("n", json::object{{"a", 1}}) ==
               R"({"jsonrpc":"2.0","method":"n","params":{"a":1}})");
    BOOST_TEST(batch_text({"1", "2"}) == "[1,2]");
}

BOOST_AUTO_TEST_SUITE_END()
