// Where realms are reached: docs/control.md, "Realms", in the names of the request.
#include "control/realms/realm_names.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::control;

namespace {

http::place asked(std::string as, std::string mcp) {
    http::place p;
    p.as_origin = std::move(as);
    p.mcp_origin = std::move(mcp);
    return p;
}

http::place const local = asked("http://localhost:9100", "http://localhost:9101");

realm_settings by(isolation way, std::string base = "") {
    realm_settings s;
    s.way = way;
    s.base = std::move(base);
    s.as_port = 40001;
    s.mcp_port = 40002;
    return s;
}

std::string urls(realm_settings const& birth, http::place const& at) {
    auto const u = urls_of("alpha", birth, at);
    return u ? u->issuer + " " + u->mcp_base : std::to_string(u.error().status());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(realm_names)

BOOST_AUTO_TEST_CASE(names_a_realm_by_each_way_of_reaching_it) {
    BOOST_TEST(urls(by(isolation::origin), local) == "http://localhost:9100 http://localhost:9101");
    BOOST_TEST(urls(by(isolation::path, "/r/alpha"), local) ==
               "http://localhost:9100/r/alpha http://localhost:9101/r/alpha");
    BOOST_TEST(urls(by(isolation::scenario_path, "/s/plain/1"), local) ==
               "http://localhost:9100/s/plain/1 http://localhost:9101/s/plain/1");
    BOOST_TEST(urls(by(isolation::host), local) ==
               "http://alpha.localhost:9100 http://alpha.localhost:9101");
    BOOST_TEST(urls(by(isolation::port), local) == "http://localhost:40001 http://localhost:40002");
}

// Clients compare issuer and resource as strings, so the answer speaks as it was spoken to.
BOOST_AUTO_TEST_CASE(speaks_the_loopback_name_that_the_request_used) {
    for (std::string const host : {"127.0.0.1", "[::1]", "localhost"}) {
        auto const at = asked("http://" + host + ":9100", "http://" + host + ":9101");
        BOOST_TEST(urls(by(isolation::path, "/r/alpha"), at) ==
                   "http://" + host + ":9100/r/alpha http://" + host + ":9101/r/alpha");
        BOOST_TEST(urls(by(isolation::port), at) ==
                   "http://" + host + ":40001 http://" + host + ":40002");
        BOOST_TEST(urls(by(isolation::host), at) ==
                   "http://alpha.localhost:9100 http://alpha.localhost:9101");
    }
}

// A realm that is asked by its host about another one does not lend it its name.
BOOST_AUTO_TEST_CASE(leaves_the_host_of_the_realm_that_was_asked_out_of_the_answer) {
    auto const at = asked("http://beta.localhost:9100", "http://beta.localhost:9101");
    BOOST_TEST(urls(by(isolation::path, "/r/alpha"), at) ==
               "http://localhost:9100/r/alpha http://localhost:9101/r/alpha");
    BOOST_TEST(urls(by(isolation::host), at) ==
               "http://alpha.localhost:9100 http://alpha.localhost:9101");
    BOOST_TEST(urls(by(isolation::port), at) == "http://localhost:40001 http://localhost:40002");
}

BOOST_AUTO_TEST_CASE(keeps_the_scheme_and_leaves_the_usual_port_out) {
    BOOST_TEST(urls(by(isolation::host), asked("https://localhost", "https://localhost:9101")) ==
               "https://alpha.localhost https://alpha.localhost:9101");
    BOOST_TEST(
        urls(by(isolation::path, "/r/alpha"), asked("https://as.example", "https://x.test")) ==
        "https://as.example/r/alpha https://x.test/r/alpha");
}

// There is no such host outside, and nobody there reaches the port.
BOOST_AUTO_TEST_CASE(has_no_hosts_and_ports_where_either_server_has_a_public_name) {
    for (auto const& at : {asked("https://as.example", "http://localhost:9101"),
                           asked("http://localhost:9100", "https://mcp.example"),
                           asked("https://localhost.example", "https://localhost.example"),
                           asked("http://192.0.2.1:9100", "http://192.0.2.1:9101")}) {
        BOOST_TEST(urls(by(isolation::host), at) == "400", at.as_origin);
        BOOST_TEST(urls(by(isolation::port), at) == "400", at.as_origin);
        BOOST_TEST(urls(by(isolation::path, "/r/alpha"), at) != "400", at.as_origin);
    }
}

BOOST_AUTO_TEST_CASE(says_which_way_does_not_work_and_which_does) {
    auto const at = asked("https://as.example", "https://as.example");
    auto const refused = urls_of("alpha", by(isolation::port), at);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().description().starts_with("/isolation: \"port\" "));
    BOOST_TEST(refused.error().description().ends_with("use \"path\""));
}

BOOST_AUTO_TEST_CASE(calls_the_ways_as_the_contract_does) {
    BOOST_TEST(to_string(isolation::path) == "path");
    BOOST_TEST(to_string(isolation::host) == "host");
    BOOST_TEST(to_string(isolation::port) == "port");
}

// Any name you like, as long as a path and a realm's name can hold it.
BOOST_AUTO_TEST_CASE(takes_letters_digits_dashes_and_underscores_for_a_run) {
    for (auto const* good : {"1", "Run_1", "-", "_", "A-b_C-9", "2025-11-25"})
        BOOST_TEST(is_run_name(good), good);
    for (auto const* bad : {"", ".", "..", "a.b", "a/b", "a%20b", "a b", "a~", "\xc3\xa9", "a\n"})
        BOOST_TEST(!is_run_name(bad), bad);
    BOOST_TEST(is_run_name(std::string(64, 'r')));
    BOOST_TEST(!is_run_name(std::string(65, 'r')));
}

// The name of an implicit realm is that of no named one, and of no other run.
BOOST_AUTO_TEST_CASE(gives_every_scenario_and_run_a_name_and_a_base_of_their_own) {
    auto const& s = *find_scenario("refresh.dead").value();
    BOOST_TEST(implicit_name(s, "r-1") == "s.refresh.dead.r-1");
    BOOST_TEST(implicit_base(s, "r-1") == "/s/refresh.dead/r-1");
    for (auto const& other : all_scenarios()) {
        BOOST_TEST(!is_realm_name(implicit_name(other, "r")));
        if (other.name != s.name)
            BOOST_TEST(implicit_name(other, "r-1") != implicit_name(s, "r-1"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
