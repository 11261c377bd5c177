// What must not go over a network in clear text, and what must not be fetched for strangers.
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"

using namespace tollgate;
using test::load;
using test::mistakes;
using strings = std::vector<std::string>;

namespace {

std::string refusal(std::string const& key, std::string const& url) {
    return key + ": \"" + url +
           "\" is plain http to another machine: secrets, codes and tokens would go there in clear "
           "text (RFC 6749 section 3.2). Use https, or say upstream.allow_insecure_http = true "
           "where "
           "that network is your own";
}

constexpr auto allowed = "upstream.allow_insecure_http=true";

}  // namespace

BOOST_AUTO_TEST_SUITE(config_clear_text)

// RFC 6749 §2.3.1, §3.1, §3.2: TLS, for passwords of clients, codes and tokens
BOOST_AUTO_TEST_CASE(a_provider_on_another_machine_is_reached_by_https) {
    strings const base{"authorization_server.mode=proxy", "mcp.auth=none",
                       "upstream.issuer=https://idp.example"};
    for (auto const* key :
         {"upstream.issuer", "upstream.authorization_endpoint", "upstream.token_endpoint",
          "upstream.userinfo_endpoint", "upstream.introspection_endpoint", "upstream.jwks_uri",
          "validation.endpoint"}) {
        auto sets = base;
        sets.push_back(std::string(key) + "=http://keycloak:8080/x");
        BOOST_TEST(mistakes({.sets = sets}) ==
                   refusal("--set " + std::string(key), "http://keycloak:8080/x"));
        sets.back() = std::string(key) + "=https://keycloak:8443/x";
        BOOST_TEST(mistakes({.sets = sets}) == "");
    }
    BOOST_TEST(mistakes({.environment = {{"OAUTH_ISSUER", "http://idp.example"}}}) ==
               refusal("environment OAUTH_ISSUER", "http://idp.example"));
}

BOOST_AUTO_TEST_CASE(what_is_on_this_machine_needs_no_tls) {
    for (auto const* host :
         {"localhost:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:8080", "idp.localhost", "LOCALHOST"})
        BOOST_TEST(mistakes({.sets = {"upstream.issuer=http://" + std::string(host)}}) == "", host);
    for (auto const* host : {"localhost.example", "127.0.0.1.example", "127.evil.example",
                             "0.0.0.0", "10.0.0.1", "[::ffff:127.0.0.1]", "host.docker.internal"})
        BOOST_TEST(mistakes({.sets = {"upstream.issuer=http://" + std::string(host)}}) != "", host);
}

// RFC 6750 §5.3: nor do tokens go in clear text; and who can change keys can sign
BOOST_AUTO_TEST_CASE(keys_and_tokens_of_others_are_held_to_it_as_well) {
    std::string const trusted =
        "[[trusted_issuers]]\nissuer = \"http://idp\"\njwks_uri = \"http://idp/jwks\"\n";
    BOOST_TEST(mistakes({.toml = trusted}) ==
               refusal("config.toml:3:12: trusted_issuers[0].jwks_uri", "http://idp/jwks"));
    BOOST_TEST(mistakes({.toml = "[tools]\nauthenticated_request_url = \"http://api/x\"\n"}) ==
               refusal("config.toml:2:29: tools.authenticated_request_url", "http://api/x"));
    BOOST_TEST(mistakes({.toml = trusted, .sets = {allowed}}) == "");
}

BOOST_AUTO_TEST_CASE(a_container_network_may_be_allowed_and_is_told_of_at_every_start) {
    auto const c = load({.sets = {"upstream.issuer=http://keycloak:8080", allowed}});
    BOOST_REQUIRE(c.notes.size() == 1u);
    BOOST_TEST(
        c.notes.front() ==
        "upstream.allow_insecure_http is true: secrets, codes and tokens go over plain http, "
        "and everybody on the way can read and change them");
    BOOST_TEST(c.upstream.allow_insecure_http);
    BOOST_TEST(load({.sets = {allowed}}).notes.size() == 1u);
    auto const strict = load({.sets = {"upstream.issuer=https://idp.example"}});
    BOOST_TEST(strict.notes.empty());
    BOOST_TEST(!strict.upstream.allow_insecure_http);
}

// Or strangers could find out which ports of this machine are open.
BOOST_AUTO_TEST_CASE(documents_on_loopback_do_not_go_with_a_public_url) {
    std::string const key = "registration.allow_loopback_metadata";
    for (std::string const name : {"authorization_server.public_url", "mcp.public_url"}) {
        strings sets{key + "=true", name + "=https://tollgate.example"};
        BOOST_TEST(mistakes({.sets = sets}) ==
                   "--set " + key + ": does not go with " + name +
                       " = \"https://tollgate.example\": strangers could have the ports of this "
                       "machine asked by naming them as their client_id; leave one of the two out");
        sets.back() = name + "=http://localhost:9000";
        BOOST_TEST(mistakes({.sets = sets}) == "");
        sets = {name + "=https://tollgate.example"};
        BOOST_TEST(mistakes({.sets = sets}) == "");
    }
    auto const shown = load({.sets = {key + "=true", "mcp.listen=0.0.0.0:9101",
                                      "server.allowed_hosts=[\"tollgate\"]"}});
    BOOST_REQUIRE(shown.notes.size() == 1u);
    BOOST_TEST(shown.notes.front().starts_with(key + " is true and a listener is not loopback"));
    BOOST_TEST(load({.sets = {key + "=true"}}).notes.empty());
}

BOOST_AUTO_TEST_SUITE_END()
