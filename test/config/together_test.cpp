// What keys owe each other: what checks_test leaves.
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using namespace tollgate;
using test::config_folder;
using test::load;
using test::mistakes;
using strings = std::vector<std::string>;

namespace {

std::string refusal_of(strings sets) {
    return mistakes({.sets = std::move(sets)});
}

std::string reuse(std::string const& text) {
    return refusal_of({"tokens.refresh_reuse=" + text});
}

std::string const document_file = "document.json";

// [[client_documents]] in a file that has `document_file` beside it.
std::string document_mistakes(std::string const& toml) {
    config_folder const folder;
    folder.write(document_file, "{}");
    auto const file = folder.write("config.toml", toml);
    try {
        load_config({file, {}, {}});
    } catch (config_error const& e) {
        return folder.without_folder(e.what());
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_together)

// RFC 7518 §3.2: HMAC has one key, which both sides know; there is no PEM file of it.
BOOST_AUTO_TEST_CASE(a_symmetric_algorithm_has_no_key_file) {
    config_folder const folder;
    folder.write("key.pem", "x");
    auto const file = folder.write("config.toml", "[tokens]\nsigning_key = \"key.pem\"\n");
    try {
        load_config({file, {"tokens.signing_alg=HS256"}, {}});
        BOOST_ERROR("loaded");
    } catch (config_error const& e) {
        BOOST_TEST(folder.without_folder(e.what()) ==
                   "config.toml:2:15: tokens.signing_key: \"HS256\" signs with tokens.hs256_secret "
                   "and no key file");
    }
}

// RFC 7518 §3.2: "A key of the same size as the hash output or larger MUST be used."
BOOST_AUTO_TEST_CASE(a_secret_of_31_bytes_is_too_short_whatever_is_signed_with) {
    for (std::string const alg : {"RS256", "HS256"}) {
        auto const with = [&](std::size_t bytes) {
            return refusal_of(
                {"tokens.signing_alg=" + alg, "tokens.hs256_secret=" + std::string(bytes, 's')});
        };
        BOOST_TEST(with(31).find("32 bytes or more") != std::string::npos, alg);
        BOOST_TEST(with(32) == "", alg);
    }
    // Bytes and not characters.
    std::string two_bytes;
    for (int i = 0; i < 16; ++i)
        two_bytes += "\xc3\xa9";
    BOOST_TEST(refusal_of({"tokens.hs256_secret=" + two_bytes}) == "");
}

BOOST_AUTO_TEST_CASE(the_key_of_a_broker_has_32_bytes_in_every_mode) {
    BOOST_TEST(refusal_of({"upstream.token_key=" + std::string(31, 'k')}) ==
               "--set upstream.token_key: must have 32 bytes or more");
    BOOST_TEST(refusal_of({"upstream.token_key=" + std::string(32, 'k')}) == "");
    BOOST_TEST(refusal_of({"upstream.token_key="}) == "");
}

BOOST_AUTO_TEST_CASE(a_grace_has_a_duration_of_its_own) {
    for (auto const* text : {"grace:", "grace:0s", "grace:soon", "grace:-1s", "grace:10",
                             "grace:99999d", "grace: 10s"})
        BOOST_TEST(reuse(text).find("has no duration behind \"grace:\"") != std::string::npos,
                   text);
    BOOST_TEST(reuse("grace") ==
               "--set tokens.refresh_reuse: \"grace\" is none of \"revoke-family\", \"reject\", "
               "\"grace:10s\", \"until-successor-used\"");
    auto const c = load({.sets = {"tokens.refresh_reuse=grace:1m30s"}});
    BOOST_TEST((c.oauth.reuse == oauth::refresh_reuse::grace));
    BOOST_TEST((c.oauth.reuse_grace == std::chrono::seconds(90)));
}

BOOST_AUTO_TEST_CASE(a_word_for_resources_takes_the_list_of_an_earlier_source_back) {
    std::string const toml = "[authorization_server]\nresources = [\"https://api.example/\"]\n";
    for (std::string const word : {"own", "any"}) {
        auto const c = load({.toml = toml, .sets = {"authorization_server.resources=" + word}});
        BOOST_TEST(word_of(c.oauth.resources) == word);
        BOOST_TEST(c.oauth.resource_list.empty());
    }
    auto const list = load({.toml = "[authorization_server]\nresources = \"any\"\n",
                            .sets = {"authorization_server.resources=[\"urn:a\", \"urn:b\"]"}});
    BOOST_TEST(word_of(list.oauth.resources) == "own");
    BOOST_TEST(list.oauth.resource_list == (strings{"urn:a", "urn:b"}),
               boost::test_tools::per_element());
}

// RFC 8707 §2: "The value MUST be an absolute URI" and "MUST NOT include a fragment component"
BOOST_AUTO_TEST_CASE(a_resource_is_an_absolute_uri_without_a_fragment) {
    for (auto const* text : {"\"\"", "\"api\"", "\"/api\"", "\"https://api.example/#x\"",
                             "\"//api.example\"", "\"a b:c\""})
        BOOST_TEST(refusal_of({"authorization_server.resources=[" + std::string(text) + "]"})
                           .find("RFC 8707 section 2") != std::string::npos,
                   text);
    BOOST_TEST(refusal_of({"authorization_server.resources=[7]"}) ==
               "--set authorization_server.resources: expected a URI, found the integer 7");
    BOOST_TEST(refusal_of({"authorization_server.resources=mine"}) ==
               "--set authorization_server.resources: \"mine\" is none of \"own\", \"any\"");
}

BOOST_AUTO_TEST_CASE(an_entry_that_is_there_twice_is_one) {
    auto const c =
        load({.sets = {"authorization_server.scopes=[\"mcp:tools\", \"b\", \"mcp:tools\"]",
                       "server.allowed_origins=[\"https://App.example/\", "
                       "\"https://app.example:443\", \"http://app.example\"]"}});
    BOOST_TEST(c.oauth.scopes == (strings{"mcp:tools", "b"}), boost::test_tools::per_element());
    BOOST_TEST(c.server.allowed_origins == (strings{"https://app.example", "http://app.example"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_entry_of_a_list_that_is_wrong_is_told) {
    BOOST_TEST(mistakes({.toml = "[mcp]\nscopes = [\"a b\", \"mcp:tools\", 7]\n"}) ==
               "config.toml:2:11: mcp.scopes: \"a b\" is no scope: printable ASCII without space, "
               "quote and backslash (RFC 6749 section 3.3)\n"
               "config.toml:2:31: mcp.scopes: expected a string, found the integer 7");
}

BOOST_AUTO_TEST_CASE(an_empty_text_leaves_an_optional_key_out_and_no_other) {
    for (auto const* key :
         {"authorization_server.public_url", "mcp.public_url", "mcp.challenge_realm",
          "upstream.issuer", "upstream.client_id", "validation.endpoint", "tokens.signing_key",
          "tokens.hs256_secret", "tls.certificate", "control.token"})
        BOOST_TEST(refusal_of({std::string(key) + "="}) == "", key);
    for (auto const* key :
         {"authorization_server.listen", "mcp.listen", "mcp.path", "mcp.sse_path",
          "authorization_server.paths.token", "authorization_server.mode", "mcp.agents", "mcp.auth",
          "tokens.format", "tokens.refresh_reuse", "tokens.access_ttl", "realms.max"})
        BOOST_TEST(refusal_of({std::string(key) + "="}) != "", key);
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_was_moved_frees_the_paths_that_older_clients_try) {
    std::string const paths = "authorization_server.paths.";
    BOOST_TEST(refusal_of({paths + "token=/oauth2/token", paths + "authorize=/oauth/token"}) == "");
    BOOST_TEST(refusal_of({paths + "authorize=/oauth/token"}) ==
               "--set authorization_server.paths.authorize: \"/oauth/token\" is a path of "
               "authorization_server.paths.token, too");
    BOOST_TEST(refusal_of({paths + "revoke=/api/register"}) ==
               "--set authorization_server.paths.revoke: \"/api/register\" is a path of "
               "authorization_server.paths.register, too");
}

BOOST_AUTO_TEST_CASE(an_endpoint_and_a_transport_do_not_share_a_path) {
    BOOST_TEST(refusal_of({"authorization_server.paths.token=/rpc", "mcp.path=/rpc"}) ==
               "--set authorization_server.paths.token: \"/rpc\" is a path of mcp.path, too");
    BOOST_TEST(refusal_of({"authorization_server.paths.device=/messages"}) ==
               "--set authorization_server.paths.device: \"/messages\" is a path of "
               "mcp.messages_path, too");
}

BOOST_AUTO_TEST_CASE(one_port_makes_one_origin_only_where_the_whole_address_is_equal) {
    strings const apart{"mcp.as_endpoints=false", "mcp.listen=127.0.0.1:9100"};
    BOOST_TEST(refusal_of(apart) == "");
    // Two of port 0 are never equal.
    BOOST_TEST(refusal_of({"mcp.as_endpoints=false", "mcp.listen=localhost:0",
                           "authorization_server.listen=localhost:0"}) == "");
}

BOOST_AUTO_TEST_CASE(two_open_listeners_of_port_0_need_a_name_each) {
    auto const text = refusal_of({"mcp.listen=0.0.0.0:0", "authorization_server.listen=0.0.0.0:0",
                                  "mcp.public_url=https://mcp.example"});
    BOOST_TEST(text.starts_with("--set authorization_server.listen: \"0.0.0.0:0\" is not loopback"),
               text);
}

BOOST_AUTO_TEST_CASE(a_strategy_needs_its_own_server_only_where_that_is_asked) {
    BOOST_TEST(
        refusal_of({"validation.strategy=userinfo", "authorization_server.scopes=[\"mcp:tools\"]",
                    "validation.endpoint=https://idp.example/userinfo"}) == "");
    BOOST_TEST(refusal_of({"validation.strategy=local"}) == "");
}

BOOST_AUTO_TEST_CASE(scopes_of_a_foreign_provider_need_not_be_our_own) {
    BOOST_TEST(refusal_of({"upstream.issuer=https://idp.example", "mcp.scopes=[\"files\"]"}) == "");
}

BOOST_AUTO_TEST_CASE(a_document_of_a_client_has_a_url_of_its_own_and_a_file) {
    std::string const whole = "[[client_documents]]\nurl = \"https://app.example/client\"\n";
    struct {
        std::string toml;
        char const* wrong;
    } const rows[] = {
        {whole + "file = \"document.json\"\n", ""},
        {whole, "config.toml:1:1: client_documents[0].file: is missing"},
        {"[[client_documents]]\nfile = \"document.json\"\n",
         "config.toml:1:1: client_documents[0].url: is missing"},
        {"[[client_documents]]\nurl = \"app\"\nfile = \"document.json\"\n",
         "config.toml:2:7: client_documents[0].url: \"app\" is no absolute URL; write it as "
         "\"https://host/path\""},
        {whole + "file = \"none.json\"\n",
         "config.toml:3:8: client_documents[0].file: \"none.json\" cannot be read: No such file or "
         "directory"},
        {whole + "files = \"x\"\nfile = \"document.json\"\n",
         "config.toml:3:1: client_documents[0].files: unknown key; did you mean file?"},
        {whole + "file = \"document.json\"\n" + whole + "file = \"document.json\"\n",
         "config.toml:5:7: client_documents[1].url: \"https://app.example/client\" is there "
         "twice"},
        {"client_documents = 7\n",
         "config.toml:1:20: client_documents: expected a list of tables ([[client_documents]]), "
         "found the integer 7"},
    };
    for (auto const& r : rows)
        BOOST_TEST(document_mistakes(r.toml) == r.wrong);
}

// The first of them is who approves.
BOOST_AUTO_TEST_CASE(users_keep_their_order_and_the_types_of_their_claims) {
    auto const c = load({.toml = "[[users]]\nname = \"b\"\nclaims = {age = 7, ok = true, at = "
                                 "1979-05-27, list = [\"x\"], deep = {n = 1.5}}\n"
                                 "[[users]]\nname = \"a\"\n"});
    BOOST_REQUIRE(c.users.size() == 2u);
    BOOST_TEST(c.users[0].name == "b");
    boost::json::value const expected{{"age", 7},
                                      {"ok", true},
                                      {"at", "1979-05-27"},
                                      {"list", boost::json::array{"x"}},
                                      {"deep", boost::json::object{{"n", 1.5}}}};
    BOOST_TEST(boost::json::value(c.users[0].claims) == expected);
}

BOOST_AUTO_TEST_CASE(a_client_that_is_no_table_is_judged_no_further) {
    BOOST_TEST(mistakes({.toml = "clients = [\"secret-of-a-client\", {client_id = \"b\"}]\n"}) ==
               "config.toml:1:12: clients[0]: expected a table, found a string\n"
               "config.toml:1:34: clients[1].redirect_uris: the authorization code grant needs at "
               "least one");
}

// OpenID Connect Registration §2; RFC 6749 §4.4 and RFC 8693 §2.1 want an authenticated client
BOOST_AUTO_TEST_CASE(a_client_that_signs_may_have_the_grants_of_a_confidential_one) {
    std::string const toml =
        "[[clients]]\nclient_id = \"a\"\ngrant_types = [\"client_credentials\"]\n"
        "token_endpoint_auth_method = \"private_key_jwt\"\njwks_uri = \"https://a.example/jwks\"\n";
    BOOST_TEST(mistakes({.toml = toml}) == "");
}

BOOST_AUTO_TEST_CASE(a_scope_of_a_client_is_judged_word_by_word) {
    auto const scope = [](std::string const& text) {
        return mistakes({.toml = "[[clients]]\nclient_id = \"a\"\nredirect_uris = "
                                 "[\"https://a.example/cb\"]\nscope = \"" +
                                 text + "\"\n"});
    };
    BOOST_TEST(scope("openid mcp:tools") == "");
    BOOST_TEST(scope("") == "");
    BOOST_TEST(scope("openid a\\\"b").find("\"a\"b\" is no scope") != std::string::npos);
    BOOST_TEST(scope("x y").find("\"x\" is missing") != std::string::npos);
    BOOST_TEST(scope("x y").find("\"y\" is missing") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
