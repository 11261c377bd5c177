// Requests of the server to the client, and the answers that the client posts.
#include "mcp/transport/http/talking_fixture.hpp"

using test::parsed;
using test::text_in;
using test::text_of;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

struct fixture : test::talking_fixture {
    std::string id = ready("2025-06-18");
    http::reply open;

    // The id of the question that the tool asks.
    std::string question() {
        open = open_call(id, call("ask"));
        auto const got = events(*open.stream);
        BOOST_REQUIRE(got.size() == 1u);
        auto const asked = parsed(got[0].data);
        BOOST_TEST(asked.at("method").as_string() == "sampling/createMessage");
        BOOST_TEST(asked.at("params").at("messages").at(0).at("content").at("text") == "?");
        return json::serialize(asked.at("id"));
    }
    test::answer reply_to(std::string const& question_id, std::string const& rest,
                          std::string const& session = "") {
        return post(R"({"jsonrpc":"2.0","id":)" + question_id + "," + rest + "}",
                    in(session.empty() ? id : session));
    }
    std::string outcome() { return text_in(rest(*open.stream).back()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_asking, fixture)

// MCP 2025-11-25, Transports, "Sending Messages to the Server": a posted response is accepted with
// 202 and no body.
BOOST_AUTO_TEST_CASE(the_result_goes_to_the_request_that_waits_for_it) {
    auto const q = question();
    auto const a = reply_to(q, R"("result":{"model":"m"})");
    BOOST_TEST(a.status == 202u);
    BOOST_TEST(a.body.empty());
    BOOST_TEST(outcome() == R"({"model":"m"})");
}

BOOST_AUTO_TEST_CASE(an_error_of_the_client_is_told_to_the_tool) {
    auto const q = question();
    BOOST_TEST(reply_to(q, R"("error":{"code":-1,"message":"User said no"})").status == 202u);
    BOOST_TEST(outcome() == "-1 User said no");
}

BOOST_AUTO_TEST_CASE(an_answer_that_nobody_waits_for_is_ignored) {
    auto const q = question();
    for (auto const* other : {"4711", R"("1")", R"("x")", "-1"}) {
        BOOST_TEST(reply_to(other, R"("result":{"wrong":1})").status == 202u);
    }
    BOOST_TEST(reply_to(q, R"("result":{"right":1})").status == 202u);
    BOOST_TEST(reply_to(q, R"("result":{"twice":1})").status == 202u);
    BOOST_TEST(outcome() == R"({"right":1})");
}

BOOST_AUTO_TEST_CASE(answers_are_bound_to_the_session_and_its_principal) {
    auto const q = question();
    token = "bob";
    BOOST_TEST(reply_to(q, R"("result":{"forged":1})").status == 404u);
    auto const other = ready("2025-06-18");
    BOOST_TEST(reply_to(q, R"("result":{"forged":1})", other).status == 202u);
    token = "alice";
    BOOST_TEST(reply_to(q, R"("result":{"own":1})").status == 202u);
    BOOST_TEST(outcome() == R"({"own":1})");
}

BOOST_AUTO_TEST_CASE(a_message_with_result_and_error_is_neither) {
    auto const q = question();
    BOOST_TEST(reply_to(q, R"("result":{},"error":{"code":1,"message":"m"})").status == 400u);
    BOOST_TEST(reply_to(q, R"("error":"text")").status == 400u);
    BOOST_TEST(reply_to(q, R"("result":{"ok":1})").status == 202u);
    BOOST_TEST(outcome() == R"({"ok":1})");
}

// MCP 2025-11-25, Lifecycle, "Timeouts": the sender cancels what it stops waiting for.
BOOST_AUTO_TEST_CASE(a_client_that_does_not_answer_is_told_that_it_is_too_late) {
    change_policy([](mcp::policy& p) { p.ask_timeout = 10ms; });
    auto const q = question();
    auto const all = rest(*open.stream);
    BOOST_REQUIRE(all.size() == 2u);
    auto const cancelled = parsed(all[0].data);
    BOOST_TEST(cancelled.at("method").as_string() == "notifications/cancelled");
    BOOST_TEST(json::serialize(cancelled.at("params").at("requestId")) == q);
    BOOST_TEST(text_in(all[1]).starts_with("-32603 The client took too long"));
    BOOST_TEST(reply_to(q, R"("result":{})").status == 202u);
}

BOOST_AUTO_TEST_CASE(a_cancelled_request_takes_its_question_back) {
    auto const q = question();
    BOOST_TEST(cancel(id, "1").status == 202u);
    auto const all = rest(*open.stream);
    BOOST_REQUIRE(all.size() == 1u);
    BOOST_TEST(parsed(all[0].data).at("method").as_string() == "notifications/cancelled");
    BOOST_TEST(reply_to(q, R"("result":{})").status == 202u);
}

// MCP 2025-11-25, Lifecycle, "Initialization": no requests but ping before the initialized
// notification.
BOOST_AUTO_TEST_CASE(nobody_is_asked_before_the_initialized_notification) {
    auto const early = begin("2025-06-18");
    BOOST_TEST(text_of(post(call("ask"), in(early))).find("initialized") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_session_ends_the_wait) {
    question();
    server.drop_sessions(*b.realm);
    BOOST_TEST(ends(*open.stream));
    let_run(20ms);
    BOOST_TEST(b.io().stopped());
}

BOOST_AUTO_TEST_CASE(the_question_outlives_a_dropped_connection) {
    open = open_call(id, call("ask"));
    auto const asked = events(*open.stream).at(0);
    open.stream.reset();
    auto const q = json::serialize(parsed(asked.data).at("id"));
    BOOST_TEST(reply_to(q, R"("result":{"late":1})").status == 202u);
    auto const again = open_get(id, asked.id);
    BOOST_TEST(text_in(rest(*again.stream).back()) == R"({"late":1})");
}

BOOST_AUTO_TEST_SUITE_END()
