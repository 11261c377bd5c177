// What strangers may have, and what they could find by trying.
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"

using tollgate::test::load;
using tollgate::test::mistakes;

namespace {

std::string const public_issuer = "authorization_server.public_url=https://as.example.com";
std::string const public_url = "mcp.public_url=https://mcp.example.com";
std::string const device = "urn:ietf:params:oauth:grant-type:device_code";

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strangers)

BOOST_AUTO_TEST_CASE(get_code_refresh_and_device_unless_told_otherwise) {
    std::vector<std::string> const standard{"authorization_code", "refresh_token", device};
    BOOST_TEST(tollgate::oauth_policy(load({})).registration_grant_types == standard,
               boost::test_tools::per_element());
    auto const more = load(
        {.sets = {"registration.grant_types=[\"authorization_code\",\"client_credentials\"]"}});
    std::vector<std::string> const wanted{"authorization_code", "client_credentials"};
    BOOST_TEST(tollgate::oauth_policy(more).registration_grant_types == wanted,
               boost::test_tools::per_element());
    BOOST_TEST(more.notes.empty());
}

BOOST_AUTO_TEST_CASE(get_nothing_that_the_token_endpoint_has_not) {
    BOOST_TEST(mistakes({.sets = {"authorization_server.grant_types=[\"authorization_code\"]",
                                  "registration.grant_types=[\"refresh_token\"]"}}) ==
               "--set registration.grant_types: \"refresh_token\" is missing in "
               "authorization_server.grant_types");
    BOOST_TEST(mistakes({.sets = {"registration.default_grant_types=[\"client_credentials\"]"}}) ==
               "--set registration.default_grant_types: \"client_credentials\" is missing in "
               "registration.grant_types");
    BOOST_TEST(mistakes({.sets = {"registration.grant_types=[]"}}) != "");
    // The defaults of either list are no mistake.
    load({.sets = {"authorization_server.grant_types=[\"authorization_code\"]"}});
}

BOOST_AUTO_TEST_CASE(with_client_credentials_get_tokens_without_a_person_and_that_is_said) {
    std::string const key = "registration.grant_types=[\"client_credentials\"]";
    for (auto const& other : {public_url, std::string("authorization_server.consent=login"),
                              std::string("authorization_server.consent=page")}) {
        std::vector<std::string> sets{key, other, "control.enabled=false"};
        if (other == public_url) sets.push_back(public_issuer);
        auto const notes = load({.sets = sets}).notes;
        BOOST_REQUIRE(notes.size() == 1u);
        BOOST_TEST(says(notes[0], "whoever registers gets tokens"), notes[0]);
    }
}

BOOST_AUTO_TEST_CASE(must_not_find_the_control_token_by_trying) {
    std::vector<std::vector<std::string>> const reached{
        {public_url},
        {public_issuer},
        {"mcp.listen=0.0.0.0:0", "server.allowed_hosts=[\"tollgate\"]"},
        {"authorization_server.listen=[::]:0", "server.allowed_hosts=[\"tollgate\"]"}};
    for (auto sets : reached) {
        auto const key = sets[0].substr(0, sets[0].find('='));
        sets.emplace_back("control.token=123456789012345");
        BOOST_TEST(mistakes({.sets = sets}) ==
                   "--set control.token: has fewer than 16 characters, and by " + key +
                       " others can reach this server and find it by trying; take random ones, "
                       "such as `openssl rand -hex 16` prints");
        sets.back() += '6';
        load({.sets = sets});
        sets.back() = "control.token=short";
        sets.emplace_back("control.enabled=false");
        load({.sets = sets});
    }
    BOOST_TEST(load({.sets = {"control.token=short"}}).control.token == "short");
}

BOOST_AUTO_TEST_CASE(can_shut_short_secrets_of_a_public_server_and_that_is_said) {
    std::string const toml =
        "[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"http://localhost/cb\"]\n"
        "client_secret = \"SECRET\"\n[[users]]\nname = \"ada\"\npassword = \"SECRET\"\n";
    auto const with = [&](std::string const& secret) {
        auto text = toml;
        for (auto at = text.find("SECRET"); at != text.npos; at = text.find("SECRET", at + 1))
            text.replace(at, 6, secret);
        return text;
    };
    BOOST_TEST(load({.toml = with("short")}).notes.empty());
    std::vector<std::string> const open{public_url, public_issuer, "control.enabled=false",
                                        "authorization_server.consent=login"};
    auto const notes = load({.toml = with("short"), .sets = open}).notes;
    BOOST_REQUIRE(notes.size() == 1u);
    BOOST_TEST(says(notes[0], "clients[0].client_secret has fewer than 16 characters"), notes[0]);
    BOOST_TEST(load({.toml = with("0123456789abcdef"), .sets = open}).notes.empty());
    auto const person =
        load({.toml = "[[users]]\nname = \"ada\"\npassword = \"short\"\n", .sets = open}).notes;
    BOOST_REQUIRE(person.size() == 1u);
    BOOST_TEST(says(person[0], "users[0].password"), person[0]);
}

BOOST_AUTO_TEST_CASE(are_bounded_in_their_guesses_by_two_keys) {
    auto const standard = tollgate::guess_bounds(load({}));
    BOOST_TEST(standard.per_peer == 100u);
    BOOST_TEST(standard.in_all == 1000u);
    auto const other = tollgate::guess_bounds(
        load({.sets = {"server.wrong_secrets_per_peer=5", "server.wrong_secrets=7"}}));
    BOOST_TEST(other.per_peer == 5u);
    BOOST_TEST(other.in_all == 7u);
    BOOST_TEST(mistakes({.sets = {"server.wrong_secrets=0"}}) != "");
}

BOOST_AUTO_TEST_SUITE_END()
