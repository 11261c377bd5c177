// From the keys about people to what the authorization server goes by.
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"
#include "oauth/model/user_claims.hpp"

using namespace tollgate;
using test::load;

BOOST_AUTO_TEST_SUITE(consent_policy)

BOOST_AUTO_TEST_CASE(each_word_for_consent_is_a_mode) {
    using oauth::consent_mode;
    auto const mode = [](std::string const& word) {
        return oauth_policy(load({.sets = {"authorization_server.consent=" + word}})).consent;
    };
    BOOST_TEST((oauth_policy(load({})).consent == consent_mode::automatic));
    BOOST_TEST((mode("auto") == consent_mode::automatic));
    BOOST_TEST((mode("page") == consent_mode::page));
    BOOST_TEST((mode("login") == consent_mode::login));
    BOOST_TEST(!oauth_policy(load({})).deny_consent);
}

BOOST_AUTO_TEST_CASE(of_a_password_the_digest_alone_is_kept) {
    auto const p = oauth_policy(load(
        {.toml = "[[users]]\nname = \"a\"\npassword = \"hunter2\"\n[[users]]\nname = \"b\"\n"}));
    BOOST_REQUIRE(p.users.size() == 2u);
    BOOST_TEST(p.users[0].password_digest.find("hunter2") == std::string::npos);
    BOOST_TEST(oauth::password_fits(p.users[0], "hunter2"));
    BOOST_TEST(!oauth::password_fits(p.users[0], ""));
    BOOST_TEST(p.users[1].password_digest.empty());
}

BOOST_AUTO_TEST_SUITE_END()
