// `tollgate stdio`: the executable, spoken to through pipes.
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "flow/stdio_program.hpp"

namespace {

using namespace test;
using namespace test::pipes;
namespace json = boost::json;

BOOST_AUTO_TEST_SUITE(stdio_flow)

// MCP 2025-11-25, Transports, "stdio": nothing on stdout that is not a valid MCP message
BOOST_AUTO_TEST_CASE(answers_every_line_and_ends_well_at_the_end_of_the_input) {
    for (std::string const version : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"}) {
        auto const e = stdio(begin(version) + request(2, "tools/list") + call(3, "whoami", "{}"));
        BOOST_TEST(e.code == 0, e.err);
        BOOST_TEST(e.out.size() == 3u);
        BOOST_TEST(answer(e, 1).at("result").at("protocolVersion").as_string() == version);
        BOOST_TEST(!answer(e, 2).at("result").at("tools").as_array().empty());
        BOOST_TEST(text_in(answer(e, 3)).find(R"("transport":"stdio")") != std::string::npos);
    }
}

// MCP 2026-07-28, Versioning: no handshake; every request carries its version
BOOST_AUTO_TEST_CASE(speaks_the_modern_era_without_any_header) {
    auto const meta = modern_meta();
    auto const e = stdio(request(1, "server/discover", '{' + meta + '}') +
                         call(2, "echo", R"({"message":"hello"})", ',' + meta));
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(answer(e, 1).at("result").at("resultType").as_string() == "complete");
    BOOST_TEST(text_in(answer(e, 2)) == "hello");
}

BOOST_AUTO_TEST_CASE(sends_progress_before_the_answer_and_finishes_after_the_input) {
    auto const e =
        stdio(begin() + call(2, "slow", R"({"seconds":0.3})", R"(,"_meta":{"progressToken":"p"})"));
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(text_in(answer(e, 2)) == "Done.");
    BOOST_REQUIRE(e.out.size() >= 3u);
    BOOST_TEST(e.out[1].at("method").as_string() == "notifications/progress");
    BOOST_TEST(e.out.back().at("id") == json::value(2));
}

BOOST_AUTO_TEST_CASE(answers_others_while_one_is_slow) {
    auto const e = stdio(begin() + call(2, "slow", R"({"seconds":1})") + request(3, "ping"));
    BOOST_TEST(e.out.size() == 3u);
    BOOST_TEST(e.out[1].at("id") == json::value(3));
    BOOST_TEST(text_in(answer(e, 2)) == "Done.");
}

// MCP 2025-11-25, Cancellation, "Behavior Requirements": no response to what was cancelled
BOOST_AUTO_TEST_CASE(a_cancelled_request_is_not_answered) {
    auto const e = stdio(begin() + call(2, "slow", R"({"seconds":600})") +
                         R"({"jsonrpc":"2.0","method":"notifications/cancelled",)" +
                         "\"params\":{\"requestId\":2}}\n" + request(3, "ping"));
    BOOST_TEST(e.code == 0, e.err);
    answer(e, 3);
    BOOST_TEST(e.out.size() == 2u);
}

// MCP 2025-11-25, Cancellation, "Behavior Requirements": the receiver stops processing
BOOST_AUTO_TEST_CASE(a_request_that_was_cancelled_while_it_talked_is_not_asked_about_again) {
    conversation with(begin() +
                      call(2, "slow", R"({"seconds":60})", R"(,"_meta":{"progressToken":1})"));
    with.hear("notifications/progress");
    with.say(R"({"jsonrpc":"2.0","method":"notifications/cancelled",)"
             "\"params\":{\"requestId\":2}}\n" +
             request(3, "ping"));
    with.hear(R"("id":3)");
    auto const e = with.close();
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.out.at(1).at("method").as_string() == "notifications/progress");
    for (auto const& line : e.out) {
        auto const* const id = line.as_object().if_contains("id");
        BOOST_TEST((id == nullptr || *id != json::value(2)));
    }
    std::size_t streams = 0;
    for (auto at = e.err.find("method=GET"); at != std::string::npos;
         at = e.err.find("method=GET", at + 1))
        ++streams;
    BOOST_TEST(streams <= 1u, e.err);
}

BOOST_AUTO_TEST_CASE(what_outlives_the_grace_is_cancelled_and_the_end_is_clean) {
    auto const e = stdio(begin() + call(2, "slow", R"({"seconds":60})"),
                         "--set mcp.auth=none --set server.drain_timeout=200ms");
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.out.size() == 1u);
}

