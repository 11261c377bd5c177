// What strangers may have.
#include <boost/test/unit_test.hpp>

#include "config_file.hpp"
#include "policies.hpp"

using tollgate::test::load;
using tollgate::test::mistakes;

namespace {

std::string const public_url = "mcp.public_url=https://mcp.example.com";
std::string const device = "urn:ietf:params:oauth:grant-type:device_code";

bool says(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strangers)

BOOST_AUTO_TEST_CASE(get_code_refresh_and_device_unless_told_otherwise) {
    std::vector<std::string> const standard{"authorization_code", "refresh_token", device};
    BOOST_TEST(tollgate::oauth_policy(load({})).registration_grant_types == standard);
    auto const more = load(
        {.sets = {"registration.grant_types=[\"authorization_code\",\"client_credentials\"]"}});
    std::vector<std::string> const wanted{"authorization_code", "client_credentials"};
    BOOST_TEST(tollgate::oauth_policy(more).registration_grant_types == wanted);
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
        auto const notes = load({.sets = {key, other, "control.enabled=false"}}).notes;
        BOOST_REQUIRE(notes.size() == 1u);
        BOOST_TEST(says(notes[0], "whoever registers gets tokens"), notes[0]);
    }
}

BOOST_AUTO_TEST_SUITE_END()
