// Keys that bring back what other servers do, and what they make of it.
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"

using namespace tollgate;
using test::load;
using test::mistakes;

BOOST_AUTO_TEST_SUITE(way_back)

BOOST_AUTO_TEST_CASE(the_way_of_the_standards_is_the_default) {
    auto const c = load({});
    BOOST_TEST(word_of(mcp_policy(c).resource_metadata) == "absolute");
    BOOST_TEST(mcp_policy(c).challenge_realm == "");
    BOOST_TEST(!origin_names(c).paths.agents_shared);
    auto const as = oauth_policy(c);
    BOOST_TEST((as.unreachable == oauth::unreachable_answer::unavailable));
    BOOST_TEST((as.introspection == oauth::introspection_access::protected_));
    BOOST_TEST((as.rotation == oauth::refresh_rotation::public_clients));
    BOOST_TEST(as.auth_methods.size() == 4u);
    BOOST_TEST(as.default_auth_method == "client_secret_basic");
}

BOOST_AUTO_TEST_CASE(each_key_brings_its_way_back) {
    auto const c =
        load({.sets = {"mcp.resource_metadata=relative", "mcp.challenge_realm=MCP",
                       "mcp.path=/{agent}/mcp", "mcp.agents=shared", "validation.unreachable=401",
                       "authorization_server.introspection=open", "tokens.refresh_rotation=never",
                       "authorization_server.token_endpoint_auth_methods=[\"none\"]"}});
    BOOST_TEST(word_of(mcp_policy(c).resource_metadata) == "relative");
    BOOST_TEST(mcp_policy(c).challenge_realm == "MCP");
    BOOST_TEST(origin_names(c).paths.agents_shared);
    auto const as = oauth_policy(c);
    BOOST_TEST((as.unreachable == oauth::unreachable_answer::unauthorized));
    BOOST_TEST((as.introspection == oauth::introspection_access::open));
    BOOST_TEST((as.rotation == oauth::refresh_rotation::never));
    BOOST_TEST(as.auth_methods.size() == 1u);
    BOOST_TEST(as.default_auth_method == "none");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_way) {
    for (auto const* wrong :
         {"mcp.resource_metadata=yes", "mcp.agents=all", "validation.unreachable=500",
          "mcp.challenge_realm=a\nb", "authorization_server.token_endpoint_auth_methods=[\"tls\"]"})
        BOOST_TEST(mistakes({.sets = {wrong}}) != "", wrong);
}

BOOST_AUTO_TEST_SUITE_END()