// JSON-RPC 2.0 §5.1: -32700 for what is no JSON, -32600 for what is no message
BOOST_AUTO_TEST_CASE(answers_garbage_and_goes_on) {
    auto const e =
        stdio("{nonsense\n\n[]\n42\n" + begin() + "{\"jsonrpc\":\"1.0\"}\n" + request(9, "ping"));
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(e.out.front().at("error").at("code").as_int64() == -32700);
    BOOST_TEST(e.out[1].at("error").at("code").as_int64() == -32600);
    answer(e, 9);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_answered_and_skipped) {
    auto const e =
        stdio(std::string(5000, 'x') + '\n' + request(9, "ping", "{}"),
              "--set mcp.auth=none --set server.max_body=1000 --set mcp.sessions=stateless");
    BOOST_TEST(e.code == 0, e.err);
    BOOST_REQUIRE(!e.out.empty());
    BOOST_TEST(e.out.front().at("error").at("code").as_int64() == -32700);
}

BOOST_AUTO_TEST_CASE(reads_a_file_and_a_last_line_without_an_end) {
    auto input = begin() + request(2, "ping");
    input.pop_back();
    auto const e = stdio(input, "--set mcp.auth=none <input", {}, "");
    BOOST_TEST(e.code == 0, e.err);
    answer(e, 2);
}

BOOST_AUTO_TEST_CASE(ends_when_nobody_reads) {
    std::string many = begin();
    for (int i = 2; i < 2000; ++i)
        many += request(i, "tools/list");
    conversation with(many, "--set mcp.auth=none --set server.log_level=off");
    with.hear(R"("id":1)");
    BOOST_TEST(with.deafened() != 124);
}

BOOST_AUTO_TEST_CASE(wants_a_token_and_says_so) {
    auto const e = stdio(begin(), "");
    BOOST_TEST(e.code == 2);
    BOOST_TEST(e.out.empty());
    BOOST_TEST(e.err.find("MCP_ACCESS_TOKEN") != std::string::npos, e.err);
}

BOOST_AUTO_TEST_CASE(a_strategy_that_can_know_no_token_is_refused) {
    auto const e = stdio(begin(), "--set validation.strategy=local", "some-token");
    BOOST_TEST(e.code == 2);
    BOOST_TEST(e.err.find("\"local\"") != std::string::npos, e.err);
}

// A token of a running server, asked about at that server.
struct running {
    program p{{"validation.strategy=userinfo"}};  // so that the challenge asks for openid
    login client{p.mcp()};
    std::string base = "--set authorization_server.listen=" + p.issuer().substr(7) +
                       " --set mcp.listen=" + p.mcp_origin().substr(7);
};

BOOST_FIXTURE_TEST_CASE(a_token_of_a_running_server_lets_in, running) {
    auto const e = stdio(begin() + call(2, "whoami", "{}"),
                         base + " --set validation.strategy=userinfo", client.now.access);
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(text_in(answer(e, 2)).find(R"("subject":"demo")") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_token_that_nobody_issued_is_refused, running) {
    auto const e = stdio(begin(), base + " --set validation.strategy=userinfo", "no-such-token");
    BOOST_TEST(e.code == 1);
    BOOST_TEST(e.out.empty());
    BOOST_TEST(e.err.find("refused") != std::string::npos, e.err);
    BOOST_TEST(e.err.find("no-such-token") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(a_server_that_keeps_introspection_to_itself_is_named, running) {
    auto const e = stdio(begin(), base, client.now.access);
    BOOST_TEST(e.code == 1);
    BOOST_TEST(e.err.find("validation.client_id") != std::string::npos, e.err);
}

BOOST_AUTO_TEST_CASE(a_token_without_openid_is_told_apart_from_a_bad_one) {
    program p;
    login client(p.mcp());
    auto const e = stdio(begin(),
                         "--set validation.strategy=userinfo --set authorization_server.listen=" +
                             p.issuer().substr(7) + " --set mcp.listen=" + p.mcp_origin().substr(7),
                         client.now.access);
    BOOST_TEST(e.code == 1);
    BOOST_TEST(e.err.find("tokens with the scope openid") != std::string::npos, e.err);
}

BOOST_FIXTURE_TEST_CASE(ends_when_the_token_dies, running) {
    conversation with(begin(),
                      base + " --set validation.strategy=userinfo --set validation.recheck=100ms",
                      client.now.access);
    with.hear(R"("id":1)");
    BOOST_TEST(post_json(p.issuer() + "/control/revoke-access", "{}").status == 200u);
    auto const e = with.left();
    BOOST_TEST(e.code == 1);
    answer(e, 1);
    BOOST_TEST(e.err.find("invalid_token") != std::string::npos, e.err);
}

BOOST_AUTO_TEST_CASE(under_tools_only_a_tool_call_without_a_token_is_an_error) {
    auto const e = stdio(begin() + request(2, "tools/list") + call(3, "echo", R"({"message":"m"})"),
                         "--set mcp.auth=tools-only");
    BOOST_TEST(e.code == 0, e.err);
    BOOST_TEST(answer(e, 2).contains("result"));
    auto const third = answer(e, 3);
    auto const& refused = third.at("error").as_object();
    BOOST_TEST(refused.at("code").as_int64() == 401);
    BOOST_TEST(refused.at("data").at("status").as_int64() == 401);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
