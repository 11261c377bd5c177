#include <atomic>
#include <thread>

#include "http/realm/resolver_bench.hpp"

using namespace tollgate;
using namespace tollgate::http;

BOOST_FIXTURE_TEST_SUITE(resolvers, test::resolver_bench)

BOOST_AUTO_TEST_CASE(speaks_of_the_loopback_name_that_the_request_used) {
    for (std::string const name : {"localhost", "127.0.0.1", "[::1]"}) {
        auto const where = place_at(mcp, name + ":9101");
        BOOST_TEST(where->issuer() == "http://" + name + ":9100");
        BOOST_TEST(where->mcp_url() == "http://" + name + ":9101/mcp");
        BOOST_CHECK(where->at == site::mcp_server);
        BOOST_TEST(where->realm->name() == "default");
        BOOST_TEST(where->internal_issuer == "http://127.0.0.1:9100");
    }
}

BOOST_AUTO_TEST_CASE(urls_name_the_ports_of_the_listeners_whatever_port_the_host_has) {
    for (auto const* host : {"localhost", "localhost:3000", "LOCALHOST:9100"}) {
        auto const where = place_at(as, host);
        BOOST_TEST(where->as_origin == "http://localhost:9100");
        BOOST_TEST(where->mcp_origin == "http://localhost:9101");
    }
}

// RFC 8414 §2: the issuer is a URL of scheme https, where there is a certificate.
BOOST_AUTO_TEST_CASE(tls_listeners_speak_https_and_leave_the_default_port_out) {
    mcp.tls = true;
    mcp.mcp_port = 443;
    auto const where = place_at(mcp, "localhost");
    BOOST_TEST(where->mcp_origin == "https://localhost");
    BOOST_TEST(where->as_origin == "https://localhost:9100");
}

// RFC 9110 §15.5.20: the server is no authority for that host
BOOST_AUTO_TEST_CASE(a_foreign_host_is_421_and_names_the_key) {
    for (auto const* host :
         {"evil.example", "evil.example:9101", "127.0.0.2", "localhost.evil.example", "0.0.0.0", "",
          "localhost.", "xlocalhost", ".localhost.x"}) {
        auto const p = refused(mcp, host);
        BOOST_TEST(p.status() == 421u, host);
        bool const names_key = p.description().find("server.allowed_hosts") != std::string::npos;
        // No key makes an empty name one of ours.
        BOOST_TEST(names_key == (*host != '\0'), host);
        BOOST_TEST(p.description().find("localhost") != std::string::npos);
        BOOST_CHECK(p.how() == problem::shown_as::text);
    }
}

// RFC 9112 §3.2: MUST respond with 400 to an invalid field value, and to more than one field
BOOST_AUTO_TEST_CASE(a_host_that_is_none_is_400) {
    for (auto const* host : {"a b", "localhost:x", "user@localhost", "localhost, localhost"}) {
        auto const p = refused(mcp, host);
        BOOST_TEST(p.status() == 400u, host);
        BOOST_CHECK(p.how() == problem::shown_as::text);
    }
    resolver const r(names, realms);
    request q;
    q.path = "/";
    q.headers = {{"Host", "localhost"}, {"host", "localhost"}};
    BOOST_TEST(r.resolve(q, mcp).error().status() == 400u);
}

BOOST_AUTO_TEST_CASE(an_allowed_host_is_spoken_as_requested) {
    names.allowed_hosts = {"Tollgate"};
    auto const where = place_at(mcp, "tollgate:9101");
    BOOST_TEST(where->mcp_url() == "http://tollgate:9101/mcp");
    BOOST_TEST(where->issuer() == "http://tollgate:9100");
    BOOST_TEST(refused(mcp, "other").status() == 421u);
}

