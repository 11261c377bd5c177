// What keys owe each other.
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using namespace tollgate;
using test::load;
using test::mistakes;

BOOST_AUTO_TEST_SUITE(config_checks)

BOOST_AUTO_TEST_CASE(a_listener_that_is_not_loopback_needs_a_name) {
    auto const wrong = [](std::string const& section, std::string const& listen) {
        return "--set " + section + ".listen: \"" + listen + "\" is not loopback: set " + section +
               ".public_url or server.allowed_hosts, so that it is known which Host names are ours";
    };
    BOOST_TEST(mistakes({.sets = {"mcp.listen=0.0.0.0:9101"}}) == wrong("mcp", "0.0.0.0:9101"));
    BOOST_TEST(mistakes({.sets = {"authorization_server.listen=[::]:0"}}) ==
               wrong("authorization_server", "[::]:0"));
    BOOST_TEST(mistakes({.sets = {"mcp.listen=0.0.0.0:9101",
                                  "mcp.public_url=https://mcp.example.com"}}) == "");
    BOOST_TEST(mistakes({.sets = {"mcp.listen=0.0.0.0:9101",
                                  "server.allowed_hosts=[\"tollgate\"]"}}) == "");
    // The public URL of one server names nothing at the other.
    BOOST_TEST(mistakes({.sets = {"mcp.listen=0.0.0.0:9101",
                                  "authorization_server.public_url=https://as.example.com"}}) ==
               wrong("mcp", "0.0.0.0:9101"));
}

BOOST_AUTO_TEST_CASE(a_shared_listener_needs_one_name_for_both_roles) {
    std::vector<std::string> sets{"mcp.listen=0.0.0.0:80",
                                  "authorization_server.listen=0.0.0.0:80"};
    BOOST_TEST(mistakes({.sets = sets}) ==
               "--set authorization_server.listen: \"0.0.0.0:80\" is not loopback: set "
               "authorization_server.public_url or server.allowed_hosts, so that it is known which "
               "Host names are ours");
    sets.emplace_back("mcp.public_url=https://all.example.com");
    BOOST_TEST(mistakes({.sets = sets}) == "");
}

BOOST_AUTO_TEST_CASE(equal_addresses_are_fine_also_with_port_zero) {
    BOOST_TEST(mistakes({.sets = {"mcp.listen=localhost:9100"}}) == "");
    BOOST_TEST(mistakes({.sets = {"mcp.listen=localhost:0",
                                  "authorization_server.listen=localhost:0"}}) == "");
}

// RFC 7518 §3.2: a key of the size of the hash output or larger must be used with HS256.
BOOST_AUTO_TEST_CASE(an_hs256_secret_is_long_or_made_and_never_silently) {
    std::string const secret(32, 's');
    auto const made = load({.sets = {"tokens.signing_alg=HS256"}});
    BOOST_REQUIRE(made.notes.size() == 1u);
    BOOST_TEST(made.notes.front().starts_with(
        "tokens.hs256_secret is empty: a random one is made at every start"));
    BOOST_TEST(mistakes({.sets = {"tokens.signing_alg=HS256", "tokens.hs256_secret=short"}}) ==
               "--set tokens.hs256_secret: must have 32 bytes or more (RFC 7518 section 3.2)");
    BOOST_TEST(mistakes({.sets = {"tokens.signing_alg=HS256", "tokens.hs256_secret=" + secret}}) ==
               "");
    BOOST_TEST(mistakes({.sets = {"tokens.hs256_secret=" + secret}}) == "");
}

