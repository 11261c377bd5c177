// POST /control/public-url: a running server gets new names, and nobody loses anything.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"
#include "support/waiting.hpp"

namespace {

using namespace test;

constexpr auto token = "control.token=open-sesame-open-sesame";

struct tunnelled : program {
    explicit tunnelled(std::vector<std::string> sets = {}) : program(with_token(std::move(sets))) {}

    static std::vector<std::string> with_token(std::vector<std::string> sets) {
        sets.emplace_back(token);
        return sets;
    }
    static std::string port_of(std::string const& origin) {
        return origin.substr(origin.rfind(':'));
    }
    // What a tunnel would be called; it leads to the listeners of this program.
    std::string as_url(std::string const& name) const {
        return "http://as-" + name + ".localhost" + port_of(issuer());
    }
    std::string mcp_url(std::string const& name) const {
        return "http://mcp-" + name + ".localhost" + port_of(mcp_origin());
    }
    raw_reply rename(std::string const& body, std::string const& origin = {}) const {
        return post_json((origin.empty() ? issuer() : origin) + "/control/public-url", body,
                         bearer("open-sesame-open-sesame"));
    }
    boost::json::value rename_to(std::string const& as, std::string const& mcp) const {
        auto const a = rename(R"({"authorization_server":")" + as + R"(","mcp":")" + mcp + "\"}");
        BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
        return json_of(a);
    }
    boost::json::value tunnel(std::string const& name) const {
        return rename_to(as_url(name), mcp_url(name));
    }
};

unsigned use(std::string const& mcp, std::string const& access) {
    auto headers = bearer(access);
    headers.emplace_back("Accept", "application/json, text/event-stream");
    return post_json(mcp, initialize_body(), headers).status;
}

// How often anybody was asked whether a token still lives.
long rechecks(program const& p) {
    return metric(p, R"(tollgate_requests_total{endpoint="introspect",status="2xx"})");
}