BOOST_AUTO_TEST_CASE(with_public_urls_only_those_are_spoken) {
    go_public();
    for (auto const* host : {"as.example", "localhost:9100", "AS.example:443"}) {
        auto const where = place_at(as, host, "/r/alpha/token");
        BOOST_TEST(where->issuer() == "https://as.example/r/alpha");
        BOOST_TEST(where->mcp_url() == "https://mcp.example/r/alpha/mcp");
        BOOST_TEST(where->internal_issuer == "http://127.0.0.1:9100/r/alpha");
    }
    BOOST_TEST(refused(as, "evil.example").status() == 421u);
    BOOST_TEST(refused(as, "alpha.localhost").status() == 421u);
    // A tunnel that leads to the wrong one of the two servers must not seem to work.
    BOOST_TEST(refused(as, "mcp.example").status() == 421u);
    BOOST_TEST(refused(mcp, "as.example").status() == 421u);
    auto const said = refused(mcp, "as.example").description();
    BOOST_TEST(said.find("https://mcp.example") != std::string::npos, said);
    BOOST_TEST(said.ends_with("That is the name of the other server: the proxy or tunnel sends its "
                              "requests to the wrong port"),
               said);
    auto both = as;
    both.at = site::shared;
    for (auto const* host : {"as.example", "mcp.example"})
        BOOST_TEST(place_at(both, host)->mcp_url() == "https://mcp.example/mcp");
}

BOOST_AUTO_TEST_CASE(the_site_without_a_public_url_is_spoken_of_by_a_loopback_name) {
    names.as_public_url = "https://as.example";
    auto const from_outside = place_at(as, "as.example");
    BOOST_TEST(from_outside->as_origin == "https://as.example");
    BOOST_TEST(from_outside->mcp_origin == "http://localhost:9101");
    BOOST_TEST(place_at(mcp, "127.0.0.1")->mcp_origin == "http://127.0.0.1:9101");
    as.host = "127.0.0.1";
    BOOST_TEST(place_at(as, "as.example")->mcp_origin == "http://127.0.0.1:9101");
    as.host = "::1";
    BOOST_TEST(place_at(as, "as.example")->mcp_origin == "http://[::1]:9101");
}

BOOST_AUTO_TEST_CASE(a_realm_is_reached_by_path) {
    auto found = ask(mcp, "localhost", "/r/alpha/mcp");
    BOOST_REQUIRE(found);
    BOOST_CHECK(found->where->realm == alpha);
    BOOST_TEST(found->path == "/mcp");
    BOOST_TEST(found->where->base == "/r/alpha");
    BOOST_TEST(found->where->mcp_url() == "http://localhost:9101/r/alpha/mcp");
    BOOST_TEST(found->where->internal_issuer == "http://127.0.0.1:9100/r/alpha");
    auto metadata = ask(mcp, "localhost", "/.well-known/oauth-protected-resource/r/alpha/mcp");
    BOOST_REQUIRE(metadata);
    BOOST_TEST(metadata->path == "/.well-known/oauth-protected-resource/mcp");
    BOOST_TEST(metadata->where->base == "/r/alpha");
}

BOOST_AUTO_TEST_CASE(a_realm_is_reached_by_host_and_has_that_origin_to_itself) {
    auto found = ask(mcp, "Alpha.localhost:9101", "/mcp");
    BOOST_REQUIRE(found);
    BOOST_CHECK(found->where->realm == alpha);
    BOOST_TEST(found->where->base == "");
    BOOST_TEST(found->where->mcp_url() == "http://alpha.localhost:9101/mcp");
    BOOST_TEST(found->where->issuer() == "http://alpha.localhost:9100");
    BOOST_TEST(found->where->internal_issuer == "http://127.0.0.1:9100/r/alpha");
    realms.add("beta");
    auto nested = ask(mcp, "alpha.localhost", "/r/beta/mcp");
    BOOST_REQUIRE(nested);
    BOOST_CHECK(nested->where->realm == alpha);
    BOOST_TEST(nested->path == "/r/beta/mcp");
}