BOOST_AUTO_TEST_CASE(public_clients_only_means_no_client_with_a_secret) {
    std::string const only = "authorization_server.token_endpoint_auth_methods=[\"none\"]";
    auto const client = [](std::string const& more) {
        return "[[clients]]\nclient_id = \"c\"\nredirect_uris = [\"http://localhost/\"]\n" + more;
    };
    BOOST_TEST(mistakes({.toml = client(""), .sets = {only}}) == "");
    BOOST_TEST(mistakes({.toml = client("client_secret = \"not-a-secret\"\n"), .sets = {only}}) ==
               "config.toml:4:17: clients[0].client_secret: is of no use: "
               "authorization_server.token_endpoint_auth_methods has neither "
               "\"client_secret_basic\" nor \"client_secret_post\"");
    BOOST_TEST(mistakes({.toml = client("client_secret = \"not-a-secret\"\n"
                                        "token_endpoint_auth_method = \"client_secret_post\"\n"),
                         .sets = {only}}) ==
               "config.toml:5:30: clients[0].token_endpoint_auth_method: \"client_secret_post\" is "
               "missing in authorization_server.token_endpoint_auth_methods");
    BOOST_TEST(
        mistakes(
            {.toml = client(""),
             .sets = {"authorization_server.token_endpoint_auth_methods=[\"private_key_jwt\"]"}}) ==
        "config.toml:1:1: clients[0].client_secret: is missing, and \"none\" is not in "
        "authorization_server.token_endpoint_auth_methods");
    BOOST_TEST(mistakes({.sets = {only, "registration.default_auth_method=client_secret_post"}}) ==
               "--set registration.default_auth_method: \"client_secret_post\" is missing in "
               "authorization_server.token_endpoint_auth_methods");
    BOOST_TEST(mistakes({.sets = {"authorization_server.token_endpoint_auth_methods=[]"}}) != "");
}

BOOST_AUTO_TEST_CASE(shared_agents_need_agents) {
    BOOST_TEST(mistakes({.sets = {"mcp.agents=shared"}}) ==
               "--set mcp.agents: \"shared\" needs {agent} in mcp.path");
    BOOST_TEST(mistakes({.sets = {"mcp.agents=shared", "mcp.path=/{agent}/mcp",
                                  "mcp.sse_path=/{agent}/sse",
                                  "mcp.messages_path=/{agent}/messages"}}) == "");
}

BOOST_AUTO_TEST_CASE(what_mcp_requires_the_authorization_server_must_be_able_to_grant) {
    BOOST_TEST(mistakes({.toml = "[mcp]\nscopes = [\"mcp:tools\", \"files\"]\n"}) ==
               "config.toml:2:10: mcp.scopes: \"files\" is required by mcp.scopes and missing in "
               "authorization_server.scopes: no token could ever have it");
    BOOST_TEST(
        mistakes({.toml = "[authorization_server]\nscopes = [\"openid\"]\n"}) ==
        "config.toml:2:10: authorization_server.scopes: \"mcp:tools\" is required by "
        "mcp.scopes and missing in authorization_server.scopes: no token could ever have it");
    BOOST_TEST(mistakes({.sets = {"mcp.scopes=[\"files\"]",
                                  "authorization_server.scopes=[\"files\"]"}}) == "");
}

BOOST_AUTO_TEST_CASE(strategy_jwt_needs_jwts_from_our_own_server) {
    BOOST_TEST(
        mistakes({.sets = {"validation.strategy=jwt"}}) ==
        "--set validation.strategy: \"jwt\" needs tokens.format = \"jwt\": opaque tokens have "
        "no signature to check");
    BOOST_TEST(mistakes({.sets = {"validation.strategy=jwt", "tokens.format=jwt"}}) == "");
    BOOST_TEST(mistakes({.sets = {"validation.strategy=jwt",
                                  "validation.endpoint=https://idp.example.com/jwks"}}) == "");
}

BOOST_AUTO_TEST_CASE(strategy_userinfo_needs_the_scope_openid_from_our_own_server) {
    BOOST_TEST(mistakes({.sets = {"validation.strategy=userinfo",
                                  "authorization_server.scopes=[\"mcp:tools\"]"}}) ==
               "--set validation.strategy: \"userinfo\" needs \"openid\" in "
               "authorization_server.scopes: userinfo answers to no other token");
    BOOST_TEST(mistakes({.sets = {"validation.strategy=userinfo"}}) == "");
}

