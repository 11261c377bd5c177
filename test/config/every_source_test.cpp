// Every key can be said in the file, by --set and by the environment; who says it last wins.
#include <algorithm>
#include <cctype>
#include <filesystem>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"
#include "config/schema.hpp"

using namespace tollgate;
using test::config_folder;
using test::load;
using test::mistakes;
using strings = std::vector<std::string>;

namespace {

// TOLLGATE_ and the key in capitals, dots as "__": the contract.
std::string variable_of(std::string_view key) {
    std::string name = "TOLLGATE_";
    for (char const c : key)
        name += c == '.' ? std::string("__")
                         : std::string(
                               1, static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
    return name;
}

// The default of a key as TOML; nothing for what is for the file alone.
std::map<std::string, std::string> defaults() {
    std::map<std::string, std::string> all;
    config c;
    for (auto const& row : settings::config_settings())
        if (!row.is.file_only)
            all.emplace(row.is.key, boost::json::serialize(settings::to_json(row.locate(c))));
    return all;
}

void has_every_default(config& c, std::string_view source) {
    config standard;
    for (auto const& row : settings::config_settings()) {
        BOOST_TEST(settings::to_json(row.locate(c)) == settings::to_json(row.locate(standard)),
                   row.is.key);
        if (row.is.file_only) continue;
        BOOST_TEST(c.where(row.is.key).starts_with(source), c.where(row.is.key));
    }
}

// The folder that the process stands in; the old one comes back.
class standing_in {
public:
    explicit standing_in(std::string const& folder) : before_(std::filesystem::current_path()) {
        std::filesystem::current_path(folder);
    }
    ~standing_in() {
        std::error_code ignored;
        std::filesystem::current_path(before_, ignored);
    }
    standing_in(standing_in const&) = delete;
    standing_in& operator=(standing_in const&) = delete;

private:
    std::filesystem::path before_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(config_every_source)

BOOST_AUTO_TEST_CASE(every_key_has_a_variable_that_takes_its_default) {
    std::map<std::string, std::string> environment;
    for (auto const& [key, text] : defaults())
        environment.emplace(variable_of(key), text);
    BOOST_TEST(environment.size() == defaults().size());
    auto c = load({.environment = environment});
    has_every_default(c, "environment TOLLGATE_");
}

BOOST_AUTO_TEST_CASE(every_key_is_taken_by_set_with_its_default) {
    strings sets;
    for (auto const& [key, text] : defaults())
        sets.push_back(key + '=' + text);
    auto c = load({.sets = sets});
    has_every_default(c, "--set ");
}

BOOST_AUTO_TEST_CASE(a_list_of_tables_has_a_variable_as_well) {
    auto const c = load(
        {.environment = {
             {"TOLLGATE_CLIENTS",
              "[{client_id = \"c\", redirect_uris = [\"http://127.0.0.1/cb\"]}]"},
             {"TOLLGATE_TRUSTED_ISSUERS",
              "[{issuer = \"https://idp.example\", jwks_uri = \"https://idp.example/jwks\"}]"}}});
    BOOST_TEST(c.clients.at(0).client_id == "c");
    BOOST_TEST(c.trusted_issuers.at(0).issuer == "https://idp.example");
    BOOST_TEST(c.where("clients[0].client_id") ==
               "environment TOLLGATE_CLIENTS: clients[0].client_id");
}

BOOST_AUTO_TEST_CASE(a_set_beats_every_short_variable) {
    auto const c =
        load({.sets = {"authorization_server.listen=localhost:1", "mcp.listen=localhost:2",
                       "authorization_server.public_url=https://set.example",
                       "tokens.access_ttl=7s", "tokens.seed_refresh=[\"set\"]",
                       "mcp.scopes=[\"openid\"]", "control.enabled=false"},
              .environment = {{"OAUTH_PORT", "4000"},
                              {"MCP_PORT", "4001"},
                              {"OAUTH_BASE_URL", "https://env.example"},
                              {"TOKEN_TTL_SECONDS", "90"},
                              {"SEED_REFRESH_TOKEN", "env"},
                              {"SCOPES", "mcp:admin"}}});
    BOOST_TEST(c.authorization_server.listen == "localhost:1");
    BOOST_TEST(c.mcp_server.listen == "localhost:2");
    BOOST_TEST(c.authorization_server.public_url == "https://set.example");
    BOOST_TEST((c.oauth.access_ttl == std::chrono::seconds(7)));
    BOOST_TEST(c.tokens.seed_refresh == strings{"set"}, boost::test_tools::per_element());
    BOOST_TEST(c.mcp.scopes == strings{"openid"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_short_variable_beats_the_file) {
    auto const c = load({.toml = "[authorization_server]\npublic_url = \"https://file.example\"\n"
                                 "[tokens]\naccess_ttl = \"7s\"\n[mcp]\nscopes = [\"openid\"]\n"
                                 "[upstream]\nclient_id = \"file\"\n[control]\nenabled = false\n",
                         .environment = {{"OAUTH_BASE_URL", "https://env.example/"},
                                         {"TOKEN_TTL_SECONDS", "90"},
                                         {"SCOPES", "mcp:admin"},
                                         {"OAUTH_CLIENT_ID", "env"}}});
    BOOST_TEST(c.authorization_server.public_url == "https://env.example");
    BOOST_TEST((c.oauth.access_ttl == std::chrono::seconds(90)));
    BOOST_TEST(c.mcp.scopes == strings{"mcp:admin"}, boost::test_tools::per_element());
    BOOST_TEST(c.upstream.client_id == "env");
}

BOOST_AUTO_TEST_CASE(a_port_keeps_the_brackets_of_the_address_before_it) {
    auto const c =
        load({.toml = "[mcp]\nlisten = \"[::1]:9101\"\n", .environment = {{"MCP_PORT", "65535"}}});
    BOOST_TEST(c.mcp_server.listen == "[::1]:65535");
}

BOOST_AUTO_TEST_CASE(a_number_in_a_short_variable_is_digits_and_nothing_else) {
    for (auto const* port : {"+1", "-1", " 1", "1 ", "0x10", "1e3", "99999999999999999999"})
        BOOST_TEST(mistakes({.environment = {{"OAUTH_PORT", port}}})
                           .find("expected a port from 0 to 65535") != std::string::npos,
                   port);
    for (auto const* seconds : {"+1", "-1", " 1", "1.5", "4294967296", "1s"})
        BOOST_TEST(mistakes({.environment = {{"TOKEN_TTL_SECONDS", seconds}}})
                           .find("expected a number of seconds, at least 1") != std::string::npos,
                   seconds);
}

BOOST_AUTO_TEST_CASE(a_seed_that_the_file_has_already_is_there_once) {
    auto const c = load({.toml = "[tokens]\nseed_refresh = [\"one\", \"two\"]\n",
                         .environment = {{"SEED_REFRESH_TOKEN", "one"}}});
    BOOST_TEST(c.tokens.seed_refresh == (strings{"one", "two"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_file_of_the_folder_is_read_unless_another_one_is_named) {
    config_folder const folder;
    config_folder const elsewhere;
    auto const named = elsewhere.write("own.toml", "[realms]\nmax = 8\n");
    standing_in const here(folder.path());
    BOOST_TEST(load_config({}).realms.max == 1000u);
    folder.write("config.toml", "[realms]\nmax = 7\n");
    auto const c = load_config({});
    BOOST_TEST(c.realms.max == 7u);
    BOOST_TEST(c.where("realms.max") == "config.toml:2:7: realms.max");
    BOOST_TEST(load_config({named, {}, {}}).realms.max == 8u);
}

BOOST_AUTO_TEST_CASE(without_a_file_relative_names_start_where_the_process_stands) {
    config_folder const folder;
    folder.write("key.pem", "x");
    standing_in const here(folder.path());
    BOOST_TEST(load_config({"", {"tokens.signing_key=key.pem"}, {}}).tokens.signing_key ==
               "key.pem");
}

BOOST_AUTO_TEST_CASE(a_mistake_about_a_key_that_nobody_gave_names_the_file_or_the_defaults) {
    strings const sets{"upstream.token_endpoint=https://idp.example/t"};
    std::string const wrong =
        ": validation.strategy: \"introspection\" needs upstream.issuer, "
        "upstream.introspection_endpoint or validation.endpoint";
    BOOST_TEST(mistakes({.sets = sets}) == "config.toml" + wrong);
    config_folder const folder;
    standing_in const here(folder.path());
    try {
        load_config({"", sets, {}});
        BOOST_ERROR("loaded");
    } catch (config_error const& e) {
        BOOST_TEST(e.what() == "the defaults" + wrong);
    }
}

BOOST_AUTO_TEST_CASE(a_folder_is_named_as_what_it_is) {
    config_folder const folder;
    try {
        load_config({folder.path(), {}, {}});
        BOOST_ERROR("loaded a folder");
    } catch (config_error const& e) {
        BOOST_TEST(e.what() == folder.path() + ": is a folder, not a configuration file");
    }
}

// What keys owe each other cannot be told of half a configuration.
BOOST_AUTO_TEST_CASE(a_file_that_is_no_toml_leaves_the_other_sources_their_own_mistakes_alone) {
    auto const text = mistakes({.toml = "[mcp\n",
                                .sets = {"mcp.auth=x", "mcp.agents=shared"},
                                .environment = {{"MCP_PORT", "x"}}});
    auto const lines = std::count(text.begin(), text.end(), '\n') + 1;
    BOOST_TEST(lines == 3, text);
    BOOST_TEST(text.starts_with("config.toml:"), text);
    BOOST_TEST(text.find("environment MCP_PORT: ") != std::string::npos, text);
    BOOST_TEST(text.find("--set mcp.auth: ") != std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_mistake_in_the_file_is_told_even_where_a_later_source_would_win) {
    auto const text = mistakes({.toml = "[mcp]\nauth = \"x\"\n", .sets = {"mcp.auth=none"}});
    BOOST_TEST(text.starts_with("config.toml:2:8: mcp.auth: \"x\" is none of "), text);
}

BOOST_AUTO_TEST_CASE(line_ends_of_windows_change_no_place) {
    BOOST_TEST(mistakes({.toml = "# x\r\n[mcp]\r\nauth = \"x\"\r\n"})
                   .starts_with("config.toml:3:8: mcp.auth: "));
}

BOOST_AUTO_TEST_CASE(spaces_around_the_key_of_a_set_do_not_count_and_those_of_a_text_do) {
    BOOST_TEST(load({.sets = {" mcp.challenge_realm = x "}}).mcp.challenge_realm == " x ");
}

BOOST_AUTO_TEST_SUITE_END()
