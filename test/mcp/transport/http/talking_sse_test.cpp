// Requests that talk over HTTP+SSE of 2024-11-05: everything comes on the session's one stream.
#include "mcp/transport/http/talking_fixture.hpp"

using test::parsed;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

struct fixture : test::talking_fixture {
    http::reply stream = b.raw(http::verb::get, "/sse", "", with_token({}));
    std::string where = events(*stream.stream).at(0).data;

    test::answer send(std::string const& body) { return b.post_json(where, body, with_token({})); }
    void begin_session() {
        BOOST_TEST(send(initialize("2024-11-05")).status == 202u);
        next();
        BOOST_TEST(send(R"({"jsonrpc":"2.0","method":"notifications/initialized"})").status ==
                   202u);
    }
    json::value next() {
        if (waiting.empty()) waiting = events(*stream.stream);
        BOOST_REQUIRE(!waiting.empty());
        auto const first = waiting.front();
        waiting.erase(waiting.begin());
        BOOST_TEST(first.id.empty());
        return parsed(first.data);
    }
    std::string text() {
        return std::string(next().at("result").at("content").at(0).at("text").as_string());
    }

    std::vector<sse::received> waiting;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_talking_sse, fixture)

// MCP 2024-11-05, Transports, "HTTP with SSE": server messages are sent as SSE `message` events.
BOOST_AUTO_TEST_CASE(notifications_and_the_answer_come_on_the_stream) {
    begin_session();
    BOOST_TEST(send(call("count", R"({"n":2,"gap":2})")).status == 202u);
    BOOST_TEST(next().at("params").at("progress").as_int64() == 1);
    BOOST_TEST(next().at("params").at("progress").as_int64() == 2);
    BOOST_TEST(text() == "counted");
}

BOOST_AUTO_TEST_CASE(questions_come_on_the_stream_and_answers_are_posted) {
    begin_session();
    BOOST_TEST(send(call("ask")).status == 202u);
    auto const asked = next();
    BOOST_TEST(asked.at("method").as_string() == "sampling/createMessage");
    BOOST_TEST(send(R"({"jsonrpc":"2.0","id":)" + json::serialize(asked.at("id")) +
                    R"(,"result":{"a":1}})")
                   .status == 202u);
    BOOST_TEST(text() == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(a_request_under_way_can_be_cancelled_and_others_go_on) {
    begin_session();
    BOOST_TEST(send(call("nap", R"({"ms":60000})", "5")).status == 202u);
    BOOST_TEST(send(call("nap", "{}", "5")).status == 400u);
    BOOST_TEST(send(call("quick", "{}", "6")).status == 202u);
    BOOST_TEST(next().at("id").as_int64() == 6);
    BOOST_TEST(send(R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
                    R"("params":{"requestId":5}})")
                   .status == 202u);
    let_run(20ms);
    BOOST_TEST(send(call("quick", "{}", "5")).status == 202u);
    BOOST_TEST(next().at("id").as_int64() == 5);
}

BOOST_AUTO_TEST_CASE(the_session_dies_with_its_stream_and_ends_what_is_under_way) {
    begin_session();
    BOOST_TEST(send(call("nap", R"({"ms":60000})", "5")).status == 202u);
    stream.stream.reset();
    BOOST_TEST(server.sessions(*b.realm) == 0u);
    BOOST_TEST(send(call("quick")).status == 404u);
    let_run(50ms);
    BOOST_TEST(b.io().stopped());
}

BOOST_AUTO_TEST_CASE(a_refusal_answers_the_post) {
    begin_session();
    BOOST_TEST(send(call("refuse")).status == 403u);
    BOOST_TEST(send(call("quick", "{}", "2")).status == 202u);
    BOOST_TEST(next().at("id").as_int64() == 2);  // the stream heard nothing of it
}

BOOST_AUTO_TEST_CASE(does_not_hang_up_and_is_told_of_news) {
    begin_session();
    BOOST_TEST(send(call("hang_up")).status == 202u);
    for (int i = 1; i <= 3; ++i)
        BOOST_TEST(next().at("params").at("progress").as_int64() == i);
    BOOST_TEST(text() == "counted");
}

BOOST_AUTO_TEST_SUITE_END()
