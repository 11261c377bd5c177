// Authorization as people who test clients meet it: tools that show the token and pass it on, and
// tool calls that need a token where nothing else does.
#include <fstream>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/folder.hpp"

namespace {

using namespace test;
namespace json = boost::json;

constexpr char hello[] = R"({"message":"Hello, ä & ö"})";

// The structured content of a tool call that was answered.
json::object content_of(raw_reply const& answer) {
    auto const body = json_of(answer);
    return body.at("result").at("structuredContent").as_object();
}

struct configured {
    folder where;
    std::string file = (where.path() / "config.toml").string();

    explicit configured(std::string const& toml) { std::ofstream(file) << toml; }
};

BOOST_AUTO_TEST_SUITE(testers_tools_flow)

BOOST_AUTO_TEST_CASE(passes_the_callers_token_to_our_own_api_and_reports_what_arrived) {
    configured const with("[tools]\nauthenticated_request = true\n");
    program p({}, with.file);
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const answer =
        call_tool(p.mcp(), client.now.access, session, "make_authenticated_request", hello);
    auto const about = content_of(answer);
    BOOST_TEST(about.at("status").as_int64() == 200);
    BOOST_TEST(about.at("url").as_string().ends_with("/anything"));
    BOOST_TEST(about.at("headers").as_object().contains("Content-Type"));
    auto const& arrived = about.at("body");
    BOOST_TEST(arrived.at("args").at("message").as_string() == "Hello, ä & ö");
    BOOST_TEST(arrived.at("headers").at("Authorization").as_string() == "Bearer ***");
    BOOST_TEST(arrived.at("subject").as_string() == "demo");
    BOOST_TEST(answer.body.find(client.now.access) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(reports_the_api_s_refusal_as_a_tool_error) {
    configured const with("[tools]\nauthenticated_request = true\n");
    // Without authorization nothing of the token is looked at, and there is none to pass on.
    program p({"mcp.auth=none", "mcp.sessions=stateless"}, with.file);
    auto const answer = call_tool(p.mcp(), "never-issued", "", "make_authenticated_request", hello);
    auto const body = json_of(answer);
    BOOST_TEST(body.at("result").at("isError").as_bool());
}

BOOST_AUTO_TEST_CASE(says_so_when_the_api_does_not_answer) {
    configured const with(
        "[tools]\nauthenticated_request = true\n"
        "authenticated_request_url = \"http://127.0.0.1:1/x?key=secret\"\n");
    program p({}, with.file);
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const answer =
        call_tool(p.mcp(), client.now.access, session, "make_authenticated_request", hello);
    BOOST_TEST(answer.status == 200u);
    BOOST_TEST(json_of(answer).at("result").at("isError").as_bool());
    BOOST_TEST(answer.body.find("http://127.0.0.1:1/x did not answer") != std::string::npos,
               answer.body);
    BOOST_TEST(answer.body.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(follows_no_redirect) {
    program elsewhere;
    login const there(elsewhere.mcp());
    // It answers with a redirect that carries an OAuth error.
    configured const with("[tools]\nauthenticated_request = true\nauthenticated_request_url = \"" +
                          elsewhere.issuer() +
                          "/authorize?response_type=code&client_id=" + there.client_id + "\"\n");
    program p({}, with.file);
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const answer =
        call_tool(p.mcp(), client.now.access, session, "make_authenticated_request", hello);
    auto const about = content_of(answer);
    BOOST_TEST(about.at("status").as_int64() == 302);
    BOOST_TEST(about.at("headers").as_object().contains("Location"));
}

BOOST_AUTO_TEST_CASE(the_tool_is_not_there_unless_the_file_allows_it) {
    program p;
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const answer =
        call_tool(p.mcp(), client.now.access, session, "make_authenticated_request", hello);
    BOOST_TEST(json_of(answer).at("error").at("code").as_int64() == -32602);
}

BOOST_AUTO_TEST_CASE(shows_the_ends_of_the_token_that_came) {
    program p;
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const answer = call_tool(p.mcp(), client.now.access, session, "show_auth_token", "{}");
    auto const& token = client.now.access;
    auto const shown = token.substr(0, 4) + "…" + token.substr(token.size() - 4);
    BOOST_TEST(std::string(content_of(answer).at("token").as_string()) == shown);
    BOOST_TEST(answer.body.find(token) == std::string::npos);
}

// What mcp-handler's withMcpAuth offers: anybody may look around, tools need a token.
BOOST_AUTO_TEST_CASE(under_tools_only_an_anonymous_session_logs_in_when_it_calls_a_tool) {
    program p({"mcp.auth=tools-only"});
    fields const plain{{"Accept", "application/json, text/event-stream"}};
    auto const opened = post_json(p.mcp(), initialize_body(), plain);
    BOOST_REQUIRE(opened.status == 200u);
    std::string const session(opened.header("Mcp-Session-Id"));
    auto in_session = plain;
    in_session.emplace_back("Mcp-Session-Id", session);
    auto const call = tool_call(2, "echo", hello);
    auto const refused = post_json(p.mcp(), call, in_session);
    BOOST_TEST(refused.status == 401u);
    BOOST_TEST(std::string(refused.header("WWW-Authenticate")).find("resource_metadata=") !=
               std::string::npos);
    auto bad = in_session;
    bad.emplace_back("Authorization", "Bearer nonsense");
    BOOST_TEST(post_json(p.mcp(), R"({"jsonrpc":"2.0","id":3,"method":"ping"})", bad).status ==
               401u);
    login const client(p.mcp());
    BOOST_TEST(call_tool(p.mcp(), client.now.access, session, "echo", hello).body.find("Hello") !=
               std::string::npos);
    // Adopted: nobody else gets in, not even nobody.
    BOOST_TEST(
        post_json(p.mcp(), R"({"jsonrpc":"2.0","id":4,"method":"ping"})", in_session).status ==
        404u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