BOOST_AUTO_TEST_CASE(a_listener_of_its_own_serves_one_realm_at_its_origin) {
    go_public();
    mcp.realm = "alpha";
    mcp.as_port = 4001;
    mcp.mcp_port = mcp.port = 4002;
    auto found = ask(mcp, "127.0.0.1:4002", "/r/default/mcp");
    BOOST_REQUIRE(found);
    BOOST_CHECK(found->where->realm == alpha);
    BOOST_TEST(found->path == "/r/default/mcp");
    BOOST_TEST(found->where->mcp_url() == "http://127.0.0.1:4002/mcp");
    BOOST_TEST(found->where->issuer() == "http://127.0.0.1:4001");
    BOOST_TEST(found->where->internal_issuer == "http://127.0.0.1:9100/r/alpha");
    BOOST_TEST(refused(mcp, "mcp.example").status() == 421u);
    BOOST_TEST(refused(mcp, "beta.localhost").status() == 421u);
}

BOOST_AUTO_TEST_CASE(an_unknown_realm_is_404_by_path_and_by_host) {
    auto const p = refused(mcp, "localhost", "/r/gamma/mcp");
    BOOST_TEST(p.status() == 404u);
    BOOST_TEST(p.error() == "not_found");
    BOOST_TEST(p.description().find("gamma") != std::string::npos);
    BOOST_TEST(refused(mcp, "gamma.localhost", "/mcp").status() == 404u);
}

BOOST_AUTO_TEST_CASE(names_that_could_be_no_realm_are_404) {
    for (auto const* path : {"/r//mcp", "/r/", "/r/a%62c/mcp", "/r/a b/mcp", "/r/a~/mcp",
                             "/s/plain", "/s/plain/", "/s//run/mcp", "/s/plain/r%75n/mcp"}) {
        BOOST_TEST(refused(mcp, "localhost", path).status() == 404u, path);
    }
    BOOST_TEST(refused(mcp, "localhost", "/r/" + std::string(65, 'a') + "/mcp").status() == 404u);
    realms.add(std::string(64, 'a'));
    BOOST_CHECK(place_at(mcp, "localhost", "/r/" + std::string(64, 'a') + "/mcp")->realm);
}

BOOST_AUTO_TEST_CASE(the_default_realm_has_no_second_name) {
    BOOST_TEST(refused(mcp, "localhost", "/r/default/mcp").status() == 404u);
    BOOST_TEST(refused(mcp, "default.localhost", "/mcp").status() == 404u);
}

// RFC 8414 §3.1, RFC 9728 §3.1: the document is where the well-known path was inserted.
BOOST_AUTO_TEST_CASE(a_misplaced_document_is_404_and_names_the_right_address) {
    auto const a = refused(as, "localhost", "/r/alpha/.well-known/oauth-authorization-server");
    BOOST_TEST(a.status() == 404u);
    BOOST_TEST(a.description().find(
                   "http://localhost:9100/.well-known/oauth-authorization-server/r/alpha") !=
               std::string::npos);
    auto const m = refused(mcp, "localhost", "/r/alpha/.well-known/oauth-protected-resource/mcp");
    BOOST_TEST(m.description().find(
                   "http://localhost:9101/.well-known/oauth-protected-resource/r/alpha/mcp") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(places_are_shared_until_their_realm_is_another) {
    resolver const r(names, realms);
    auto const first = ask(r, mcp, "localhost", "/r/alpha/mcp");
    auto const second = ask(r, mcp, "localhost", "/r/alpha/other");
    BOOST_REQUIRE(first);
    BOOST_REQUIRE(second);
    BOOST_CHECK(first->where == second->where);
    auto const by_other_name = ask(r, mcp, "127.0.0.1", "/r/alpha/mcp");
    auto const by_other_site = ask(r, as, "localhost", "/r/alpha/mcp");
    BOOST_CHECK(by_other_name->where != first->where);
    BOOST_CHECK(by_other_site->where != first->where);
    realms.realms.erase("alpha");
    BOOST_CHECK(!ask(r, mcp, "localhost", "/r/alpha/mcp"));
    auto const reborn = realms.add("alpha");
    auto const third = ask(r, mcp, "localhost", "/r/alpha/mcp");
    BOOST_REQUIRE(third);
    BOOST_CHECK(third->where->realm == reborn);
}

BOOST_AUTO_TEST_CASE(the_cache_of_places_is_bounded_and_stays_right) {
    resolver const r(names, realms);
    for (int i = 0; i < 5000; ++i) {
        auto const name = "n" + std::to_string(i);
        realms.add(name);
        auto const found = ask(r, mcp, "localhost", "/r/" + name + "/mcp");
        BOOST_REQUIRE(found);
        BOOST_REQUIRE(found->where->realm->name() == name);
    }
    BOOST_TEST(ask(r, mcp, "localhost", "/r/n0/mcp")->where->realm->name() == "n0");
}

BOOST_AUTO_TEST_CASE(threads_share_one_resolver) {
    resolver const r(names, realms);
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                auto const path = i % 2 == 0 ? "/mcp" : "/r/alpha/mcp";
                auto const found = ask(r, mcp, "localhost:" + std::to_string(i % 7), path);
                if (!found || found->path != "/mcp") ++wrong;
            }
        });
    }
    for (auto& t : threads)
        t.join();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(loopback_origins_of_any_port_may_use_cors) {
    resolver const r(names, realms);
    for (auto const* origin : {"http://localhost:6274", "https://localhost", "http://127.0.0.1:1",
                               "http://[::1]:5173", "http://alpha.localhost:9101"}) {
        BOOST_TEST(r.origin_allowed(origin), origin);
    }
    for (auto const* origin :
         {"null", "", "http://evil.example", "http://localhost.evil.example", "http://localhost/",
          "http://127.0.0.2", "file://localhost", "http://user@localhost", "http://xlocalhost"}) {
        BOOST_TEST(!r.origin_allowed(origin), origin);
    }
}

