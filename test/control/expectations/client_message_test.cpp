// Messages of clients against the schema of their revision.
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "control/expectations/client_message.hpp"

using tollgate::control::flaw_of_client_message;

namespace {

std::string flaw(std::string const& message, std::string_view revision = "2025-11-25") {
    return flaw_of_client_message(boost::json::parse(message), revision).value_or("");
}

std::string request(std::string const& method, std::string const& params = "") {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + method + '"' +
           (params.empty() ? "" : ",\"params\":" + params) + '}';
}

std::string const modern_meta =
    R"("_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
    R"("io.modelcontextprotocol/clientCapabilities":{}})";

std::string const hello =
    R"({"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}})";

}  // namespace

BOOST_AUTO_TEST_SUITE(client_messages)

BOOST_AUTO_TEST_CASE(of_a_right_client_have_no_flaw) {
    for (auto const& message :
         {request("initialize", hello), request("ping"), request("tools/list"),
          request("tools/list", R"({"cursor":"2"})"),
          request("tools/call",
                  R"({"name":"add","arguments":{"a":1},"_meta":{"progressToken":7}})"),
          request("resources/read", R"({"uri":"file:///a"})"),
          request("prompts/get", R"({"name":"p","arguments":{"a":"b"}})"),
          request("logging/setLevel", R"({"level":"debug"})"),
          request("completion/complete",
                  R"({"ref":{"type":"ref/prompt","name":"p"},"argument":{"name":"a","value":""}})"),
          request("mine/own", R"({"what":"ever"})"),
          std::string(R"({"jsonrpc":"2.0","method":"notifications/initialized"})"),
          std::string(
              R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"x"}})"),
          std::string(R"({"jsonrpc":"2.0","id":"x","result":{"roots":[]}})"),
          std::string(R"({"jsonrpc":"2.0","id":3,"error":{"code":-1,"message":"no"}})")})
        BOOST_TEST(flaw(message) == "", message);
}

BOOST_AUTO_TEST_CASE(are_held_to_the_envelope_of_json_rpc) {
    BOOST_TEST(flaw(R"({"id":1,"method":"ping"})").starts_with("/jsonrpc: "));
    for (auto const* message :
         {R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
          R"({"jsonrpc":"2.0","id":null,"method":"ping"})",
          R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})", R"({"jsonrpc":"2.0","method":"ping"})",
          R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[]})",
          R"({"jsonrpc":"2.0","id":1,"result":"fine"})",
          R"({"jsonrpc":"2.0","id":1,"error":{"code":1}})", R"({"jsonrpc":"2.0","id":1})",
          R"("ping")", "7"})
        BOOST_TEST(flaw(message) != "", message);
}

BOOST_AUTO_TEST_CASE(are_held_to_the_params_of_their_method) {
    BOOST_TEST(flaw(request("tools/call")) == "/params: is missing");
    BOOST_TEST(flaw(request("tools/call", R"({"arguments":{}})")).starts_with("/params/name: "));
    BOOST_TEST(flaw(request("tools/call", R"({"name":"add","arguments":[1,2]})"))
                   .starts_with("/params/arguments: "));
    for (auto const& message :
         {request("initialize", R"({"protocolVersion":"2025-11-25","capabilities":{}})"),
          request(
              "initialize",
              R"({"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c"}})"),
          request("tools/list", R"({"cursor":2})"),
          request("ping", R"({"_meta":{"progressToken":true}})"),
          request("resources/read", R"({"uri":"not a uri"})"),
          request("logging/setLevel", R"({"level":"loud"})"),
          request("prompts/get", R"({"name":"p","arguments":{"a":1}})"),
          std::string(R"({"jsonrpc":"2.0","method":"notifications/progress","params":{}})")})
        BOOST_TEST(flaw(message) != "", message);
}

// MCP 2026-07-28, Overview, "_meta": version, client and capabilities stand in each request.
BOOST_AUTO_TEST_CASE(have_a_meta_of_their_own_since_2026_07_28) {
    auto const meta = '{' + modern_meta + '}';
    BOOST_TEST(flaw(request("tools/list", meta), "2026-07-28") == "");
    BOOST_TEST(flaw(request("server/discover", meta), "2026-07-28") == "");
    BOOST_TEST(flaw(request("tools/list"), "2026-07-28") == "/params: is missing");
    BOOST_TEST(flaw(request("tools/list", "{}"), "2026-07-28") != "");
    BOOST_TEST(flaw(request("tools/list", R"({"_meta":{}})"), "2026-07-28") != "");
    BOOST_TEST(flaw(request("tools/call", R"({"name":"a",)" + modern_meta + '}'), "2026-07-28") ==
               "");
    BOOST_TEST(flaw(request("tools/call", meta), "2026-07-28") != "");
    // Of a method that it does not have nothing is demanded but JSON-RPC.
    BOOST_TEST(flaw(request("ping"), "2026-07-28") == "");
}

BOOST_AUTO_TEST_CASE(are_batches_in_2025_03_26_alone) {
    auto const batch = '[' + request("ping") + ',' + request("tools/list") + ']';
    BOOST_TEST(flaw(batch, "2025-03-26") == "");
    BOOST_TEST(flaw(batch, "") == "");
    BOOST_TEST(flaw(batch, "2025-06-18") != "");
    BOOST_TEST(flaw('[' + request("ping") + ",{}]", "2025-03-26") != "");
}

BOOST_AUTO_TEST_SUITE_END()
