// Many MCP servers in one realm: paths with {agent} in them.
#include "mcp/server/fixture.hpp"

namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;

namespace {

http::mcp_paths agent_paths() {
    http::mcp_paths paths;
    paths.mcp = "/{agent}/mcp";
    paths.sse = "/{agent}/sse";
    paths.messages = "/{agent}/messages";
    return paths;
}

struct fixture : test::mcp_fixture {
    http::router table;
    test::bench agents{table, http::stack({guard.layer()}, &run_matched)};

    fixture() {
        mcp::add_routes(table, server, agent_paths());
        server.open(*agents.realm);
        agents.where.at = http::site::mcp_server;
        agents.where.paths = agent_paths();
        at("alice");
    }
    void at(std::string const& agent) { agents.where.agent = agent; }
    test::answer document(std::string const& below) {
        return agents.get("/.well-known/oauth-protected-resource" + below);
    }
    test::answer send(std::string const& body, test::fields headers = {}) {
        auto const path = '/' + agents.where.agent + "/mcp";
        headers.emplace_back("Accept", both);
        return agents.post_json(path, body, with_token(std::move(headers)));
    }
    std::string begins() {
        auto const a = send(initialize());
        BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
        return std::string(a.header("Mcp-Session-Id"));
    }
    http::reply opens_stream() {
        auto const path = '/' + agents.where.agent + "/sse";
        return agents.raw(http::verb::get, path, "", with_token({}));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_agents, fixture)

// RFC 9728 §3.3: resource is what the URL of the document was made from.
BOOST_AUTO_TEST_CASE(each_agent_is_a_resource_of_its_own) {
    for (std::string const agent : {"alice", "bob"}) {
        at(agent);
        auto const d = document('/' + agent + "/mcp").json();
        BOOST_TEST(d.at("resource").as_string() == "http://localhost:9101/" + agent + "/mcp");
        BOOST_TEST(d.at("resource_name").as_string() == "tollgate, agent " + agent);
        auto const of_sse = document('/' + agent + "/sse").json();
        BOOST_TEST(of_sse.at("resource").as_string() == "http://localhost:9101/" + agent + "/sse");
    }
}

// docs/mcp.md, "Agents": the origin is no resource, unless the agents share it.
BOOST_AUTO_TEST_CASE(the_origin_is_a_resource_only_where_it_stands_for_all_agents) {
    at("");
    BOOST_TEST(document("").status == 404u);
    agents.where.paths.agents_shared = true;
    auto const shared = document("");
    BOOST_TEST(shared.status == 200u);
    BOOST_TEST(shared.json().at("resource").as_string() == "http://localhost:9101");
    BOOST_TEST(shared.json().at("resource_name").as_string() == "tollgate");
}

BOOST_AUTO_TEST_CASE(a_session_begun_at_one_agent_is_not_found_at_another) {
    auto const id = begins();
    at("bob");
    auto const foreign = send(request("ping"), in(id));
    auto const unknown = send(request("ping"), in("never-was"));
    BOOST_TEST(foreign.status == 404u);
    BOOST_TEST(foreign.body == unknown.body);
    at("alice");
    BOOST_TEST(send(request("ping"), in(id)).status == 200u);
}

BOOST_AUTO_TEST_CASE(a_session_cannot_be_ended_through_another_agent) {
    auto const id = begins();
    BOOST_TEST(agents.send(http::verb::delete_, "/alice/mcp", "", with_token(in(id))).status ==
               204u);
    auto const second = begins();
    at("bob");
    BOOST_TEST(agents.send(http::verb::delete_, "/bob/mcp", "", with_token(in(second))).status ==
               404u);
    at("alice");
    BOOST_TEST(send(request("ping"), in(second)).status == 200u);
}

// MCP 2024-11-05, Transports, "HTTP with SSE": the endpoint event says where to send messages.
BOOST_AUTO_TEST_CASE(the_endpoint_of_a_stream_is_that_of_its_agent) {
    auto const r = opens_stream();
    BOOST_REQUIRE(r.stream);
    sse::decoder d;
    auto const first = d.feed(test::run(agents.io(), r.stream->next()).value()).at(0);
    BOOST_TEST(first.data.starts_with("/alice/messages?sessionId="), first.data);
    BOOST_TEST(agents.post_json(first.data, request("ping"), with_token({})).status == 202u);
    at("bob");
    auto const elsewhere = "/bob" + first.data.substr(first.data.find("/messages"));
    BOOST_TEST(agents.post_json(elsewhere, request("ping"), with_token({})).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_tool_is_told_which_agent_was_addressed) {
    auto const a = send(tool_call("whoami", "{}"), in(begins()));
    BOOST_TEST(test::result_of(a).at("structuredContent").at("agent").as_string() == "alice");
}

// RFC 9728 §2: dpop_bound_access_tokens_required; §3.2: what has no elements is left out.
BOOST_AUTO_TEST_CASE(metadata_say_what_the_realm_wants_and_leave_out_what_it_does_not) {
    auto const metadata = [this](auto change) {
        change_policy(change);
        return b.get("/.well-known/oauth-protected-resource").json().as_object();
    };
    auto const bound = metadata([](mcp::policy& p) { p.dpop_required = true; });
    BOOST_TEST(bound.at("dpop_bound_access_tokens_required").as_bool());
    auto const without = metadata([](mcp::policy& p) { p.dpop_spoken = false; });
    BOOST_TEST(!without.contains("dpop_bound_access_tokens_required"));
    BOOST_TEST(!without.contains("dpop_signing_alg_values_supported"));
    auto const free_for_all = metadata([](mcp::policy& p) { p.scopes.clear(); });
    BOOST_TEST(!free_for_all.contains("scopes_supported"));
}

// RFC 9449 §4.2: a proof is never signed with a symmetric algorithm, nor with none.
BOOST_AUTO_TEST_CASE(metadata_offer_only_asymmetric_algorithms_for_proofs) {
    auto const d = b.get("/.well-known/oauth-protected-resource").json();
    for (auto const& alg : d.at("dpop_signing_alg_values_supported").as_array()) {
        BOOST_TEST(!alg.as_string().starts_with("HS"));
        BOOST_TEST(alg.as_string() != "none");
    }
}

BOOST_AUTO_TEST_SUITE_END()
