#include "oauth/model/user_claims.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "oauth/model/policy.hpp"

using namespace tollgate;
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

std::string told(policy const& p, std::string_view subject, scope_list const& scopes) {
    return boost::json::serialize(claims_of(p, subject, scopes));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(identity)

BOOST_AUTO_TEST_CASE(says_what_is_configured_of_a_user_and_nothing_that_is_the_protocols) {
    BOOST_TEST(told(with_ada(), "ada", {"openid", "profile"}) == R"({"sub":"ada","name":"Ada"})");
}

// OpenID Connect Core §5.4: each standard claim is asked for by its scope; what is no standard
// claim goes along.
BOOST_AUTO_TEST_CASE(tells_standard_claims_with_their_scope_and_others_always) {
    policy p;
    boost::json::object claims;
    claims["given_name"] = "Ada";
    claims["email"] = "ada@example.org";
    claims["email_verified"] = true;
    claims["address"] = boost::json::object{{"country", "UK"}};
    claims["phone_number"] = "+1";
    claims["roles"] = boost::json::array{"admin"};
    p.users = {user{"ada", claims}};
    BOOST_TEST(told(p, "ada", {"openid"}) == R"({"sub":"ada","roles":["admin"]})");
    BOOST_TEST(
        told(p, "ada", {"openid", "email"}) ==
        R"({"sub":"ada","email":"ada@example.org","email_verified":true,"roles":["admin"]})");
    BOOST_TEST(told(p, "ada", {"profile", "address", "phone"}) ==
               R"({"sub":"ada","given_name":"Ada","address":{"country":"UK"},"phone_number":"+1",)"
               R"("roles":["admin"]})");
}

BOOST_AUTO_TEST_CASE(leaves_the_subject_of_a_user_that_is_gone) {
    BOOST_TEST(told(with_ada(), "eve", {"profile"}) == R"({"sub":"eve"})");
}

// OpenID Connect Core §3.1.2.1: login_hint says which identifier the user might log in with.
BOOST_AUTO_TEST_CASE(finds_who_a_hint_means_by_name_or_address) {
    auto p = with_ada();
    p.users[1].claims["email"] = "bob@example.org";
    p.users[1].claims["phone_number"] = 7;
    BOOST_TEST(find_hinted_user(p, "ada")->name == "ada");
    BOOST_TEST(find_hinted_user(p, "bob@example.org")->name == "bob");
    BOOST_TEST(!find_hinted_user(p, "Bob"));
    BOOST_TEST(!find_hinted_user(p, ""));
    // A name goes before another user's claim.
    p.users[0].claims["preferred_username"] = "bob";
    BOOST_TEST(find_hinted_user(p, "bob")->name == "bob");
}

BOOST_AUTO_TEST_CASE(knows_a_user_by_the_password_where_there_is_one) {
    user u{"ada", {}};
    BOOST_TEST(password_fits(u, ""));
    u.password_digest = tollgate::digest_of("lovelace");
    BOOST_TEST(password_fits(u, "lovelace"));
    for (auto const* wrong : {"", "lovelac", "Lovelace", "lovelace "})
        BOOST_TEST(!password_fits(u, wrong), wrong);
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
