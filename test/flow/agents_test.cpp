// mcp.path = "/{agent}/mcp": many MCP servers under one authorization server.
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;

struct fixture {
    program p{{"mcp.path=/{agent}/mcp"}};
    std::string origin = p.mcp().substr(0, p.mcp().find("/{agent}"));

    std::string mcp_of(std::string const& agent) const { return origin + '/' + agent + "/mcp"; }
    std::string document_of(std::string const& path) const {
        return origin + "/.well-known/oauth-protected-resource" + path;
    }
    static unsigned initialize_status(std::string const& url, std::string const& token) {
        auto headers = bearer(token);
        headers.emplace_back("Accept", "application/json, text/event-stream");
        return post_json(url, initialize_body(), headers).status;
    }
};

// Names no resource when it asks; at the token endpoint `narrowed_to`, unless that is empty.
std::string login_without_resource(std::string const& issuer, std::string const& narrowed_to) {
    std::string const back = "http://127.0.0.1:33418/callback";
    auto const made = post_json(issuer + "/register", R"({"redirect_uris":[")" + back +
                                                          R"("],"token_endpoint_auth_method":)"
                                                          R"("none"})");
    auto const id = text_of(json_of(made), "client_id");
    auto const sent_back =
        get(issuer + "/authorize?response_type=code&client_id=" + id +
            "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method="
            "S256");
    std::string const location(sent_back.header("Location"));
    auto const at = location.find("code=") + 5;
    fields form{{"grant_type", "authorization_code"},
                {"code", location.substr(at, location.find('&', at) - at)},
                {"client_id", id},
                {"code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"}};
    if (!narrowed_to.empty()) form.emplace_back("resource", narrowed_to);
    auto const answer = post_form(issuer + "/token", form);
    BOOST_REQUIRE_MESSAGE(answer.status == 200u, location + ' ' + answer.body);
    return text_of(json_of(answer), "access_token");
}

BOOST_FIXTURE_TEST_SUITE(agents_flow, fixture)

BOOST_AUTO_TEST_CASE(announces_the_pattern_of_its_urls) {
    BOOST_TEST(p.mcp() == origin + "/{agent}/mcp");
    BOOST_TEST(p.sse() == origin + "/{agent}/sse");
}

// RFC 9728 §3.3: the document's resource is the URL that it was asked for
BOOST_AUTO_TEST_CASE(each_agent_has_its_own_metadata_and_challenge) {
    for (std::string const agent : {"alice", "bob-2"}) {
        auto const refused = post_json(mcp_of(agent), initialize_body());
        BOOST_TEST(refused.status == 401u);
        auto const named = "resource_metadata=\"" + document_of('/' + agent + "/mcp") + '"';
        BOOST_TEST(std::string(refused.header("WWW-Authenticate")).find(named) != std::string::npos,
                   refused.header("WWW-Authenticate"));
        auto const document = get(document_of('/' + agent + "/mcp"));
        BOOST_TEST(text_of(json_of(document), "resource") == mcp_of(agent));
        auto const sse = get(document_of('/' + agent + "/sse"));
        BOOST_TEST(text_of(json_of(sse), "resource") == origin + '/' + agent + "/sse");
    }
}

BOOST_AUTO_TEST_CASE(the_origin_is_no_resource) {
    BOOST_TEST(get(document_of("")).status == 404u);
    BOOST_TEST(get(document_of("/mcp")).status == 404u);
    BOOST_TEST(post_json(origin + "/mcp", initialize_body()).status == 404u);
}

// RFC 8707 §2: a token for one resource is none for another
// RFC 9700 §2.3: a token that is meant for another resource server is refused
// RFC 9068 §4: a token without this resource in its aud is rejected.
// RFC 9068 §5: distinct resources have distinct audiences.
BOOST_AUTO_TEST_CASE(a_token_for_one_agent_is_refused_by_another) {
    login const client(mcp_of("alice"));
    BOOST_TEST(client.resource == mcp_of("alice"));
    BOOST_TEST(initialize_status(mcp_of("alice"), client.now.access) == 200u);
    BOOST_TEST(initialize_status(mcp_of("bob"), client.now.access) == 401u);
    BOOST_TEST(get(origin + "/bob/sse", bearer(client.now.access)).status == 401u);
    auto const who = call_tool(mcp_of("alice"), client.now.access,
                               open_session(mcp_of("alice"), client.now.access), "whoami", "{}");
    BOOST_TEST(who.body.find(mcp_of("alice")) != std::string::npos);
    BOOST_TEST(who.body.find("\\\"agent\\\":\\\"alice\\\"") != std::string::npos, who.body);
}

