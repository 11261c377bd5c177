#include "http/realm/place.hpp"
#include "http/message/url.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;
using namespace std::chrono_literals;

namespace {

place at_base(std::string base) {
    place p;
    p.as_origin = "http://localhost:9100";
    p.mcp_origin = "http://localhost:9101";
    p.base = std::move(base);
    return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(places)

BOOST_AUTO_TEST_CASE(speaks_urls_of_its_origins_and_base) {
    auto p = at_base("/r/alpha");
    BOOST_TEST(p.issuer() == "http://localhost:9100/r/alpha");
    BOOST_TEST(p.mcp_url() == "http://localhost:9101/r/alpha/mcp");
    BOOST_TEST(p.sse_url() == "http://localhost:9101/r/alpha/sse");
    BOOST_TEST(p.messages_url() == "http://localhost:9101/r/alpha/messages");
    BOOST_TEST(p.issuer_here() == p.issuer());
    p.at = site::mcp_server;
    BOOST_TEST(p.issuer_here() == "http://localhost:9101/r/alpha");
}

// RFC 9728 §3.1
BOOST_AUTO_TEST_CASE(resource_metadata_stands_between_origin_and_path) {
    BOOST_TEST(at_base("").resource_metadata_url("") ==
               "http://localhost:9101/.well-known/oauth-protected-resource");
    BOOST_TEST(at_base("").resource_metadata_url("/mcp") ==
               "http://localhost:9101/.well-known/oauth-protected-resource/mcp");
    BOOST_TEST(at_base("/s/plain/7").resource_metadata_url("/sse") ==
               "http://localhost:9101/.well-known/oauth-protected-resource/s/plain/7/sse");
}

BOOST_AUTO_TEST_CASE(only_the_three_loopback_names_are_aliases) {
    BOOST_TEST(is_loopback_name("localhost"));
    BOOST_TEST(is_loopback_name("127.0.0.1"));
    BOOST_TEST(is_loopback_name("[::1]"));
    for (auto const* other : {"a.localhost", "127.0.0.2", "::1", "0.0.0.0", "localhost.",
                              "LOCALHOST", "localhost.evil.example"}) {
        BOOST_TEST(!is_loopback_name(other), other);
    }
}

BOOST_AUTO_TEST_CASE(origins_are_the_same_by_scheme_port_and_alias) {
    BOOST_TEST(same_origin("http://localhost:9100", "http://[::1]:9100"));
    BOOST_TEST(same_origin("http://127.0.0.1:80", "HTTP://LocalHost"));
    BOOST_TEST(same_origin("https://a.example", "https://A.example:443"));
    BOOST_TEST(!same_origin("http://localhost:9100", "http://localhost:9101"));
    BOOST_TEST(!same_origin("http://localhost:9100", "https://localhost:9100"));
    BOOST_TEST(!same_origin("http://localhost:1", "http://a.localhost:1"));
    BOOST_TEST(!same_origin("http://localhost", "http://localhost/"));
    BOOST_TEST(!same_origin("null", "null"));
}

BOOST_AUTO_TEST_CASE(the_default_realm_is_its_origin_its_mcp_url_and_its_sse_url) {
    auto const p = at_base("");
    for (auto const* own :
         {"http://localhost:9101", "http://localhost:9101/", "http://localhost:9101/mcp",
          "http://localhost:9101/sse", "http://127.0.0.1:9101/mcp", "http://[::1]:9101",
          "HTTP://LOCALHOST:9101/mcp"}) {
        BOOST_TEST(p.is_own_resource(own), own);
    }
}

BOOST_AUTO_TEST_CASE(nothing_else_is_its_resource) {
    auto const p = at_base("");
    for (auto const* foreign :
         {"http://localhost:9100/mcp", "https://localhost:9101/mcp", "http://localhost:9101/MCP",
          "http://localhost:9101/mcp/", "http://localhost:9101/mcp?x",
          "http://localhost:9101/mcp#f", "http://localhost:9101/r/alpha/mcp",
          "http://alpha.localhost:9101/mcp", "http://localhost:9101/messages",
          "http://localhost:9101//", "http://localhost:9101/%6dcp", "http://u@localhost:9101/mcp",
          "http://127.0.0.2:9101/mcp", "/mcp", "", "mcp", "http://localhost:9101.evil.example/mcp",
          "http://localhost:9101?"}) {
        BOOST_TEST(!p.is_own_resource(foreign), foreign);
    }
}

BOOST_AUTO_TEST_CASE(a_path_realm_owns_its_base_and_not_the_origin) {
    auto const p = at_base("/r/alpha");
    for (auto const* own :
         {"http://localhost:9101/r/alpha", "http://localhost:9101/r/alpha/",
          "http://127.0.0.1:9101/r/alpha/mcp", "http://localhost:9101/r/alpha/sse"}) {
        BOOST_TEST(p.is_own_resource(own), own);
    }
    for (auto const* foreign :
         {"http://localhost:9101", "http://localhost:9101/", "http://localhost:9101/mcp",
          "http://localhost:9101/r/alphabet", "http://localhost:9101/r/alpha2/mcp",
          "http://localhost:9101/r/beta/mcp"}) {
        BOOST_TEST(!p.is_own_resource(foreign), foreign);
    }
}

BOOST_AUTO_TEST_CASE(both_origins_are_issuer_names_under_every_alias) {
    auto const p = at_base("/r/alpha");
    BOOST_TEST(p.is_own_issuer("http://localhost:9100/r/alpha"));
    BOOST_TEST(p.is_own_issuer("http://localhost:9101/r/alpha"));
    BOOST_TEST(p.is_own_issuer("http://[::1]:9100/r/alpha"));
    BOOST_TEST(!p.is_own_issuer("http://localhost:9100/r/alpha/"));
    BOOST_TEST(!p.is_own_issuer("http://localhost:9100"));
    BOOST_TEST(!p.is_own_issuer("http://localhost:9102/r/alpha"));
    BOOST_TEST(at_base("").is_own_issuer("http://127.0.0.1:9101"));
    BOOST_TEST(!at_base("").is_own_issuer("http://127.0.0.1:9101/mcp"));
}

BOOST_AUTO_TEST_CASE(a_default_port_may_be_left_out_or_said) {
    place p;
    p.as_origin = p.mcp_origin = "https://mcp.example";
    BOOST_TEST(p.is_own_resource("https://mcp.example:443/mcp"));
    BOOST_TEST(p.is_own_issuer("https://MCP.example"));
    BOOST_TEST(!p.is_own_resource("http://mcp.example/mcp"));
}

namespace {

place of_agents(std::string agent) {
    auto p = at_base("/r/alpha");
    p.paths = {"/{agent}/mcp", "/{agent}/sse", "/{agent}/messages"};
    p.agent = std::move(agent);
    return p;
}

}  // namespace

BOOST_AUTO_TEST_CASE(speaks_urls_of_the_agent_that_was_addressed) {
    auto const p = of_agents("alice");
    BOOST_TEST(p.mcp_url() == "http://localhost:9101/r/alpha/alice/mcp");
    BOOST_TEST(p.sse_url() == "http://localhost:9101/r/alpha/alice/sse");
    BOOST_TEST(p.messages_path() == "/alice/messages");
    BOOST_TEST(of_agents("").mcp_url() == "http://localhost:9101/r/alpha/{agent}/mcp");
}

// RFC 8707 §2: a resource is an absolute URI; two agents are two of them
BOOST_AUTO_TEST_CASE(an_agent_is_a_resource_of_its_own_and_the_origin_is_none) {
    std::string const base = "http://localhost:9101/r/alpha";
    auto const p = of_agents("alice");
    BOOST_TEST(p.is_own_resource(base + "/alice/mcp"));
    BOOST_TEST(p.is_own_resource(base + "/alice/sse"));
    BOOST_TEST(p.is_own_resource("http://127.0.0.1:9101/r/alpha/alice/mcp"));
    for (auto const* other :
         {"", "/", "/bob/mcp", "/mcp", "/alice", "/alice/mcp/", "/alice/messages", "/{agent}/mcp",
          "/r/mcp", "/alice/mcp?x", "/%61lice/mcp"})
        BOOST_TEST(!p.is_own_resource(base + other), other);
    BOOST_TEST(!p.is_own_resource("http://localhost:9101/alice/mcp"));
}

BOOST_AUTO_TEST_CASE(where_no_agent_was_addressed_every_agent_is_an_own_resource) {
    std::string const base = "http://localhost:9101/r/alpha";
    auto const p = of_agents("");
    BOOST_TEST(p.is_own_resource(base + "/alice/mcp"));
    BOOST_TEST(p.is_own_resource(base + "/bob/sse"));
    BOOST_TEST(!p.is_own_resource(base));
    BOOST_TEST(p.is_one_resource(base + "/bob/mcp", base + "/bob/sse"));
    BOOST_TEST(!p.is_one_resource(base + "/bob/mcp", base + "/alice/mcp"));
    BOOST_TEST(!p.is_one_resource(base, base));
    auto const plain = at_base("");
    BOOST_TEST(plain.is_one_resource("http://localhost:9101", "http://[::1]:9101/mcp"));
    BOOST_TEST(!plain.is_one_resource("http://localhost:9101", "http://localhost:9100"));
}

// RFC 8707 §2: the base URI may stand for the resources below it
BOOST_AUTO_TEST_CASE(agents_that_share_the_base_take_tokens_for_it) {
    std::string const base = "http://localhost:9101/r/alpha";
    auto alice = of_agents("alice");
    BOOST_TEST(alice.default_resource() == "");
    BOOST_TEST(!alice.covers_resource(base, base + "/alice/mcp"));
    alice.paths.agents_shared = true;
    BOOST_TEST(alice.default_resource() == base);
    for (auto const* own : {"", "/", "/alice/mcp", "/alice/sse"})
        BOOST_TEST(alice.is_own_resource(base + own), own);
    for (auto const* other : {"/bob/mcp", "/mcp", "/alice", "?x"})
        BOOST_TEST(!alice.is_own_resource(base + other), other);
    BOOST_TEST(!alice.is_own_resource("http://localhost:9101"));

    auto nobody = alice;
    nobody.agent.clear();
    BOOST_TEST(nobody.covers_resource(base, base + "/bob/mcp"));
    BOOST_TEST(nobody.covers_resource(base, base + '/'));
    BOOST_TEST(!nobody.covers_resource(base + "/bob/mcp", base));
    BOOST_TEST(!nobody.covers_resource(base + "/bob/mcp", base + "/alice/mcp"));
    BOOST_TEST(!nobody.covers_resource(base, "http://localhost:9101/alice/mcp"));
    BOOST_TEST(at_base("").default_resource() == "http://localhost:9101/mcp");
}

BOOST_AUTO_TEST_CASE(takes_what_its_kin_issued_for_its_own_up_to_the_second_of_the_copy) {
    auto p = at_base("/r/copy");
    tollgate::time_point const made(100'500ms);
    auto const parent = "http://127.0.0.1:9100/r/parent";
    p.kin = std::make_shared<other_names const>(other_names{
        {"http://localhost:9100/r/parent"}, {}, {{"http://localhost:9100/r/parent", made}}});
    BOOST_TEST(!p.is_issued_beside(parent, tollgate::time_point(100s)));
    BOOST_TEST(p.is_issued_beside(parent, tollgate::time_point(101s)));
    BOOST_TEST(!p.is_issued_beside(p.issuer(), tollgate::time_point(101s)));
    BOOST_TEST(!p.is_issued_beside("https://somebody.example", tollgate::time_point(101s)));
}

// A realm that began as a copy takes the names of the one that it is a copy of for its own.
BOOST_AUTO_TEST_CASE(takes_the_names_of_its_kin_for_its_own_and_speaks_its_own) {
    auto p = at_base("/r/copy");
    auto kin = std::make_shared<other_names>();
    kin->issuers = {"http://localhost:9100/r/parent"};
    kin->mcp_bases = {"http://localhost:9101/r/parent"};
    p.kin = kin;
    for (std::string const alias : {"http://localhost:9100", "http://127.0.0.1:9100"}) {
        BOOST_TEST(p.is_own_issuer(alias + "/r/parent"));
        BOOST_TEST(p.is_issuer_now(alias + "/r/parent"));  // what was signed for it, too
        BOOST_TEST(!p.is_own_issuer(alias + "/r/other"));
        BOOST_TEST(!p.is_own_issuer(alias));
    }
    BOOST_TEST(p.is_own_issuer("http://localhost:9101/r/parent"));
    BOOST_TEST(p.is_own_resource("http://localhost:9101/r/parent/mcp"));
    BOOST_TEST(p.is_own_resource("http://localhost:9101/r/parent"));
    BOOST_TEST(!p.is_own_resource("http://localhost:9101/mcp"));
    BOOST_TEST(p.is_one_resource("http://localhost:9101/r/parent/mcp",
                                 "http://localhost:9101/r/copy/sse"));
    BOOST_TEST(p.issuer_today("http://localhost:9100/r/parent") == p.issuer());
    BOOST_TEST(p.issuer_today("http://localhost:9101/r/parent") == p.mcp_base());
    BOOST_TEST(p.issuer_today("https://somebody.example") == "https://somebody.example");
    p.kin = nullptr;
    BOOST_TEST(!p.is_issued_beside("http://localhost:9100/r/parent", tollgate::time_point()));
    BOOST_TEST(!p.is_own_issuer("http://localhost:9100/r/parent"));
    BOOST_TEST(!p.is_own_resource("http://localhost:9101/r/parent/mcp"));
}

BOOST_AUTO_TEST_SUITE_END()