boost::json::value only(boost::json::value const& list, std::string const& url) {
    for (auto const& one : list.as_array())
        if (text_of(one, "url") == url) return one;
    BOOST_FAIL("no " << url << " in " << list);
    return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(public_url_flow)

BOOST_AUTO_TEST_CASE(says_where_the_server_is_now_and_whether_that_leads_here) {
    tunnelled p;
    auto const now = p.tunnel("one");
    BOOST_TEST(text_of(now, "issuer") == p.as_url("one"));
    BOOST_TEST(text_of(now, "mcp") == p.mcp_url("one") + "/mcp");
    BOOST_TEST(text_of(now, "sse") == p.mcp_url("one") + "/sse");
    BOOST_TEST(boost::json::serialize(now.at("control")) ==
               "[\"" + p.as_url("one") + "/control\",\"" + p.mcp_url("one") + "/control\"]");
    BOOST_TEST(now.at("pid").as_int64() > 0);
    BOOST_REQUIRE(now.at("reachable").as_array().size() == 2u);
    BOOST_TEST(only(now.at("reachable"), p.as_url("one")).at("reachable").as_bool());
    BOOST_TEST(only(now.at("reachable"), p.mcp_url("one")).at("reachable").as_bool());

    program other;
    auto const astray = p.rename_to(other.issuer(), "http://as-dead.localhost:1");
    auto const elsewhere = only(astray.at("reachable"), other.issuer());
    BOOST_TEST(!elsewhere.at("reachable").as_bool());
    BOOST_TEST(text_of(elsewhere, "found") == "somebody_else");
    BOOST_TEST(text_of(elsewhere, "why") == "another tollgate answers there");
    auto const dead = only(astray.at("reachable"), "http://as-dead.localhost:1");
    BOOST_TEST(text_of(dead, "found") == "unreachable");
}

// RFC 8414 §3.3: the issuer of the document is the URL that it was found at
// RFC 9728 §3.3: likewise the resource
// RFC 9207 §2: iss is the issuer of the metadata
BOOST_AUTO_TEST_CASE(every_document_challenge_and_iss_speaks_of_the_new_names) {
    tunnelled p;
    p.tunnel("one");
    p.tunnel("two");
    login const client(p.mcp_url("two") + "/mcp");  // checks issuer, resource, iss and challenge
    BOOST_TEST(client.issuer == p.as_url("two"));
    // However it is reached.
    auto const metadata = json_of(get(p.issuer() + "/.well-known/oauth-authorization-server"));
    BOOST_TEST(text_of(metadata, "issuer") == p.as_url("two"));
    BOOST_TEST(text_of(metadata, "token_endpoint") == p.as_url("two") + "/token");
    auto const seen =
        json_of(post_form(p.as_url("two") + "/introspect", {{"token", client.now.access}}));
    BOOST_TEST(text_of(seen, "error") == "invalid_client");  // protected, and it answers there
}

BOOST_AUTO_TEST_CASE(answers_to_the_new_host_and_to_loopback_and_not_to_the_old_one) {
    tunnelled p;
    p.tunnel("one");
    BOOST_TEST(get(p.as_url("one") + "/healthz").status == 200u);
    p.tunnel("two");
    BOOST_TEST(get(p.as_url("one") + "/healthz").status == 421u);
    BOOST_TEST(get(p.mcp_url("one") + "/sse").status == 421u);
    for (auto const& origin : {p.as_url("two"), p.mcp_url("two"), p.issuer(), p.mcp_origin()})
        BOOST_TEST(get(origin + "/healthz").status == 200u, origin);
    auto const foreign = get(p.as_url("two") + "/healthz", {{"Host", "evil.example"}});
    BOOST_TEST(foreign.status == 421u);
    BOOST_TEST(foreign.body.find(p.as_url("two")) != std::string::npos);
    BOOST_TEST(foreign.body.find(p.as_url("one")) == std::string::npos);
}

// RFC 9068 §4: iss and aud of a token are names of this issuer and this resource
BOOST_AUTO_TEST_CASE(tokens_of_every_former_name_go_on) {
    for (std::vector<std::string> const& sets :
         {std::vector<std::string>{},
          {"tokens.format=jwt", "validation.strategy=jwt"},
          {"validation.strategy=local"},
          {"tokens.format=jwt", "tokens.signing_alg=HS256"}}) {
        tunnelled p(sets);
        login at_loopback(p.mcp());
        p.tunnel("one");
        login at_one(p.mcp_url("one") + "/mcp");
        BOOST_TEST(use(p.mcp_url("one") + "/mcp", at_loopback.now.access) == 200u);
        p.tunnel("two");
        for (auto* const client : {&at_loopback, &at_one}) {
            BOOST_TEST(use(p.mcp_url("two") + "/mcp", client->now.access) == 200u);
            BOOST_TEST(use(p.mcp(), client->now.access) == 200u);
            // The client is told the new names and refreshes there, naming the old resource.
            client->issuer = p.as_url("two");
            client->refresh();
            BOOST_TEST(use(p.mcp_url("two") + "/mcp", client->now.access) == 200u);
            client->resource = p.mcp_url("two") + "/mcp";
            client->refresh();
            BOOST_TEST(use(p.mcp_url("two") + "/mcp", client->now.access) == 200u);
        }
        // And back to a server without any public name.
        p.rename_to("", "");
        BOOST_TEST(use(p.mcp(), at_loopback.now.access) == 200u);
        BOOST_TEST(use(p.mcp(), at_one.now.access) == 200u);
        BOOST_TEST(login(p.mcp()).issuer == p.issuer());
    }
}

BOOST_AUTO_TEST_CASE(tokens_for_somebody_else_stay_bad) {
    tunnelled p;
    program other;
    login const foreign(other.mcp());
    p.tunnel("one");
    BOOST_TEST(use(p.mcp_url("one") + "/mcp", foreign.now.access) == 401u);
    p.rename(R"({"authorization_server":"https://as.example","mcp":"https://mcp.example"})");
    BOOST_TEST(use(p.mcp(), foreign.now.access) == 401u);
}

BOOST_AUTO_TEST_CASE(realms_are_renamed_with_the_server) {
    tunnelled p;
    BOOST_REQUIRE(post_json(p.issuer() + "/control/realms", R"({"name":"alpha"})",
                            bearer("open-sesame-open-sesame"))
                      .status == 201u);
    login const by_path(p.mcp_origin() + "/r/alpha/mcp");
    login const by_host("http://alpha.localhost" + tunnelled::port_of(p.mcp_origin()) + "/mcp");
    p.tunnel("one");
    auto const alpha = p.mcp_url("one") + "/r/alpha/mcp";
    BOOST_TEST(use(alpha, by_path.now.access) == 200u);
    BOOST_TEST(use(alpha, by_host.now.access) == 200u);
    BOOST_TEST(use(p.mcp_url("one") + "/mcp", by_path.now.access) == 401u);
    BOOST_TEST(login(alpha).issuer == p.as_url("one") + "/r/alpha");
}

BOOST_AUTO_TEST_CASE(sessions_and_open_streams_go_on) {
    tunnelled p({"validation.recheck=100ms"});
    login const client(p.mcp());
    auto const session = open_session(p.mcp(), client.now.access);
    auto const stream = open("GET", p.sse(), bearer(client.now.access));
    auto const head = stream->read_until("\n\n");
    auto const at = head.find("/messages");
    auto const endpoint = head.substr(at, head.find_first_of("\r\n", at) - at);
    p.tunnel("one");
    auto const echoed = call_tool(p.mcp_url("one") + "/mcp", client.now.access, session, "echo",
                                  R"({"message":"still here"})");
    BOOST_TEST(echoed.body.find("still here") != std::string::npos, echoed.body);
    auto const asked = rechecks(p);
    BOOST_TEST(eventually([&] { return rechecks(p) >= asked + 2; }));
    BOOST_TEST(post_json(p.mcp_url("one") + endpoint, initialize_body(), bearer(client.now.access))
                   .status == 202u);
    BOOST_TEST(stream->read_until("\n\n").find("protocolVersion") != std::string::npos);
}

// What broke a server whose introspection went through its own tunnel.
BOOST_AUTO_TEST_CASE(a_dead_tunnel_does_not_keep_tokens_from_being_checked) {
    for (auto const* strategy : {"introspection", "userinfo", "jwt"}) {
        tunnelled p({"tokens.format=jwt", std::string("validation.strategy=") + strategy,
                     R"(mcp.scopes=["mcp:tools"])"});
        login client(p.mcp());
        p.rename_to("http://as-dead.localhost:1", "http://mcp-dead.localhost:1");
        BOOST_TEST(use(p.mcp(), client.now.access) == 200u, strategy);
        auto const refreshed =
            post_form(p.issuer() + "/token", {{"grant_type", "refresh_token"},
                                              {"refresh_token", client.now.refresh},
                                              {"client_id", client.client_id}});
        BOOST_REQUIRE(refreshed.status == 200u);
        BOOST_TEST(use(p.mcp(), text_of(json_of(refreshed), "access_token")) == 200u, strategy);
    }
}

BOOST_AUTO_TEST_CASE(a_server_without_a_control_token_does_not_lock_itself_out,
                     *needs_one_program("several have a control token")) {
    program p;
    auto const a = post_json(p.issuer() + "/control/public-url",
                             R"({"authorization_server":"https://as.example"})");
    BOOST_TEST(a.status == 409u);
    BOOST_TEST(text_of(json_of(a), "error_description").find("control.token") != std::string::npos);
    BOOST_TEST(text_of(json_of(get(p.issuer() + "/.well-known/oauth-authorization-server")),
                       "issuer") == p.issuer());
    // To be told that there is no public URL changes nothing.
    BOOST_TEST(post_json(p.issuer() + "/control/public-url", R"({"mcp":""})").status == 200u);
}

// RFC 6749 §10.10: what is short, strangers find by trying.
BOOST_AUTO_TEST_CASE(a_server_with_a_short_control_token_takes_no_public_url) {
    program p({"control.token=open-sesame"});
    auto const a = post_json(p.issuer() + "/control/public-url", R"({"mcp":"https://mcp.example"})",
                             bearer("open-sesame"));
    BOOST_TEST(a.status == 409u);
    BOOST_TEST(text_of(json_of(a), "error_description").find("16 characters") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_public_url_that_comes_later_takes_the_test_page_away) {
    tunnelled p;
    BOOST_TEST(get(p.mcp_origin() + "/oauth").status == 200u);
    p.tunnel("one");
    BOOST_TEST(get(p.mcp_url("one") + "/oauth").status == 404u);
    BOOST_TEST(get(p.mcp_origin() + "/oauth").status == 404u);
}

BOOST_AUTO_TEST_CASE(a_control_plane_that_is_shut_has_no_address) {
    program const shut({"authorization_server.public_url=https://as.example"});
    BOOST_TEST(shut.where().control.empty());
    program const open({"authorization_server.public_url=https://as.example",
                        "control.token=open-sesame-open-sesame"});
    BOOST_TEST(open.where().control.size() == 2u);
}

// Port 0 behind a tunnel: whoever starts the tunnel has to know where it is to lead.
BOOST_AUTO_TEST_CASE(the_ready_line_tells_the_bound_addresses_beside_public_names,
                     *needs_one_program("several have public names")) {
    program const p({"authorization_server.public_url=https://as.example",
                     "mcp.public_url=https://mcp.example"});
    BOOST_TEST(p.issuer() == "https://as.example");
    auto const line = tollgate::to_json(p.where());
    auto const bound = line.at("bound");
    for (auto const* server : {"authorization_server", "mcp"})
        BOOST_TEST(get(text_of(bound, server) + "/healthz").status == 200u, server);
    program const plain;
    BOOST_TEST(!tollgate::to_json(plain.where()).contains("bound"));
}

BOOST_AUTO_TEST_CASE(a_guessable_run_needs_the_control_token) {
    tunnelled p;
    p.tunnel("one");
    auto const url = p.mcp_url("one") + "/s/plain/short/mcp";
    BOOST_TEST(post_json(url, initialize_body()).status == 403u);
    BOOST_TEST(post_json(url, initialize_body(), bearer("open")).status == 403u);
    // The realm is made, and what the control plane takes is no access token.
    BOOST_TEST(post_json(url, initialize_body(), bearer("open-sesame-open-sesame")).status == 401u);
    BOOST_TEST(
        get(p.as_url("one") + "/.well-known/oauth-authorization-server/s/plain/short").status ==
        200u);
}

BOOST_AUTO_TEST_CASE(a_listener_for_everybody_keeps_a_name) {
    tunnelled p({"mcp.listen=0.0.0.0:0", "mcp.public_url=https://mcp.example"});
    auto const a = p.rename(R"({"mcp":""})");
    BOOST_TEST(a.status == 409u);
    BOOST_TEST(a.body.find("server.allowed_hosts") != std::string::npos, a.body);
}

// Or strangers could find out which ports of this machine are open.
BOOST_AUTO_TEST_CASE(documents_on_this_machine_are_not_opened_to_strangers) {
    tunnelled p({"registration.allow_loopback_metadata=true"});
    p.tunnel("one");  // still this machine
    for (auto const* wish :
         {R"({"authorization_server":"https://as.example"})", R"({"mcp":"https://mcp.example"})"}) {
        auto const a = p.rename(wish);
        BOOST_TEST(a.status == 409u);
        BOOST_TEST(a.body.find("registration.allow_loopback_metadata") != std::string::npos,
                   a.body);
    }
}

BOOST_AUTO_TEST_CASE(the_control_plane_follows_and_takes_only_its_token) {
    tunnelled p;
    p.tunnel("one");
    BOOST_TEST(get(p.as_url("one") + "/control/state").status == 401u);
    BOOST_TEST(get(p.as_url("one") + "/control/state", bearer("open-sesame-open-sesame")).status ==
               200u);
    // From the other origin, one of the two alone; the other keeps its name.
    auto const a = p.rename(R"({"mcp":")" + p.mcp_url("two") + "/\"}", p.mcp_url("one"));
    BOOST_REQUIRE_MESSAGE(a.status == 200u, a.body);
    BOOST_TEST(text_of(json_of(a), "issuer") == p.as_url("one"));
    BOOST_TEST(text_of(json_of(a), "mcp") == p.mcp_url("two") + "/mcp");
}

BOOST_AUTO_TEST_CASE(an_implicit_realm_needs_a_secret_name_from_then_on) {
    tunnelled p;
    BOOST_TEST(get(p.issuer() + "/s/plain/7/.well-known/openid-configuration").status == 200u);
    p.tunnel("one");
    BOOST_TEST(get(p.as_url("one") + "/s/plain/8/.well-known/openid-configuration").status == 403u);
    auto const secret = p.as_url("one") + "/s/plain/0123456789abcdefABCDEF";
    auto const document = get(secret + "/.well-known/openid-configuration");
    BOOST_TEST(document.status == 200u);
    BOOST_TEST(text_of(json_of(document), "issuer") == secret);
}

BOOST_AUTO_TEST_CASE(one_origin_is_renamed_as_one) {
    std::string port;
    {
        program const before;  // a port that was free a moment ago
        port = tunnelled::port_of(before.issuer());
    }
    tunnelled p({"authorization_server.listen=localhost" + port, "mcp.listen=localhost" + port});
    login const before(p.mcp());
    auto const now = p.rename_to(p.as_url("one"), p.as_url("one"));
    BOOST_TEST(now.at("reachable").as_array().size() == 1u);
    BOOST_TEST(now.at("control").as_array().size() == 1u);
    BOOST_TEST(use(p.as_url("one") + "/mcp", before.now.access) == 200u);
    BOOST_TEST(login(p.as_url("one") + "/mcp").issuer == p.as_url("one"));
}

BOOST_AUTO_TEST_SUITE_END()
