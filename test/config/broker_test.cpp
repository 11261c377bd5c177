// Broker mode: what it needs, what it refuses, and its own defaults.
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"

using namespace tollgate;
using namespace std::chrono_literals;
using test::load;
using test::mistakes;

namespace {

// The smallest broker, with `more` behind it.
std::vector<std::string> broker(std::vector<std::string> more = {}) {
    std::vector<std::string> sets{"authorization_server.mode=broker",
                                  "upstream.issuer=https://idp.example.com",
                                  "upstream.client_id=us"};
    sets.insert(sets.end(), more.begin(), more.end());
    return sets;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_broker)

BOOST_AUTO_TEST_CASE(has_defaults_of_its_own) {
    auto const c = load({.sets = broker()});
    BOOST_TEST(word_of(c.oauth.consent) == "page");
    BOOST_TEST((c.oauth.code_ttl == 5min));
    BOOST_TEST((c.oauth.access_ttl == 24h));
    BOOST_TEST((c.oauth.refresh_ttl == 720h));
    BOOST_TEST(word_of(c.oauth.rotation) == "public");
    std::vector<std::string> const hosts{"loopback",        "claude.ai",  "claude.com",
                                         "api.smithery.ai", "vscode.dev", "insiders.vscode.dev",
                                         "www.cursor.com",  "cursor://"};
    BOOST_TEST(c.oauth.redirect_hosts == hosts);
    BOOST_TEST(oauth_policy(c).brokered);
    BOOST_TEST(!oauth_policy(load({})).brokered);
    for (auto const& grant : c.oauth.grant_types)
        BOOST_TEST(grant.find("device") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_given_beats_its_defaults_wherever_it_is_given) {
    auto const c =
        load({.toml = "[registration]\nredirect_hosts = [\"*\"]\n",
              .sets = broker({"authorization_server.consent=auto", "tokens.code_ttl=2m"}),
              .environment = {{"TOKEN_TTL_SECONDS", "60"}}});
    BOOST_TEST(word_of(c.oauth.consent) == "auto");
    BOOST_TEST((c.oauth.code_ttl == 2min));
    BOOST_TEST((c.oauth.access_ttl == 60s));
    BOOST_TEST(c.oauth.redirect_hosts.front() == "*");
}

BOOST_AUTO_TEST_CASE(needs_a_provider_and_a_name_there) {
    BOOST_TEST(mistakes({.sets = {"authorization_server.mode=broker", "upstream.client_id=us"}})
                   .find("needs upstream.issuer, or upstream.authorization_endpoint and "
                         "upstream.token_endpoint") != std::string::npos);
    BOOST_TEST(mistakes({.sets = {"authorization_server.mode=broker",
                                  "upstream.issuer=https://idp.example.com"}})
                   .find("needs upstream.client_id") != std::string::npos);
    BOOST_TEST(mistakes({.sets = {"authorization_server.mode=broker", "upstream.client_id=us",
                                  "upstream.authorization_endpoint=https://idp.example.com/a",
                                  "upstream.token_endpoint=https://idp.example.com/t"}}) == "");
}

BOOST_AUTO_TEST_CASE(refuses_what_makes_no_sense_with_it) {
    auto const says = [](std::string const& set, std::string_view what) {
        auto const wrong = mistakes({.sets = broker({set})});
        BOOST_TEST(wrong.starts_with("--set " + set.substr(0, set.find('='))), wrong);
        BOOST_TEST(wrong.find(what) != std::string::npos, wrong);
    };
    says("authorization_server.consent=login", "people log in at the provider");
    says("authorization_server.grant_types=[\"urn:ietf:params:oauth:grant-type:device_code\"]",
         "leave it out");
    says("validation.endpoint=https://idp.example.com/introspect", "the tokens are our own");
    says("upstream.token_key=short", "32 bytes or more");
    says("upstream.redirect_path=/elsewhere", "/api/callback");
    auto const c = load({.sets = broker({"users=[{name=\"alice\"}]"})});
    BOOST_REQUIRE_EQUAL(c.notes.size(), 1u);
    BOOST_TEST(c.notes[0].find("[[users]] are not used") == 0u);
}

BOOST_AUTO_TEST_CASE(shows_the_key_of_provider_tokens_in_no_message) {
    BOOST_TEST(mistakes({.sets = broker({"upstream.token_key=hush"})}).find("hush") ==
               std::string::npos);
    auto const c = load({.sets = broker({"upstream.token_key=" + std::string(32, 'k'),
                                         "upstream.redirect_path=/api/callback"})});
    BOOST_TEST(broker_options(c).token_key == std::string(32, 'k'));
    BOOST_TEST(broker_options(c).redirect_path == "/api/callback");
}

BOOST_AUTO_TEST_SUITE_END()
