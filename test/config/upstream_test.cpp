// [upstream]: somebody else's authorization server, and what it means for the rest.
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"

using namespace tollgate;
using test::load;
using test::mistakes;
using strings = std::vector<std::string>;

namespace {

std::string const issuer = "upstream.issuer=https://idp.example.com";

config with(strings sets) {
    return load({.sets = std::move(sets)});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_upstream)

BOOST_AUTO_TEST_CASE(tokens_are_foreign_as_soon_as_a_provider_is_named) {
    BOOST_TEST(!with({}).has_foreign_tokens());
    BOOST_TEST(!with({"upstream.client_id=us"}).has_foreign_tokens());
    BOOST_TEST(with({issuer}).has_foreign_tokens());
    BOOST_TEST(
        with({"upstream.introspection_endpoint=https://idp.example.com/i"}).has_foreign_tokens());
    BOOST_TEST(with({"authorization_server.mode=proxy", issuer}).has_foreign_tokens());
    config broker = with({issuer});
    broker.authorization_server.mode = "broker";
    BOOST_TEST(!broker.has_foreign_tokens());
}

BOOST_AUTO_TEST_CASE(a_proxy_needs_somebody_behind_it) {
    std::string const wrong =
        "--set authorization_server.mode: \"proxy\" needs upstream.issuer, or "
        "upstream.authorization_endpoint and upstream.token_endpoint";
    strings sets{"authorization_server.mode=proxy", "mcp.auth=none"};
    BOOST_TEST(mistakes({.sets = sets}) == wrong);
    sets.emplace_back("upstream.token_endpoint=https://idp.example.com/t");
    BOOST_TEST(mistakes({.sets = sets}) == wrong);
    sets.emplace_back("upstream.authorization_endpoint=https://idp.example.com/a");
    BOOST_TEST(mistakes({.sets = sets}) == "");
}

BOOST_AUTO_TEST_CASE(local_records_know_nothing_of_foreign_tokens) {
    BOOST_TEST(mistakes({.sets = {issuer, "validation.strategy=local"}}) ==
               "--set validation.strategy: \"local\" looks tokens up where this program issues "
               "them, and they come from the provider of [upstream]; use \"introspection\", "
               "\"userinfo\" or \"jwt\"");
}

BOOST_AUTO_TEST_CASE(the_strategy_must_find_its_endpoint) {
    std::string const login = "upstream.token_endpoint=https://idp.example.com/t";
    BOOST_TEST(mistakes({.sets = {login, "validation.strategy=userinfo"}}) ==
               "--set validation.strategy: \"userinfo\" needs upstream.issuer, "
               "upstream.userinfo_endpoint or validation.endpoint");
    BOOST_TEST(mistakes({.sets = {login, "validation.strategy=introspection"}}) ==
               "--set validation.strategy: \"introspection\" needs upstream.issuer, "
               "upstream.introspection_endpoint or validation.endpoint");
    BOOST_TEST(mistakes({.sets = {login, "validation.strategy=introspection",
                                  "validation.endpoint=https://idp.example.com/i"}}) == "");
    BOOST_TEST(mistakes({.sets = {login, "validation.strategy=userinfo",
                                  "upstream.userinfo_endpoint=https://idp.example.com/u"}}) == "");
    BOOST_TEST(mistakes({.sets = {login, "mcp.auth=none"}}) == "");
}

// RFC 9068 §4: the issuer that a token names must be the one that is trusted
BOOST_AUTO_TEST_CASE(foreign_jwts_need_an_issuer_to_be_compared_with) {
    BOOST_TEST(mistakes({.sets = {"upstream.jwks_uri=https://idp.example.com/jwks",
                                  "validation.strategy=jwt"}}) ==
               "--set validation.strategy: \"jwt\" needs upstream.issuer, which the tokens must "
               "name");
    // Their format is not ours to choose.
    BOOST_TEST(mistakes({.sets = {issuer, "validation.strategy=jwt"}}) == "");
}

BOOST_AUTO_TEST_CASE(a_foreign_provider_is_asked_for_scopes_that_it_knows) {
    BOOST_TEST(with({issuer}).mcp.scopes == (strings{"openid", "profile"}),
               boost::test_tools::per_element());
    BOOST_TEST(with({issuer, "upstream.scopes=[\"openid\", \"api\"]"}).mcp.scopes ==
                   (strings{"openid", "api"}),
               boost::test_tools::per_element());
    BOOST_TEST(with({issuer, "mcp.scopes=[\"files\"]"}).mcp.scopes == (strings{"files"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(userinfo_of_a_foreign_provider_asks_for_openid_as_well) {
    auto const p =
        mcp_policy(with({issuer, "validation.strategy=userinfo", "upstream.scopes=[\"email\"]"}));
    BOOST_TEST(p.scopes == (strings{"email", "openid"}), boost::test_tools::per_element());
}

// RFC 9728 §2: authorization_servers are the issuers of the tokens
BOOST_AUTO_TEST_CASE(the_resource_names_the_true_issuer_where_it_is_known) {
    BOOST_TEST(mcp_policy(with({})).authorization_servers.empty());
    BOOST_TEST(
        mcp_policy(with({issuer})).authorization_servers == (strings{"https://idp.example.com"}),
        boost::test_tools::per_element());
    BOOST_TEST(mcp_policy(with({"upstream.introspection_endpoint=https://idp.example.com/i"}))
                   .authorization_servers.empty());
}

BOOST_AUTO_TEST_CASE(credentials_go_to_whom_they_were_made_for) {
    strings const sets{issuer, "upstream.client_id=us", "upstream.client_secret=s"};
    auto foreign = validator_options(with(sets), "ours");
    BOOST_TEST(foreign.internal_credential.empty());
    BOOST_TEST(foreign.client_id == "us");
    BOOST_TEST(foreign.client_secret == "s");
    BOOST_TEST(foreign.issuer == "https://idp.example.com");

    auto named = sets;
    named.insert(named.end(), {"validation.client_id=rs", "validation.client_secret=r"});
    auto const own_pair = validator_options(with(named), "ours");
    BOOST_TEST(own_pair.client_id == "rs");
    BOOST_TEST(own_pair.client_secret == "r");

    // Whose endpoint that is, nobody said.
    auto elsewhere = sets;
    elsewhere.emplace_back("validation.endpoint=https://other.example.com/i");
    auto const other = validator_options(with(elsewhere), "ours");
    BOOST_TEST(other.client_id.empty());
    BOOST_TEST(other.client_secret.empty());
    BOOST_TEST(other.internal_credential.empty());
    BOOST_TEST(other.issuer == "https://idp.example.com");

    BOOST_TEST(validator_options(with({}), "ours").internal_credential == "ours");
}

BOOST_AUTO_TEST_CASE(what_a_strategy_cannot_tell_is_said_and_of_our_own_there_is_nothing_to_say) {
    auto const limits = [](std::string const& strategy) {
        return validation_limits(with({issuer, "validation.strategy=" + strategy}));
    };
    BOOST_TEST(limits("userinfo").find("audience and scopes are not checked") != std::string::npos);
    BOOST_TEST(limits("introspection").find("where the provider's answer names them") !=
               std::string::npos);
    BOOST_TEST(limits("jwt").find("revoked") != std::string::npos);
    BOOST_TEST(validation_limits(with({})).empty());
    BOOST_TEST(validation_limits(with({issuer, "mcp.auth=none"})).empty());
}

BOOST_AUTO_TEST_CASE(plain_jwts_are_taken_only_on_demand) {
    BOOST_TEST(!validator_options(with({}), "").plain_jwts);
    BOOST_TEST(validator_options(with({"validation.jwt_type=jwt"}), "").plain_jwts);
    BOOST_TEST(mistakes({.sets = {"validation.jwt_type=any"}}) ==
               "--set validation.jwt_type: \"any\" is none of \"at+jwt\", \"jwt\"");
}

// Under userinfo nobody can tell to which key a token is bound.
BOOST_AUTO_TEST_CASE(proofs_of_possession_are_not_asked_for_where_they_cannot_be_checked) {
    BOOST_TEST(!mcp_policy(with({issuer, "validation.strategy=userinfo"})).dpop_spoken);
    BOOST_TEST(mcp_policy(with({issuer, "validation.strategy=jwt"})).dpop_spoken);
    BOOST_TEST(mcp_policy(with({"validation.strategy=userinfo"})).dpop_spoken);
}

BOOST_AUTO_TEST_SUITE_END()