BOOST_AUTO_TEST_CASE(the_paths_of_the_transports_differ) {
    BOOST_TEST(mistakes({.toml = "[mcp]\nsse_path = \"/mcp\"\n"}) ==
               "config.toml:2:12: mcp.sse_path: \"/mcp\" is the path of mcp.path, too");
    BOOST_TEST(mistakes({.toml = "[mcp]\npath = \"/messages\"\n"}) ==
               "config.toml:2:8: mcp.path: \"/messages\" is the path of mcp.messages_path, too");
    BOOST_TEST(mistakes({.toml = "[mcp]\nsse_path = \"/x\"\nmessages_path = \"/x\"\n"}) ==
               "config.toml:3:17: mcp.messages_path: \"/x\" is the path of mcp.sse_path, too");
}

BOOST_AUTO_TEST_CASE(no_transport_takes_the_place_of_an_endpoint) {
    for (std::string const path : {"/token", "/device", "/device_authorization", "/oauth/login",
                                   "/control/mcp", "/.well-known/mcp"})
        BOOST_TEST(mistakes({.sets = {"mcp.path=" + path}}) ==
                   "--set mcp.path: \"" + path +
                       "\" is an endpoint of tollgate itself; choose another path");
    BOOST_TEST(mistakes({.sets = {"mcp.path=/devices"}}) == "");
}

BOOST_AUTO_TEST_CASE(a_certificate_and_its_key_come_together) {
    test::config_folder const folder;
    folder.write("a.pem", "x");
    auto const wrong = [&](std::string const& key) {
        auto const file = folder.write("config.toml", "[tls]\n" + key + " = \"a.pem\"\n");
        try {
            load_config({file, {}, {}});
        } catch (config_error const& e) {
            return folder.without_folder(e.what());
        }
        return std::string();
    };
    BOOST_TEST(wrong("certificate") ==
               "config.toml:2:15: tls.certificate: needs tls.private_key beside it");
    BOOST_TEST(wrong("private_key") ==
               "config.toml:2:15: tls.private_key: needs tls.certificate beside it");
}

BOOST_AUTO_TEST_CASE(a_secret_for_validation_needs_its_client_id) {
    BOOST_TEST(mistakes({.sets = {"validation.client_secret=x"}}) ==
               "--set validation.client_secret: needs validation.client_id beside it");
}

BOOST_AUTO_TEST_CASE(a_check_is_left_out_when_one_of_its_keys_is_refused_already) {
    BOOST_TEST(mistakes({.sets = {"validation.strategy=jwt", "tokens.format=jtw"}}) ==
               "--set tokens.format: \"jtw\" is none of \"opaque\", \"jwt\"");
}

BOOST_AUTO_TEST_CASE(clients_are_whole) {
    struct row {
        char const* toml;
        char const* wrong;
    };
    row const rows[] = {
        {"[[clients]]\nredirect_uris = [\"https://c/cb\"]\n",
         "config.toml:1:1: clients[0].client_id: is missing"},
        {"[[clients]]\nclient_id = \"\"\nredirect_uris = [\"https://c/cb\"]\n",
         "config.toml:2:13: clients[0].client_id: is missing"},
        {"[[clients]]\nclient_id = \"a\"\n",
         "config.toml:1:1: clients[0].redirect_uris: the authorization code grant needs at least "
         "one"},
        {"[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"https://c/cb#x\"]\n",
         "config.toml:3:18: clients[0].redirect_uris: \"https://c/cb#x\" must not have a fragment "
         "(RFC 6749 section 3.1.2)"},
        {"[[clients]]\nclient_id = \"a\"\ngrant_types = [\"password\"]\n",
         "config.toml:3:16: clients[0].grant_types: \"password\" is none of "
         "\"authorization_code\", \"refresh_token\", \"client_credentials\", "
         "\"urn:ietf:params:oauth:grant-type:jwt-bearer\", "
         "\"urn:ietf:params:oauth:grant-type:token-exchange\", "
         "\"urn:ietf:params:oauth:grant-type:device_code\"\n"
         "config.toml:1:1: clients[0].redirect_uris: the authorization code grant needs at least "
         "one"},
        {"[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"https://c/cb\"]\n"
         "client_secret = \"s\"\ntoken_endpoint_auth_method = \"none\"\n",
         "config.toml:5:30: clients[0].token_endpoint_auth_method: \"none\" does not go with a "
         "client_secret"},
        {"[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"https://c/cb\"]\n"
         "token_endpoint_auth_method = \"client_secret_post\"\n",
         "config.toml:4:30: clients[0].token_endpoint_auth_method: \"client_secret_post\" needs a "
         "client_secret"},
        {"[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"https://c/cb\"]\nscope = \"openid "
         "x\"\n",
         "config.toml:4:9: clients[0].scope: \"x\" is missing in authorization_server.scopes"},
        {"[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"https://c/cb\"]\n"
         "[[clients]]\nclient_id = \"a\"\nredirect_uris = [\"https://c/cb\"]\n",
         "config.toml:5:13: clients[1].client_id: \"a\" is there twice"},
    };
    for (auto const& r : rows)
        BOOST_TEST(mistakes({.toml = r.toml}) == r.wrong);
}

