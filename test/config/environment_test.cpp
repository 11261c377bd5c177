// Environment variables: short names, and TOLLGATE_ + KEY.
#include <cstdlib>

#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using namespace tollgate;
using test::load;
using test::mistakes;
using strings = std::vector<std::string>;
using variables = std::map<std::string, std::string>;

namespace {

config with(variables const& environment) {
    return load({.environment = environment});
}

std::string wrong_with(variables const& environment) {
    return mistakes({.environment = environment});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_environment)

BOOST_AUTO_TEST_CASE(the_ports_replace_the_port_and_keep_the_host) {
    auto const c = load({.toml = "[mcp]\nlisten = \"127.0.0.1:1\"\n",
                         .environment = {{"OAUTH_PORT", "4000"}, {"MCP_PORT", "0"}}});
    BOOST_TEST(c.authorization_server.listen == "localhost:4000");
    BOOST_TEST(c.mcp_server.listen == "127.0.0.1:0");
}

BOOST_AUTO_TEST_CASE(the_base_urls_are_the_public_urls) {
    auto const c = with({{"OAUTH_BASE_URL", "https://as.example.com/"},
                         {"MCP_BASE_URL", "https://mcp.example.com"}});
    BOOST_TEST(c.authorization_server.public_url == "https://as.example.com");
    BOOST_TEST(c.mcp_server.public_url == "https://mcp.example.com");
}

BOOST_AUTO_TEST_CASE(the_certificate_files_start_at_the_folder_of_the_configuration) {
    test::config_folder const folder;
    folder.write("a.pem", "x");
    folder.write("b.pem", "x");
    auto const c = load_config({folder.write("config.toml", ""),
                                {},
                                {{"TLS_CERT_FILE", "a.pem"}, {"TLS_KEY_FILE", "b.pem"}}});
    BOOST_TEST(c.tls.certificate == folder.path() + "/a.pem");
    BOOST_TEST(c.tls.private_key == folder.path() + "/b.pem");
}

BOOST_AUTO_TEST_CASE(the_seed_is_added_to_those_of_the_file) {
    auto const c = load({.toml = "[tokens]\nseed_refresh = [\"one\"]\n",
                         .environment = {{"SEED_REFRESH_TOKEN", "two"}}});
    BOOST_TEST(c.tokens.seed_refresh == (strings{"one", "two"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_token_lifetime_is_in_seconds) {
    BOOST_TEST(with({{"TOKEN_TTL_SECONDS", "90"}}).oauth.access_ttl.count() == 90'000);
}

BOOST_AUTO_TEST_CASE(the_scopes_are_required_and_can_be_granted) {
    auto const c = with({{"SCOPES", "mcp files:read  openid"}});
    BOOST_TEST(c.mcp.scopes == (strings{"mcp", "files:read", "openid"}),
               boost::test_tools::per_element());
    strings const grantable{"openid",    "profile",   "email", "offline_access",
                            "mcp:tools", "mcp:admin", "mcp",   "files:read"};
    BOOST_TEST(c.oauth.scopes == grantable, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_other_key_is_tollgate_and_the_key_in_capitals) {
    auto const c = with({{"TOLLGATE_MCP__AUTH", "none"},
                         {"TOLLGATE_REALMS__MAX", "7"},
                         {"TOLLGATE_CONTROL__TOKEN", "12345"},
                         {"TOLLGATE_MCP__SCOPES", "[\"mcp:admin\"]"},
                         {"TOLLGATE_CLIENT_DOCUMENTS", "[]"},
                         {"TOLLGATE_USERS", "[{name=\"bob\"}]"},
                         {"TOLLGATE_AUTHORIZATION_SERVER__LISTEN", "localhost:1234"}});
    BOOST_TEST(word_of(c.mcp.auth) == "none");
    BOOST_TEST(c.realms.max == 7u);
    BOOST_TEST(c.control.token == "12345");
    BOOST_TEST(c.mcp.scopes == strings{"mcp:admin"}, boost::test_tools::per_element());
    BOOST_TEST(c.users.at(0).name == "bob");
    BOOST_TEST(c.authorization_server.listen == "localhost:1234");
}

BOOST_AUTO_TEST_CASE(the_long_name_beats_the_short_one) {
    auto const c =
        with({{"OAUTH_PORT", "1"}, {"TOLLGATE_AUTHORIZATION_SERVER__LISTEN", "localhost:2"}});
    BOOST_TEST(c.authorization_server.listen == "localhost:2");
}

BOOST_AUTO_TEST_CASE(variables_of_the_control_calls_and_empty_short_ones_are_left_alone) {
    auto const c = with({{"TOLLGATE_URL", "http://x"},
                         {"TOLLGATE_TOKEN", "x"},
                         {"OAUTH_ISSUER", ""},
                         {"SCOPES", ""},
                         {"OAUTH_PORT", ""}});
    BOOST_TEST(c.positions.empty());  // no key was given
}

BOOST_AUTO_TEST_CASE(a_mistake_in_a_variable_names_the_variable) {
    struct row {
        char const* name;
        char const* text;
        char const* wrong;
    };
    row const rows[] = {
        {"OAUTH_PORT", "http",
         "environment OAUTH_PORT: expected a port from 0 to 65535, found \"http\""},
        {"MCP_PORT", "65536",
         "environment MCP_PORT: expected a port from 0 to 65535, found \"65536\""},
        {"TOKEN_TTL_SECONDS", "1h",
         "environment TOKEN_TTL_SECONDS: expected a number of seconds, at least 1, found \"1h\""},
        {"TOKEN_TTL_SECONDS", "0",
         "environment TOKEN_TTL_SECONDS: expected a number of seconds, at least 1, found \"0\""},
        {"OAUTH_BASE_URL", "as.example.com",
         "environment OAUTH_BASE_URL: \"as.example.com\" is no absolute URL; write it as "
         "\"https://host/path\""},
        {"TOLLGATE_MCP__AUTH", "maybe",
         "environment TOLLGATE_MCP__AUTH: \"maybe\" is none of \"required\", \"tools-only\", "
         "\"none\""},
        {"TOLLGATE_MCP__AHTU", "none",
         "environment TOLLGATE_MCP__AHTU: unknown key; did you mean TOLLGATE_MCP__AUTH?"},
        {"TOLLGATE_STORE__URL", "redis://tg@h",
         "environment TOLLGATE_STORE__URL: names a user without a password; write user:password@, "
         "or leave both out"},
        {"SCOPES", "a\"b",
         "environment SCOPES: \"a\"b\" is no scope: printable ASCII without space, quote and "
         "backslash (RFC 6749 section 3.3)"},
    };
    for (auto const& r : rows)
        BOOST_TEST(wrong_with({{r.name, r.text}}) == r.wrong);
}

BOOST_AUTO_TEST_CASE(a_foreign_provider_means_proxy_mode) {
    variables const by_issuer{{"OAUTH_ISSUER", "https://idp.example.com"}};
    variables const by_urls{{"OAUTH_AUTH_URL", "https://idp.example.com/authorize"},
                            {"OAUTH_TOKEN_URL", "https://idp.example.com/token"},
                            {"OAUTH_USERINFO_URL", "https://idp.example.com/userinfo"}};
    for (auto variables : {by_issuer, by_urls}) {
        variables["OAUTH_CLIENT_ID"] = "us";
        variables["OAUTH_CLIENT_SECRET"] = "s";
        auto const c = with(variables);
        BOOST_TEST(c.authorization_server.mode == "proxy");
        BOOST_TEST(word_of(c.oauth.validation) == "userinfo");
        BOOST_TEST(c.upstream.client_id == "us");
        BOOST_TEST(c.mcp.scopes == (strings{"openid", "profile"}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(half_a_foreign_provider_is_refused_with_what_is_missing) {
    BOOST_TEST(wrong_with({{"OAUTH_AUTH_URL", "https://idp.example.com/authorize"}}) ==
               "environment OAUTH_AUTH_URL: authorization_server.mode: \"proxy\" needs "
               "upstream.issuer, or upstream.authorization_endpoint and upstream.token_endpoint\n"
               "environment OAUTH_AUTH_URL: validation.strategy: \"userinfo\" needs "
               "upstream.issuer, upstream.userinfo_endpoint or validation.endpoint");
}

BOOST_AUTO_TEST_CASE(a_given_mode_and_strategy_are_kept_beside_a_foreign_provider) {
    for (auto const* name : {"OAUTH_ISSUER", "OAUTH_USERINFO_URL"}) {
        auto const c = load({.sets = {"authorization_server.mode=builtin"},
                             .environment = {{name, "https://idp.example.com/x"}}});
        BOOST_TEST(c.authorization_server.mode == "builtin");
        BOOST_TEST(word_of(c.oauth.validation) == "userinfo");
    }
    auto const c =
        load({.sets = {"authorization_server.mode=builtin", "validation.strategy=introspection"},
              .environment = {{"OAUTH_ISSUER", "https://idp.example.com/x"}}});
    BOOST_TEST(word_of(c.oauth.validation) == "introspection");
}

BOOST_AUTO_TEST_CASE(a_secret_for_a_provider_needs_its_client_id) {
    BOOST_TEST(wrong_with({{"OAUTH_CLIENT_SECRET", "x"}}) ==
               "environment OAUTH_CLIENT_SECRET: needs upstream.client_id beside it");
    BOOST_TEST(wrong_with({{"OAUTH_CLIENT_SECRET", "x"}, {"OAUTH_CLIENT_ID", "us"}}) == "");
}

BOOST_AUTO_TEST_CASE(a_secret_in_a_variable_is_never_repeated) {
    auto const text = wrong_with({{"SEED_REFRESH_TOKEN", "hunter2\x01"}});
    BOOST_TEST(!text.empty());
    BOOST_TEST(text.find("hunter2") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(takes_only_our_variables_from_the_process) {
    setenv("TOLLGATE_MCP__AUTH", "none", 1);
    setenv("SCOPES", "a=b", 1);
    setenv("UNRELATED", "x", 1);
    auto const taken = process_environment();
    unsetenv("TOLLGATE_MCP__AUTH");
    unsetenv("SCOPES");
    unsetenv("UNRELATED");
    BOOST_TEST(taken.at("TOLLGATE_MCP__AUTH") == "none");
    BOOST_TEST(taken.at("SCOPES") == "a=b");
    BOOST_TEST(!taken.contains("UNRELATED"));
    BOOST_TEST(!taken.contains("PATH"));
}

BOOST_AUTO_TEST_SUITE_END()
