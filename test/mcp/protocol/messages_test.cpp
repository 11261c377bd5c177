// JSON-RPC messages, clause by clause: what they hold, why they are refused, how they are written.

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "mcp/protocol/jsonrpc.hpp"

namespace mcp = tollgate::mcp;
namespace json = boost::json;
using kind = enum mcp::message::kind;

namespace {

// The value must outlive what points into it.
struct parsed_message {
    json::value body;
    boost::system::result<mcp::message, mcp::not_a_message> got;

    explicit parsed_message(std::string const& text)
        : body(json::parse(text)), got(mcp::classify(body)) {}
};

// A JSON-RPC 2.0 object with these further members.
std::string with(std::string const& members) {
    return R"({"jsonrpc":"2.0",)" + members + '}';
}

}  // namespace

BOOST_AUTO_TEST_SUITE(mcp_messages)

BOOST_AUTO_TEST_CASE(a_refusal_says_what_is_wrong) {
    struct row {
        std::string text;
        char const* why;
    };
    row const rows[] = {
        {"[]", "a message is an object"},
        {R"({"id":1,"method":"m"})", R"(jsonrpc must be "2.0")"},
        {with(R"("id":[],"method":"m")"), "id must be a string or an integer"},
        {with(R"("id":1)"), "there is no method"},
        {with(R"("id":1,"result":{},"error":{})"), "result and error exclude each other"},
        {with(R"("result":{})"), "a result has the id of its request"},
        {with(R"("id":1,"error":"x")"), "error must be an object"},
        {with(R"("id":1,"method":["m"])"), "method must be a string"},
        {with(R"("id":1,"method":"m","error":{})"), "a request has no result and no error"},
        {with(R"("id":1,"method":"m","params":null)"),
         "params is null: leave it out, or send an object"},
        {with(R"("id":1,"method":"m","params":[])"), "params must be an object"},
    };
    for (auto const& r : rows) {
        parsed_message const p(r.text);
        BOOST_REQUIRE_MESSAGE(!p.got.has_value(), r.text);
        BOOST_TEST(p.got.error().why == r.why);
    }
}

// MCP 2025-11-25, Base Protocol, "Error Responses": the id of the request, whatever else is wrong
// with it; but not what is no id.
BOOST_AUTO_TEST_CASE(a_refusal_keeps_every_id_that_could_be_read) {
    for (auto const* rest :
         {R"("id":"x")", R"("id":"x","method":7)", R"("id":"x","method":"m","params":7)",
          R"("id":"x","method":"m","result":{})", R"("id":"x","error":7)"}) {
        parsed_message const p(with(rest));
        BOOST_REQUIRE_MESSAGE(!p.got.has_value(), rest);
        BOOST_REQUIRE(p.got.error().id != nullptr);
        BOOST_TEST(*p.got.error().id == "x");
    }
    for (auto const* id : {"null", "1.5", "{}", "false"}) {
        parsed_message const p(with(std::string(R"("method":7,"id":)") + id));
        BOOST_REQUIRE(!p.got.has_value());
        BOOST_TEST((p.got.error().id == nullptr), id);
    }
}

// JSON-RPC 2.0 §4: other members are nobody's business, in any order.
BOOST_AUTO_TEST_CASE(members_that_nobody_knows_change_nothing) {
    parsed_message const p(
        R"({"extra":[1],"params":{"a":1},"method":"m","id":1,"_meta":{"x":1},"jsonrpc":"2.0"})");
    BOOST_REQUIRE(p.got.has_value());
    BOOST_TEST((p.got->kind == kind::request));
    BOOST_TEST(p.got->params->at("a") == 1);
    BOOST_TEST((p.got->meta == nullptr));
}

// JSON-RPC 2.0 §5: a response has a result or an error, and is none of the others.
BOOST_AUTO_TEST_CASE(a_response_holds_its_result_or_its_error) {
    parsed_message const good(with(R"("id":7,"result":{"a":1})"));
    BOOST_REQUIRE(good.got.has_value());
    BOOST_TEST(good.got->id->as_int64() == 7);
    BOOST_TEST(good.got->result->at("a") == 1);
    BOOST_TEST((good.got->error == nullptr));
    BOOST_TEST(good.got->method.empty());
    parsed_message const bad(with(R"("id":"s","error":{"code":-1,"message":"no"})"));
    BOOST_REQUIRE(bad.got.has_value());
    BOOST_TEST((bad.got->result == nullptr));
    BOOST_TEST(bad.got->error->at("code") == -1);
    parsed_message const lost(with(R"("error":{"code":-32700,"message":"no"})"));
    BOOST_REQUIRE(lost.got.has_value());
    BOOST_TEST((lost.got->id == nullptr));
}

BOOST_AUTO_TEST_CASE(a_meta_that_is_no_object_is_not_taken_for_one) {
    for (auto const* meta : {"7", "null", "[]", R"("x")"}) {
        parsed_message const p(
            with(std::string(R"("id":1,"method":"m","params":{"_meta":)") + meta + '}'));
        BOOST_REQUIRE(p.got.has_value());
        BOOST_TEST((p.got->meta == nullptr), meta);
        BOOST_TEST((p.got->params != nullptr), meta);
    }
}

// MCP 2025-11-25, Schema, JSONRPCErrorResponse: the id is optional; before, it was required.
BOOST_AUTO_TEST_CASE(an_unknown_id_is_written_as_the_revision_wants) {
    for (auto const r : mcp::all_revisions) {
        auto const wanted =
            r < mcp::revision::v2025_11_25 ? mcp::unknown_id::null : mcp::unknown_id::absent;
        BOOST_TEST((mcp::id_style(r) == wanted), r);
    }
}

// RFC 8259 §7: quotes, backslashes and control characters are escaped, and come back.
BOOST_AUTO_TEST_CASE(texts_with_every_odd_character_come_back_as_they_were) {
    std::string odd = "\"\\/ \xc3\xa4\xf0\x9f\x98\x80";
    for (char c = 0; c < 0x20; ++c)
        odd += c;
    json::value const id(odd);
    auto const failed =
        json::parse(mcp::error_text(&id, mcp::rpc_error(-1, odd, json::value(odd))));
    BOOST_TEST(failed.at("id") == id);
    BOOST_TEST(failed.at("error").at("message").as_string() == odd);
    BOOST_TEST(failed.at("error").at("data").as_string() == odd);
    auto const told = json::parse(mcp::notification_text(odd, json::object{{odd, odd}}));
    BOOST_TEST(told.at("method").as_string() == odd);
    BOOST_TEST(told.at("params").at(odd).as_string() == odd);
    BOOST_TEST(json::parse(mcp::response_text(id, "{}")).at("id") == id);
}

// JSON-RPC 2.0 §5.1: data may be any value, and may be omitted.
BOOST_AUTO_TEST_CASE(data_is_left_out_only_where_there_is_none) {
    json::value const id(1);
    auto const members = [&](json::value data) {
        auto const text = mcp::error_text(&id, mcp::rpc_error(-1, "m", std::move(data)));
        return json::parse(text).at("error").as_object();
    };
    BOOST_TEST(!members(nullptr).contains("data"));
    BOOST_TEST(members(false).at("data") == false);
    BOOST_TEST(members(0).at("data") == 0);
    BOOST_TEST(members(json::object()).at("data") == json::object());
}

BOOST_AUTO_TEST_SUITE_END()
