// From the configuration to what each folder wants to know: what the tests of the keys leave.
#include "app/translate.hpp"

#include <boost/json/array.hpp>
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using namespace tollgate;
using test::load;
using strings = std::vector<std::string>;
namespace json = boost::json;

namespace {

config with(strings sets) {
    return load({.sets = std::move(sets)});
}

std::string issuer_table(std::string const& more) {
    return "[[trusted_issuers]]\nissuer = \"https://idp.example\"\n"
           "jwks_uri = \"https://idp.example/jwks\"\n" +
           more;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(app_translate)

// RFC 7523 §2.1; Identity Assertion Authorization Grant: typ oauth-id-jag+jwt
BOOST_AUTO_TEST_CASE(a_trusted_issuer_vouches_for_what_its_word_says) {
    struct {
        char const* word;
        bool workloads;
        bool id_jag;
    } const table[] = {{"any", true, true}, {"workload", true, false}, {"id-jag", false, true}};
    for (auto const& row : table) {
        auto const p = oauth_policy(
            load({.toml = issuer_table("assertions = \"" + std::string(row.word) + "\"\n")}));
        BOOST_REQUIRE(p.trusted_issuers.size() == 1u);
        BOOST_TEST(p.trusted_issuers[0].workloads == row.workloads, row.word);
        BOOST_TEST(p.trusted_issuers[0].id_jag == row.id_jag, row.word);
    }
}

BOOST_AUTO_TEST_CASE(a_trusted_issuer_is_limited_by_its_scopes_and_by_none_without_any) {
    auto const limited =
        oauth_policy(load({.toml = issuer_table("scope = \"openid mcp:tools\"\n")}));
    BOOST_TEST(limited.trusted_issuers.at(0).scopes == (strings{"openid", "mcp:tools"}),
               boost::test_tools::per_element());
    auto const free = oauth_policy(load({.toml = issuer_table("")}));
    BOOST_TEST(free.trusted_issuers.at(0).scopes.empty());
    BOOST_TEST(free.trusted_issuers.at(0).jwks_uri == "https://idp.example/jwks");
    BOOST_TEST(oauth_policy(with({})).trusted_issuers.empty());
}

// From 16 characters on nobody finds it by trying.
BOOST_AUTO_TEST_CASE(guesses_are_counted_at_a_short_password_alone) {
    auto const p = oauth_policy(
        load({.toml = "[[users]]\nname = \"a\"\npassword = \"012345678901234\"\n"
                      "[[users]]\nname = \"b\"\npassword = \"0123456789012345\"\n"
                      "[[users]]\nname = \"c\"\nclaims = {email = \"c@example.org\"}\n"}));
    BOOST_REQUIRE(p.users.size() == 3u);
    BOOST_TEST(p.users[0].short_password);
    BOOST_TEST(!p.users[1].short_password);
    BOOST_TEST(!p.users[2].short_password);
    BOOST_TEST(p.users[2].claims.at("email") == "c@example.org");
    BOOST_TEST(oauth::default_user(p) == "a");
}

// An introspection endpoint cannot be asked as userinfo is.
BOOST_AUTO_TEST_CASE(an_endpoint_for_validation_is_that_of_one_strategy) {
    auto const p = oauth_policy(with({"validation.strategy=introspection",
                                      "validation.endpoint=https://idp.example/introspect"}));
    strings unusable;
    for (auto const& [strategy, why] : p.unusable_strategies) {
        unusable.emplace_back(word_of(strategy));
        BOOST_TEST(why.find("validation.endpoint") != std::string::npos);
    }
    BOOST_TEST(unusable == (strings{"userinfo", "jwt"}), boost::test_tools::per_element());
}

// OpenID Connect Core §5.3
BOOST_AUTO_TEST_CASE(under_userinfo_openid_is_required_and_granted_by_default_once) {
    auto const added = with({"validation.strategy=userinfo"});
    strings const both{"mcp:tools", "openid"};
    BOOST_TEST(mcp_policy(added).scopes == both, boost::test_tools::per_element());
    BOOST_TEST(oauth::default_scopes(oauth_policy(added)) == both,
               boost::test_tools::per_element());
    auto const there =
        with({"validation.strategy=userinfo", "mcp.scopes=[\"openid\", \"mcp:tools\"]"});
    BOOST_TEST(mcp_policy(there).scopes == (strings{"openid", "mcp:tools"}),
               boost::test_tools::per_element());
    BOOST_TEST(oauth_policy(with({})).default_scopes == strings{"mcp:tools"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_foreign_provider_can_grant_is_what_is_asked_of_it) {
    auto const p = mcp_policy(
        with({"upstream.issuer=https://idp.example", "upstream.scopes=[\"openid\", \"files\"]",
              "mcp.scopes=[\"files\", \"mail\"]"}));
    BOOST_TEST(p.grantable_scopes == (strings{"files", "mail", "openid"}),
               boost::test_tools::per_element());
    auto const own = with({});
    BOOST_TEST(mcp_policy(own).grantable_scopes == own.oauth.scopes,
               boost::test_tools::per_element());
}

// RFC 7591 §2: "If unspecified or omitted, the default is client_secret_basic"
BOOST_AUTO_TEST_CASE(a_client_that_names_no_method_gets_one_that_is_taken) {
    std::string const methods = "authorization_server.token_endpoint_auth_methods=";
    BOOST_TEST(oauth_policy(with({})).default_auth_method == "client_secret_basic");
    BOOST_TEST(
        oauth_policy(with({methods + "[\"client_secret_post\", \"none\"]"})).default_auth_method ==
        "client_secret_post");
    BOOST_TEST(oauth_policy(with({methods + "[\"client_secret_post\", \"none\"]",
                                  "registration.default_auth_method=none"}))
                   .default_auth_method == "none");
}

BOOST_AUTO_TEST_CASE(the_metadata_of_a_configured_client_hold_what_was_said_and_no_more) {
    config::client_section from;
    from.client_id = "a";
    from.client_secret = "s";
    from.redirect_uris = {"https://a.example/cb"};
    auto const bare = configured_client(from);
    BOOST_TEST(bare.client_id == "a");
    BOOST_TEST(bare.client_secret == "s");
    BOOST_TEST(bare.metadata.empty());
    from.jwks_uri = "https://a.example/jwks";
    from.logo_uri = "https://a.example/l.png";
    from.contacts = {"x@a.example", "y@a.example"};
    from.software_version = "1.0";
    from.dpop_bound_access_tokens = true;
    json::value const expected{{"jwks_uri", "https://a.example/jwks"},
                               {"logo_uri", "https://a.example/l.png"},
                               {"contacts", json::array{"x@a.example", "y@a.example"}},
                               {"software_version", "1.0"},
                               {"dpop_bound_access_tokens", true}};
    BOOST_TEST(json::value(configured_client(from).metadata) == expected);
}

BOOST_AUTO_TEST_CASE(the_names_of_both_origins_follow_the_configuration) {
    auto const n = origin_names(with(
        {"authorization_server.public_url=https://as.example", "mcp.public_url=https://mcp.example",
         "server.allowed_hosts=[\"tollgate\"]", "server.allowed_origins=[\"https://app.example\"]",
         "mcp.path=/rpc", "mcp.sse_path=/events", "mcp.messages_path=/post",
         "authorization_server.paths.token=/oauth2/token", "mcp.as_endpoints=false",
         "control.token=0123456789abcdef"}));
    BOOST_TEST(n.as_public_url == "https://as.example");
    BOOST_TEST(n.mcp_public_url == "https://mcp.example");
    BOOST_TEST(n.allowed_hosts == strings{"tollgate"}, boost::test_tools::per_element());
    BOOST_TEST(n.allowed_origins == strings{"https://app.example"},
               boost::test_tools::per_element());
    BOOST_TEST(n.paths.mcp == "/rpc");
    BOOST_TEST(n.paths.sse == "/events");
    BOOST_TEST(n.paths.messages == "/post");
    BOOST_TEST(n.endpoints->token == "/oauth2/token");
    BOOST_TEST(n.endpoints->authorize == "/authorize");
    BOOST_TEST(!n.mcp_is_issuer);
    BOOST_TEST(n.realm_token == "0123456789abcdef");
    BOOST_TEST(n.internal_as == "");
}

// A token of a control plane that is off opens nothing.
BOOST_AUTO_TEST_CASE(without_a_control_plane_its_token_makes_no_realm) {
    BOOST_TEST(origin_names(with({"control.enabled=false", "control.token=0123456789abcdef"}))
                   .realm_token == "");
    BOOST_TEST(origin_names(with({})).realm_token == "");
}

BOOST_AUTO_TEST_CASE(a_validator_waits_and_remembers_as_long_as_it_is_told) {
    auto const o =
        validator_options(with({"validation.timeout=7s", "validation.cache_ttl=90s"}), "ours");
    BOOST_TEST((o.timeout == std::chrono::seconds(7)));
    BOOST_TEST((o.cache_ttl == std::chrono::seconds(90)));
    BOOST_TEST(o.issuer == "");
    BOOST_TEST(o.client_id == "");
}

BOOST_AUTO_TEST_CASE(the_internal_credential_goes_to_no_address_that_was_named) {
    auto const o =
        validator_options(with({"validation.endpoint=http://127.0.0.1:9100/introspect",
                                "validation.client_id=rs", "validation.client_secret=s"}),
                          "ours");
    BOOST_TEST(o.internal_credential == "");
    BOOST_TEST(o.endpoint == "http://127.0.0.1:9100/introspect");
    BOOST_TEST(o.client_id == "rs");
}

BOOST_AUTO_TEST_CASE(our_own_certificate_is_trusted_when_we_ask_ourselves) {
    auto c = with({});
    BOOST_TEST(client_options(c).extra_ca_file == "");
    c.tls.certificate = "certs/localhost.pem";
    BOOST_TEST(client_options(c).extra_ca_file == "certs/localhost.pem");
}

// Said for the log: a strategy that can tell everything has no limits.
BOOST_AUTO_TEST_CASE(an_endpoint_of_somebody_else_has_the_limits_of_its_strategy) {
    auto const limits = [](std::string const& strategy) {
        return validation_limits(with({"validation.endpoint=https://idp.example/x",
                                       "validation.strategy=" + strategy, "tokens.format=jwt"}));
    };
    BOOST_TEST(limits("userinfo").starts_with("userinfo says whose a token is"));
    BOOST_TEST(limits("introspection").find("RFC 7662 section 2.2") != std::string::npos);
    BOOST_TEST(limits("jwt").starts_with("a revoked token is let in until it expires"));
    BOOST_TEST(limits("local") == "");
}

BOOST_AUTO_TEST_SUITE_END()
