#include "oauth/identity.hpp"

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "oauth/defaults.hpp"

using namespace tollgate::oauth;

namespace {

policy with_ada() {
    policy p;
    boost::json::object claims;
    claims["name"] = "Ada";
    claims["scope"] = "mcp:admin";
    claims["sub"] = "root";
    claims["exp"] = 1;
    p.users = {user{"ada", claims}, user{"bob", {}}};
    return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identity)

BOOST_AUTO_TEST_CASE(says_what_is_configured_of_a_user_and_nothing_that_is_the_protocols) {
    BOOST_TEST(boost::json::serialize(claims_of(with_ada(), "ada")) ==
               R"({"sub":"ada","name":"Ada"})");
}

BOOST_AUTO_TEST_CASE(leaves_the_subject_of_a_user_that_is_gone) {
    BOOST_TEST(boost::json::serialize(claims_of(with_ada(), "eve")) == R"({"sub":"eve"})");
}

BOOST_AUTO_TEST_CASE(lets_the_first_user_approve) {
    BOOST_TEST(default_user(with_ada()) == "ada");
    policy nobody;
    nobody.users.clear();
    BOOST_TEST(default_user(nobody) == "demo");
}

BOOST_AUTO_TEST_CASE(grants_openid_where_userinfo_is_what_tells_good_tokens) {
    policy p;
    BOOST_TEST(scope_text(default_scopes(p)) == "mcp:tools");
    p.validation = strategy::userinfo;
    BOOST_TEST(scope_text(default_scopes(p)) == "mcp:tools openid");
    p.default_scopes = {"openid", "mcp:tools"};
    BOOST_TEST(scope_text(default_scopes(p)) == "openid mcp:tools");
}

BOOST_AUTO_TEST_SUITE_END()
