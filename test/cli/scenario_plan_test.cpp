#include "cli/scenario_plan.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;

namespace {

std::string described(std::variant<std::vector<control_call>, usage_error> const& plan) {
    if (auto const* wrong = std::get_if<usage_error>(&plan)) return wrong->text;
    std::string text;
    for (auto const& call : std::get<std::vector<control_call>>(plan)) {
        bool const mcp = call.side == control_side::mcp_server;
        text += (mcp ? "mcp " : "as ") + call.path + (call.body.empty() ? "" : " ") + call.body;
        text += '\n';
    }
    return text;
}

std::string described(std::variant<control_bases, usage_error> const& bases) {
    if (auto const* wrong = std::get_if<usage_error>(&bases)) return wrong->text;
    auto const& b = std::get<control_bases>(bases);
    return b.authorization_server + ' ' + b.mcp_server;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario_plan)

BOOST_AUTO_TEST_CASE(each_name_of_the_driver_means_its_control_calls) {
    struct row {
        char const* name;
        char const* argument;
        char const* calls;
    };
    row const rows[] = {
        {"state", "", ""},
        {"rotate", "on", "as rotate {\"on\":true}\n"},
        {"rotate", "off", "as rotate {\"on\":false}\n"},
        {"rotate", "", "as rotate {\"on\":true}\n"},
        {"expire-access", "5", "as expires-in {\"seconds\":5}\n"},
        {"revoke", "", "as revoke-access\n"},
        {"dead-refresh", "on", "as invalid-grant {\"on\":true}\n"},
        {"deny-consent", "off", "as deny-consent {\"on\":false}\n"},
        {"bad-scope", "on", "mcp force-403 {\"on\":true}\n"},
        {"reset", "", "as reset\nmcp reset\n"},
        {"refresh/rotate", "", "as scenario {\"name\":\"refresh/rotate\"}\n"},
        {"a\"b", "", "as scenario {\"name\":\"a\\\"b\"}\n"},
    };
    for (auto const& r : rows)
        BOOST_TEST(described(plan_scenario(r.name, r.argument)) == r.calls);
}

BOOST_AUTO_TEST_CASE(an_argument_that_does_not_fit_says_what_does) {
    struct row {
        char const* name;
        char const* argument;
        char const* text;
    };
    row const rows[] = {
        {"rotate", "maybe", "tollgate scenario rotate: takes on or off, not \"maybe\""},
        {"expire-access", "", "tollgate scenario expire-access: takes a number of seconds"},
        {"expire-access", "5s",
         "tollgate scenario expire-access: takes a number of seconds, not \"5s\""},
        {"expire-access", "-5",
         "tollgate scenario expire-access: takes a number of seconds, not \"-5\""},
        {"revoke", "on", "tollgate scenario revoke: takes no argument, not \"on\""},
        {"state", "on", "tollgate scenario state: takes no argument, not \"on\""},
        {"plain", "on", "tollgate scenario plain: takes no argument, not \"on\""},
    };
    for (auto const& r : rows)
        BOOST_TEST(described(plan_scenario(r.name, r.argument)) == r.text);
}

BOOST_AUTO_TEST_CASE(the_bases_follow_the_listen_addresses_and_the_realm) {
    config c;
    BOOST_TEST(described(control_bases_of(c, "")) ==
               "http://localhost:9100/control http://localhost:9101/control");
    BOOST_TEST(described(control_bases_of(c, "default")) ==
               "http://localhost:9100/control http://localhost:9101/control");
    BOOST_TEST(described(control_bases_of(c, "alpha")) ==
               "http://localhost:9100/r/alpha/control http://localhost:9101/r/alpha/control");
    BOOST_TEST(described(control_bases_of(c, "s/refresh.basic/run1")) ==
               "http://localhost:9100/s/refresh.basic/run1/control "
               "http://localhost:9101/s/refresh.basic/run1/control");
    c.authorization_server.listen = "0.0.0.0:80";
    c.mcp_server.listen = "[::]:8443";
    BOOST_TEST(described(control_bases_of(c, "")) ==
               "http://localhost/control http://localhost:8443/control");
    c.authorization_server.listen = "127.0.0.1:1";
    c.mcp_server.listen = "[::1]:2";
    c.tls.certificate = "certs/localhost.pem";
    BOOST_TEST(described(control_bases_of(c, "")) ==
               "https://127.0.0.1:1/control https://[::1]:2/control");
}

BOOST_AUTO_TEST_CASE(a_url_is_taken_with_or_without_control) {
    for (std::string const url : {"http://localhost:1", "http://localhost:1/",
                                  "http://localhost:1/control", "http://localhost:1/control/"})
        BOOST_TEST(described(control_bases_of(url, "", "")) ==
                   "http://localhost:1/control http://localhost:1/control");
    BOOST_TEST(described(control_bases_of("http://localhost:1", "https://localhost:2", "a")) ==
               "http://localhost:1/r/a/control https://localhost:2/r/a/control");
}

BOOST_AUTO_TEST_CASE(what_is_no_url_no_realm_or_no_port_is_refused) {
    config c;
    for (auto const* realm : {"/", "a/b", "s/a", "s/a/b/c", "a b", "../x", "a?b"})
        BOOST_TEST(described(control_bases_of(c, realm))
                       .starts_with("--realm takes a name or s/SCENARIO/RUN"),
                   realm);
    BOOST_TEST(described(control_bases_of("localhost:9100", "", "")).starts_with("--url: "));
    BOOST_TEST(described(control_bases_of("http://a", "ftp://b", "")) ==
               "--mcp-url: \"ftp://b\" is no http or https URL");
    c.mcp_server.listen = "localhost:0";
    BOOST_TEST(described(control_bases_of(c, "")) ==
               "mcp.listen names no port; say with --url where the server is");
}

BOOST_AUTO_TEST_SUITE_END()
