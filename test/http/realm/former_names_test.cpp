// A server that is renamed: what it answers to, and which tokens stay its own.
#include "http/realm/former_names.hpp"

#include <algorithm>
#include <atomic>
#include <thread>

#include <boost/test/unit_test.hpp>

#include "http/realm/directory_stub.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

struct fixture {
    test::directory_stub realms;
    naming names;
    listener_info mcp;
    realm_ptr alpha = realms.add("alpha");
    std::unique_ptr<resolver> here;

    fixture() {
        names.internal_as = "http://127.0.0.1:9100";
        mcp.at = site::mcp_server;
        mcp.host = "localhost";
        mcp.as_port = 9100;
        mcp.port = mcp.mcp_port = 9101;
        here = std::make_unique<resolver>(names, realms);
    }
    outcome<resolved> ask(std::string const& host, std::string const& path = "/mcp") const {
        request q;
        q.headers = {{"Host", host}};
        q.target = q.path = path;
        return here->resolve(q, mcp);
    }
    std::shared_ptr<place const> at(std::string const& host,
                                    std::string const& path = "/mcp") const {
        auto const found = ask(host, path);
        BOOST_REQUIRE_MESSAGE(found, host << path);
        return found->where;
    }
    void rename(std::string const& as, std::string const& to_mcp) { here->rename({as, to_mcp}); }
    unsigned refusal(std::string const& host) const {
        auto const found = ask(host);
        return found ? 200 : found.error().status();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(former_name, fixture)

BOOST_AUTO_TEST_CASE(a_new_name_is_spoken_and_answered_to_and_an_old_one_is_not) {
    BOOST_TEST(!at("localhost")->before);
    BOOST_TEST(!at("localhost")->has_public_url);
    rename("https://as-1.example", "https://mcp-1.example");
    BOOST_TEST(at("mcp-1.example")->mcp_url() == "https://mcp-1.example/mcp");
    rename("https://as-2.example", "https://mcp-2.example");
    for (auto const* host : {"mcp-2.example", "localhost", "127.0.0.1", "[::1]"}) {
        BOOST_TEST(at(host)->issuer() == "https://as-2.example", host);
        BOOST_TEST(at(host)->mcp_url() == "https://mcp-2.example/mcp", host);
        BOOST_TEST(at(host)->has_public_url);
        BOOST_TEST(at(host)->internal_issuer == "http://127.0.0.1:9100");
    }
    BOOST_TEST(refusal("mcp-1.example") == 421u);
    BOOST_TEST(refusal("as-2.example") == 421u);  // the name of the other server
    BOOST_TEST(refusal("alpha.localhost") == 421u);
    rename("", "");
    BOOST_TEST(refusal("mcp-2.example") == 421u);
    BOOST_TEST(at("localhost")->issuer() == "http://localhost:9100");
    BOOST_TEST(at("alpha.localhost")->issuer() == "http://alpha.localhost:9100");
}

BOOST_AUTO_TEST_CASE(what_was_seen_before_stays_as_it_was) {
    auto const seen = at("localhost");
    rename("https://as.example", "https://mcp.example");
    BOOST_TEST(seen->issuer() == "http://localhost:9100");
    BOOST_TEST(at("localhost")->issuer() == "https://as.example");
}

// RFC 8707 §2, RFC 9068 §4: which tokens are for this server is a matter of all its names
BOOST_AUTO_TEST_CASE(all_names_of_before_are_own_resources_and_issuers) {
    rename("https://as-1.example", "https://mcp-1.example");
    rename("https://as-2.example", "https://mcp-2.example");
    auto const where = at("localhost");
    for (auto const* own :
         {"http://localhost:9101/mcp", "http://127.0.0.1:9101", "https://mcp-1.example/sse",
          "https://mcp-1.example/", "https://mcp-2.example/mcp"}) {
        BOOST_TEST(where->is_own_resource(own), own);
    }
    BOOST_TEST(where->is_one_resource("http://localhost:9101/mcp", "https://mcp-2.example/mcp"));
    for (auto const* foreign : {"https://mcp-3.example/mcp", "http://localhost:9102/mcp",
                                "https://mcp-1.example/r/alpha/mcp", "https://as-1.example/mcp",
                                "http://alpha.localhost:9101/mcp"}) {
        BOOST_TEST(!where->is_own_resource(foreign), foreign);
    }
    for (auto const* own : {"http://localhost:9100", "http://[::1]:9101", "https://as-1.example",
                            "https://mcp-1.example", "https://as-2.example"}) {
        BOOST_TEST(where->is_own_issuer(own), own);
    }
    BOOST_TEST(!where->is_own_issuer("https://as-1.example/r/alpha"));
    BOOST_TEST(!where->is_own_issuer("https://as-3.example"));
}

BOOST_AUTO_TEST_CASE(a_realm_is_known_by_the_paths_and_the_host_that_it_had) {
    rename("https://as.example", "https://mcp.example");
    auto const where = at("mcp.example", "/r/alpha/mcp");
    for (auto const* own : {"https://mcp.example/r/alpha/mcp", "http://localhost:9101/r/alpha",
                            "http://alpha.localhost:9101/mcp"}) {
        BOOST_TEST(where->is_own_resource(own), own);
    }
    for (auto const* foreign :
         {"http://localhost:9101/mcp", "https://mcp.example/mcp", "http://beta.localhost:9101/mcp",
          "http://localhost:9101/r/alphabet/mcp"}) {
        BOOST_TEST(!where->is_own_resource(foreign), foreign);
    }
    BOOST_TEST(where->is_own_issuer("http://alpha.localhost:9100"));
    rename("", "");
    auto const by_host = at("alpha.localhost");
    BOOST_TEST(by_host->is_own_resource("https://mcp.example/r/alpha/mcp"));
    BOOST_TEST(by_host->internal_issuer == "http://127.0.0.1:9100/r/alpha");
}

BOOST_AUTO_TEST_CASE(allowed_hosts_were_names_too) {
    names.allowed_hosts = {"tollgate"};
    here = std::make_unique<resolver>(names, realms);
    rename("https://as.example", "https://mcp.example");
    BOOST_TEST(at("localhost")->is_own_resource("http://tollgate:9101/mcp"));
    BOOST_TEST(at("tollgate")->mcp_url() == "https://mcp.example/mcp");
}

BOOST_AUTO_TEST_CASE(an_issuer_of_before_has_a_name_today) {
    rename("https://as-1.example", "https://mcp-1.example");
    rename("https://as-2.example", "https://mcp-2.example");
    auto const where = at("localhost");
    BOOST_TEST(where->issuer_today("http://127.0.0.1:9100") == "https://as-2.example");
    BOOST_TEST(where->issuer_today("https://as-1.example") == "https://as-2.example");
    BOOST_TEST(where->issuer_today("https://mcp-1.example") == "https://mcp-2.example");
    for (std::string const kept :
         {"https://as-2.example", "https://mcp-2.example", "https://other.example", ""})
        BOOST_TEST(where->issuer_today(kept) == kept);
}

BOOST_AUTO_TEST_CASE(one_of_two_names_may_stay) {
    rename("https://as.example", "https://mcp.example");
    here->rename({{}, "https://mcp-2.example"});
    BOOST_TEST(at("localhost")->issuer() == "https://as.example");
    here->rename({"", {}});
    BOOST_TEST(at("localhost")->issuer() == "http://localhost:9100");
    BOOST_TEST(at("localhost")->mcp_url() == "https://mcp-2.example/mcp");
    BOOST_TEST(at("localhost")->has_public_url);
}

BOOST_AUTO_TEST_CASE(names_are_remembered_once_and_not_for_ever) {
    for (int i = 0; i < 100; ++i)
        rename("https://as-" + std::to_string(i) + ".example", "https://mcp.example");
    auto const now = here->names();
    BOOST_TEST(now->former_as.size() == 64u);
    BOOST_TEST(now->former_as.back() == "https://as-98.example");
    BOOST_TEST(now->former_mcp.size() == 1u);
    rename("https://as-98.example", "https://mcp.example");
    rename("https://as-99.example", "https://mcp.example");
    auto const& former = here->names()->former_as;
    BOOST_TEST(std::ranges::count(former, "https://as-98.example") == 1);
    BOOST_TEST(std::ranges::count(former, "https://as-99.example") == 0);
}

BOOST_AUTO_TEST_CASE(ports_of_a_realms_own_are_not_renamed) {
    mcp.realm = "alpha";
    rename("https://as.example", "https://mcp.example");
    auto const where = at("localhost");
    BOOST_TEST(where->mcp_url() == "http://localhost:9101/mcp");
    BOOST_REQUIRE(where->before);
    // Its path at that origin, and no name that was public.
    BOOST_TEST(where->before->issuers == std::vector<std::string>{"http://localhost:9100/r/alpha"});
    BOOST_TEST(where->has_public_url);
}

BOOST_AUTO_TEST_CASE(requests_on_other_threads_see_one_name_or_the_other) {
    rename("https://as-0.example", "https://mcp-0.example");
    std::atomic<bool> over = false;
    std::atomic<int> wrong = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 3; ++t) {
        threads.emplace_back([&] {
            while (!over) {
                auto const where = ask("localhost")->where;
                auto const as = where->issuer();
                auto const number = as.substr(as.find('-'));
                if (where->mcp_base() != "https://mcp" + number) ++wrong;
                if (!where->is_own_resource("http://localhost:9101/mcp")) ++wrong;
                if (!here->origin_allowed("http://localhost:1")) ++wrong;
            }
        });
    }
    for (int i = 0; i < 300; ++i) {
        auto const number = std::to_string(i % 3) + ".example";
        rename("https://as-" + number, "https://mcp-" + number);
    }
    over = true;
    for (auto& t : threads)
        t.join();
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_SUITE_END()
