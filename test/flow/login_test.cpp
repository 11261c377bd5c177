// A client that is given nothing but the MCP URL, under each way of validating its token.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;

std::vector<std::string> with_strategy(std::string const& strategy) {
    std::vector<std::string> sets{"validation.strategy=" + strategy};
    if (strategy == "jwt") sets.emplace_back("tokens.format=jwt");
    return sets;
}

auto const strategies = boost::unit_test::data::make({"introspection", "userinfo", "jwt", "local"});

BOOST_AUTO_TEST_SUITE(login_flow)

BOOST_DATA_TEST_CASE(a_client_logs_in_and_calls_a_tool_over_streamable_http, strategies, strategy) {
    program p(with_strategy(strategy));
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const answer =
        call_tool(p.mcp(), client.now.access, session, "echo", R"({"message":"hello"})");
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(answer.body.find("hello") != std::string::npos);
    auto const who = call_tool(p.mcp(), client.now.access, session, "whoami", "{}");
    BOOST_TEST(who.body.find(strategy) != std::string::npos);
}

BOOST_DATA_TEST_CASE(a_client_calls_a_tool_over_http_with_sse, strategies, strategy) {
    program p(with_strategy(strategy));
    login const client(p.mcp());
    auto const stream = open("GET", p.sse(), bearer(client.now.access));
    auto const head = stream->read_until("\n\n");
    BOOST_TEST(head.starts_with("HTTP/1.1 200"));
    auto const at = head.find("/messages?sessionId=");
    BOOST_REQUIRE(at != std::string::npos);
    auto const endpoint = p.mcp_origin() + head.substr(at, head.find_first_of("\r\n", at) - at);
    auto const headers = bearer(client.now.access);
    BOOST_TEST(post_json(endpoint, initialize_body(), headers).status == 202u);
    BOOST_TEST(stream->read_until("\n\n").find("protocolVersion") != std::string::npos);
    auto const accepted = post_json(
        endpoint, tool_call(2, "echo_tool", R"({"message":"Hello from Inspector!"})"), headers);
    BOOST_TEST(accepted.status == 202u);
    auto const event = stream->read_until("\n\n");
    BOOST_TEST(event.find("Server received via SSE: Hello from Inspector!") != std::string::npos);
}

BOOST_DATA_TEST_CASE(a_refreshed_token_goes_on_with_the_session, strategies, strategy) {
    program p(with_strategy(strategy));
    login client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const first = client.now.access;
    client.refresh();
    BOOST_TEST(client.now.access != first);
    auto const answer = call_tool(p.mcp(), client.now.access, session, "add", R"({"a":2,"b":3})");
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(answer.body.find("\"5\"") != std::string::npos);
}

// RFC 9700 §2.3: a token that is meant for another resource server is refused
BOOST_DATA_TEST_CASE(a_token_of_another_realm_is_refused, strategies, strategy) {
    program p(with_strategy(strategy));
    login const elsewhere(p.mcp_origin() + "/s/plain/a-run-that-nobody-guesses/mcp");
    auto const answer = post_json(p.mcp(), initialize_body(), bearer(elsewhere.now.access));
    BOOST_TEST(answer.status == 401u);
    BOOST_TEST(answer.header("WWW-Authenticate").find("error=\"invalid_token\"") !=
               std::string::npos);
    BOOST_TEST(
        post_json(elsewhere.mcp_url, initialize_body(), bearer(elsewhere.now.access)).status ==
        200u);
}

BOOST_AUTO_TEST_CASE(a_token_is_good_under_every_loopback_name_of_its_realm) {
    program p;
    login const client(p.mcp());
    auto url = p.mcp();
    url.replace(url.find("localhost"), 9, "127.0.0.1");
    BOOST_TEST(post_json(url, initialize_body(), bearer(client.now.access)).status == 200u);
}

// RFC 8414 §3.3: issuer is the one that the address of the document was made from.
BOOST_AUTO_TEST_CASE(the_mcp_origin_is_a_second_issuer_of_the_same_server) {
    program p;
    auto const metadata = json_of(get(p.mcp_origin() + "/.well-known/oauth-authorization-server"));
    BOOST_TEST(text_of(metadata, "issuer") == p.mcp_origin());
    BOOST_TEST(text_of(metadata, "token_endpoint") == p.mcp_origin() + "/token");
}

BOOST_AUTO_TEST_CASE(somebody_elses_token_on_a_session_hears_what_an_unknown_session_hears) {
    program p({"users=[{name=\"demo\"}]"});
    login const owner(p.mcp());
    login const other(p.mcp());  // another client: registered anew
    auto const session = open_session(p.mcp(), owner.now.access);
    auto const foreign = call_tool(p.mcp(), other.now.access, session, "whoami", "{}");
    auto const unknown =
        call_tool(p.mcp(), other.now.access, std::string(session.size(), 'A'), "whoami", "{}");
    BOOST_TEST(foreign.status == 404u);
    BOOST_TEST(unknown.status == 404u);
    BOOST_TEST(foreign.body == unknown.body);
}

BOOST_AUTO_TEST_CASE(one_listener_serves_both_roles_when_the_addresses_are_equal) {
    // A port that was free a moment ago: equal addresses cannot be port 0.
    std::string address;
    {
        program const finder;
        address = "127.0.0.1:" + finder.issuer().substr(finder.issuer().rfind(':') + 1);
    }
    program p({"authorization_server.listen=" + address, "mcp.listen=" + address});
    BOOST_TEST(p.issuer() == "http://" + address);
    login const client(p.mcp());
    BOOST_TEST(client.issuer == p.issuer());
    open_session(p.mcp(), client.now.access);
    auto const state = json_of(get(p.issuer() + "/control/state"));
    BOOST_TEST(state.as_object().at("sessions").to_number<int>() == 1);
    BOOST_TEST(state.as_object().at("tokenCalls").to_number<int>() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