BOOST_AUTO_TEST_CASE(a_client_for_the_refresh_grant_alone_needs_no_redirect) {
    BOOST_TEST(mistakes({.toml = "[[clients]]\nclient_id = \"a\"\n"
                                 "grant_types = [\"refresh_token\"]\n"}) == "");
}

BOOST_AUTO_TEST_CASE(a_client_may_redirect_to_http_loopback_and_to_its_own_scheme) {
    auto const c = load({.toml = "[[clients]]\nclient_id = \"a\"\n"
                                 "redirect_uris = [\"http://127.0.0.1/cb\", \"cursor://x/cb\"]\n"});
    BOOST_TEST(c.clients.at(0).redirect_uris.size() == 2u);
    BOOST_TEST(c.clients.at(0).grant_types.size() == 2u);
}

// RFC 6749 §4.4: the client credentials grant is for confidential clients alone.
BOOST_AUTO_TEST_CASE(client_credentials_need_a_client_with_a_secret) {
    auto const entry = [](std::string const& rest) {
        return "[[clients]]\nclient_id = \"a\"\ngrant_types = [\"client_credentials\"]\n" + rest;
    };
    BOOST_TEST(mistakes({.toml = entry("")}) ==
               "config.toml:3:15: clients[0].grant_types: \"client_credentials\" needs a "
               "client_secret or private_key_jwt");
    BOOST_TEST(mistakes({.toml = entry("client_secret = \"s\"\n")}) == "");
}

BOOST_AUTO_TEST_CASE(trusted_issuers_bring_their_keys) {
    auto const issuer = [](std::string const& rest) {
        return "[[trusted_issuers]]\nissuer = \"https://idp.example\"\n" + rest;
    };
    struct row {
        std::string toml;
        char const* wrong;
    };
    std::string const uri = "jwks_uri = \"https://idp.example/jwks\"\n";
    row const rows[] = {
        {"[[trusted_issuers]]\n" + uri, "config.toml:1:1: trusted_issuers[0].issuer: is missing"},
        {issuer(""), "config.toml:1:1: trusted_issuers[0].jwks: is missing, and so is jwks_uri"},
        {issuer("jwks = { keys = [] }\n"),
         "config.toml:3:8: trusted_issuers[0].jwks: holds no key that can verify a signature"},
        {issuer("jwks = { keys = [] }\n" + uri),
         "config.toml:4:12: trusted_issuers[0].jwks_uri: and jwks must not both be there"},
        {issuer(uri + "scope = \"x\"\n"),
         "config.toml:4:9: trusted_issuers[0].scope: \"x\" is missing in "
         "authorization_server.scopes"},
        {issuer(uri + "assertions = \"saml\"\n"),
         "config.toml:4:14: trusted_issuers[0].assertions: \"saml\" is none of \"any\", "
         "\"workload\", \"id-jag\""},
        {issuer(uri + "keys = 1\n"),
         "config.toml:4:1: trusted_issuers[0].keys: unknown key; did you mean jwks?"},
        {issuer(uri) + issuer(uri),
         "config.toml:5:10: trusted_issuers[1].issuer: \"https://idp.example\" is there twice"},
        {issuer(uri), ""},
    };
    for (auto const& r : rows)
        BOOST_TEST(mistakes({.toml = r.toml}) == r.wrong);
    auto const c = load({.toml = issuer(uri + "assertions = \"id-jag\"\n")});
    BOOST_TEST(c.trusted_issuers.at(0).assertions == "id-jag");
}