BOOST_AUTO_TEST_CASE(own_public_origins_and_listed_ones_may_use_cors) {
    go_public();
    names.allowed_origins = {"https://inspector.example", "vscode-webview://abc", "null"};
    resolver const r(names, realms);
    for (auto const* origin : {"https://as.example", "https://mcp.example:443",
                               "https://inspector.example", "vscode-webview://abc"}) {
        BOOST_TEST(r.origin_allowed(origin), origin);
    }
    for (auto const* origin :
         {"http://as.example", "https://mcp.example:8443", "vscode-webview://x",
          "https://inspector.example.evil.example", "null"}) {
        BOOST_TEST(!r.origin_allowed(origin), origin);
    }
}

namespace {

struct with_agents : test::resolver_bench {
    with_agents() { names.paths = {"/{agent}/mcp", "/{agent}/sse", "/{agent}/messages"}; }
    std::string agent_at(std::string const& path) {
        return place_at(mcp, "localhost", path)->agent;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(finds_the_agent_that_a_path_addresses, with_agents) {
    for (auto const* path : {"/alice/mcp", "/alice/sse", "/alice/messages", "/r/alpha/alice/mcp",
                             "/.well-known/oauth-protected-resource/alice/mcp",
                             "/.well-known/oauth-protected-resource/r/alpha/alice/sse"})
        BOOST_TEST(agent_at(path) == "alice", path);
    BOOST_TEST(agent_at("/bob/mcp") == "bob");
    BOOST_TEST(agent_at("/authorize") == "");
    BOOST_TEST(agent_at("/.well-known/oauth-protected-resource") == "");
    BOOST_TEST(place_at(mcp, "localhost:9101", "/r/alpha/alice/mcp")->mcp_url() ==
               "http://localhost:9101/r/alpha/alice/mcp");
}

BOOST_FIXTURE_TEST_CASE(what_is_no_name_is_no_agent, with_agents) {
    for (auto const* path : {"/%61lice/mcp", "/a b/mcp", "/control/mcp", "/./sse",
                             "/.well-known/oauth-protected-resource/a%2Fb/mcp"})
        BOOST_TEST(refused(mcp, "localhost", path).status() == 404u, path);
}

BOOST_AUTO_TEST_CASE(without_agents_every_path_is_just_a_path) {
    BOOST_TEST(place_at(mcp, "localhost", "/a b/mcp")->agent == "");
}

BOOST_AUTO_TEST_SUITE_END()