BOOST_AUTO_TEST_CASE(a_refreshed_token_stays_with_its_agent) {
    login client(mcp_of("alice"));
    client.refresh();
    BOOST_TEST(initialize_status(mcp_of("alice"), client.now.access) == 200u);
    BOOST_TEST(initialize_status(mcp_of("bob"), client.now.access) == 401u);
}

BOOST_AUTO_TEST_CASE(what_is_no_name_is_no_agent) {
    BOOST_TEST(post_json(mcp_of("a%20b"), initialize_body()).status == 404u);
    BOOST_TEST(post_json(mcp_of("control"), initialize_body()).status == 404u);
    BOOST_TEST(get(document_of("/.hidden/mcp")).status == 404u);
}

BOOST_AUTO_TEST_CASE(works_over_http_with_sse) {
    login const client(mcp_of("alice"));
    auto const stream = open("GET", origin + "/alice/sse", bearer(client.now.access));
    auto const head = stream->read_until("\n\n");
    BOOST_TEST(head.find("data: /alice/messages?sessionId=") != std::string::npos, head);
    auto const at = head.find("/alice/messages");
    auto const endpoint = head.substr(at, head.find_first_of("\r\n", at) - at);
    auto const headers = bearer(client.now.access);
    BOOST_TEST(post_json(origin + endpoint, initialize_body(), headers).status == 202u);
    BOOST_TEST(stream->read_until("\n\n").find("protocolVersion") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

// A session of one agent is unknown to another, whoever asks.
BOOST_AUTO_TEST_CASE(a_session_belongs_to_its_agent) {
    program p({"mcp.path=/{agent}/mcp", "mcp.auth=none"});
    auto const origin = p.mcp().substr(0, p.mcp().find("/{agent}"));
    fields headers{{"Accept", "application/json, text/event-stream"}};
    auto const opened = post_json(origin + "/alice/mcp", initialize_body(), headers);
    BOOST_REQUIRE(opened.status == 200u);
    headers.emplace_back("Mcp-Session-Id", std::string(opened.header("Mcp-Session-Id")));
    std::string const ping = R"({"jsonrpc":"2.0","id":2,"method":"ping"})";
    BOOST_TEST(post_json(origin + "/bob/mcp", ping, headers).status == 404u);
    BOOST_TEST(post_json(origin + "/alice/mcp", ping, headers).status == 200u);
}

// RFC 8707 §2: the server may require a resource, and answers invalid_target without
// RFC 9068 §3: no token is issued when it would be ambiguous what it grants.
BOOST_AUTO_TEST_CASE(a_login_must_say_for_which_agent) {
    program p({"mcp.path=/{agent}/mcp"});
    auto const origin = p.mcp().substr(0, p.mcp().find("/{agent}"));
    login const known(origin + "/alice/mcp");
    auto const answer =
        get(p.issuer() + "/authorize?response_type=code&client_id=" + known.client_id +
            "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method="
            "S256");
    BOOST_TEST(answer.status == 302u);
    BOOST_TEST(
        std::string(answer.header("Location")).find("error=invalid_target") != std::string::npos,
        answer.header("Location"));
}

// RFC 8707 §2: without resource a default is granted; a token may be narrowed to one of many
BOOST_AUTO_TEST_CASE(agents_may_share_one_resource) {
    program p({"mcp.path=/{agent}/mcp", "mcp.agents=shared"});
    auto const origin = p.mcp().substr(0, p.mcp().find("/{agent}"));
    std::string const documents = origin + "/.well-known/oauth-protected-resource";
    auto const refused = post_json(origin + "/alice/mcp", initialize_body());
    BOOST_TEST(std::string(refused.header("WWW-Authenticate"))
                   .find("resource_metadata=\"" + documents + '"') != std::string::npos);
    BOOST_TEST(text_of(json_of(get(documents)), "resource") == origin);
    BOOST_TEST(text_of(json_of(get(documents + "/bob/mcp")), "resource") == origin + "/bob/mcp");

    auto const everywhere = login_without_resource(p.issuer(), {});
    BOOST_TEST(fixture::initialize_status(origin + "/alice/mcp", everywhere) == 200u);
    BOOST_TEST(fixture::initialize_status(origin + "/bob/mcp", everywhere) == 200u);
    auto const narrowed = login_without_resource(p.issuer(), origin + "/bob/mcp");
    BOOST_TEST(fixture::initialize_status(origin + "/alice/mcp", narrowed) == 401u);
    BOOST_TEST(fixture::initialize_status(origin + "/bob/mcp", narrowed) == 200u);
}

}  // namespace