BOOST_AUTO_TEST_CASE(users_have_names_of_their_own) {
    BOOST_TEST(mistakes({.toml = "[[users]]\nclaims = {}\n"}) ==
               "config.toml:1:1: users[0].name: is missing");
    BOOST_TEST(mistakes({.toml = "[[users]]\nname = \"a\"\n[[users]]\nname = \"a\"\n"}) ==
               "config.toml:4:8: users[1].name: \"a\" is there twice");
}

BOOST_AUTO_TEST_CASE(notes_when_the_control_plane_is_off_or_its_token_useless) {
    BOOST_TEST(load({}).notes.empty());
    std::string const as = "authorization_server.public_url=https://as.example.com";
    std::string const mcp = "mcp.public_url=https://mcp.example.com";
    auto const open = load({.sets = {as, mcp}}).notes;
    BOOST_TEST(open.size() == 1u);
    BOOST_TEST(open.at(0) ==
               "the control plane is off: a public URL is set and control.token is empty");
    BOOST_TEST(load({.sets = {as, mcp, "control.token=0123456789abcdef"}}).notes.empty());
    auto const useless = load({.sets = {"control.enabled=false", "control.token=t"}}).notes;
    BOOST_TEST(useless.at(0) == "control.token is not used: control.enabled is false");
}

BOOST_AUTO_TEST_CASE(endpoints_stand_at_paths_of_their_own) {
    auto const with = [](std::string const& line) {
        return mistakes({.toml = "[authorization_server.paths]\n" + line + '\n'});
    };
    BOOST_TEST(with("token = \"/oauth2/token\"\nauthorize = \"/oauth/authorize\"") == "");
    BOOST_TEST(with("token = \"/introspect\"") ==
               "config.toml:2:9: authorization_server.paths.token: \"/introspect\" is a path of "
               "authorization_server.paths.introspect, too");
    BOOST_TEST(
        with("token = \"/oauth/register\"") ==
        "config.toml:2:9: authorization_server.paths.token: \"/oauth/register\" is a path of "
        "authorization_server.paths.register, too");
    BOOST_TEST(
        with("token = \"/a/../token\"") ==
        "config.toml:2:9: authorization_server.paths.token: \"/a/../token\" has a dot segment");
    BOOST_TEST(with("token = \"/mcp\"") ==
               "config.toml:2:9: authorization_server.paths.token: \"/mcp\" is a path of mcp.path, "
               "too");
    BOOST_TEST(with("jwks = \"/control/jwks\"") ==
               "config.toml:2:8: authorization_server.paths.jwks: \"/control/jwks\" is a path of "
               "tollgate itself; choose another one");
    BOOST_TEST(with("tokens = \"/x\"") ==
               "config.toml:2:1: authorization_server.paths.tokens: unknown key; did you mean "
               "authorization_server.paths.token?");
    BOOST_TEST(
        with("token = \"oauth2\"") ==
        "config.toml:2:9: authorization_server.paths.token: \"oauth2\" must begin with \"/\"");
}

BOOST_AUTO_TEST_CASE(one_origin_is_one_authorization_server) {
    BOOST_TEST(mistakes({.toml = "[mcp]\nlisten = \"localhost:9100\"\nas_endpoints = false\n"}) ==
               "config.toml:3:16: mcp.as_endpoints: false needs an MCP server of its own address: "
               "mcp.listen and authorization_server.listen are the same");
    BOOST_TEST(mistakes({.toml = "[mcp]\nas_endpoints = false\n"}) == "");
}

BOOST_AUTO_TEST_SUITE_END()
