// Where values come from, and which source wins.
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using namespace tollgate;
using test::config_folder;
using test::load;
using test::mistakes;
using strings = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(config_sources_)

BOOST_AUTO_TEST_CASE(a_set_beats_the_environment_which_beats_the_file_which_beats_the_default) {
    std::string const toml = "[mcp]\nsession_binding = \"token\"\n";
    std::map<std::string, std::string> const environment{
        {"TOLLGATE_MCP__SESSION_BINDING", "principal"}};
    BOOST_TEST(word_of(load({}).mcp.binding) == "principal");
    BOOST_TEST(word_of(load({.toml = toml}).mcp.binding) == "token");
    BOOST_TEST(word_of(load({.toml = toml, .environment = environment}).mcp.binding) ==
               "principal");
    auto const all =
        load({.toml = toml, .sets = {"mcp.session_binding=token"}, .environment = environment});
    BOOST_TEST(word_of(all.mcp.binding) == "token");
}

// Token passthrough is a door that a file on disk opens, and nobody who can only start the program.
BOOST_AUTO_TEST_CASE(the_authenticated_request_tool_is_allowed_by_the_file_alone) {
    auto const c = load({.toml = "[tools]\nauthenticated_request = true\n"
                                 "authenticated_request_url = \"https://api.example.com/x\"\n"});
    BOOST_TEST(c.tools.authenticated_request);
    BOOST_TEST(c.tools.authenticated_request_url == "https://api.example.com/x");
    BOOST_TEST(!load({}).tools.authenticated_request);
    BOOST_TEST(mistakes({.sets = {"tools.authenticated_request=true"}}) ==
               "--set tools.authenticated_request: only the configuration file can set this");
    BOOST_TEST(mistakes({.sets = {"tools={authenticated_request=true}"}}).find("only the") !=
               std::string::npos);
    BOOST_TEST(
        mistakes({.environment = {{"TOLLGATE_TOOLS__AUTHENTICATED_REQUEST_URL", "http://x/"}}}) ==
        "environment TOLLGATE_TOOLS__AUTHENTICATED_REQUEST_URL: only the configuration file can "
        "set this");
}

BOOST_AUTO_TEST_CASE(the_sse_paths_stand_beside_a_path_for_each_agent) {
    auto const c = load({.sets = {"mcp.path=/agents/{agent}/mcp"}});
    BOOST_TEST(c.mcp_server.sse_path == "/agents/{agent}/sse");
    BOOST_TEST(c.mcp_server.messages_path == "/agents/{agent}/messages");
    auto const own = load({.sets = {"mcp.path=/{agent}/mcp", "mcp.sse_path=/{agent}/stream"}});
    BOOST_TEST(own.mcp_server.sse_path == "/{agent}/stream");
    BOOST_TEST(mistakes({.sets = {"mcp.path=/{agent}/mcp", "mcp.sse_path=/sse"}}) ==
               "--set mcp.sse_path: \"/sse\" needs {agent}, as mcp.path has it");
    BOOST_TEST(mistakes({.sets = {"mcp.sse_path=/{agent}/sse"}}) ==
               "--set mcp.sse_path: \"/{agent}/sse\" has {agent} and mcp.path has not");
}

BOOST_AUTO_TEST_CASE(the_last_of_two_sets_wins) {
    auto const c = load({.sets = {"mcp.auth=none", "mcp.auth=required"}});
    BOOST_TEST(word_of(c.mcp.auth) == "required");
}

BOOST_AUTO_TEST_CASE(a_set_value_is_toml_where_it_parses_as_toml_and_else_a_string) {
    auto const c = load({.sets = {"server.workers=3", "tokens.access_ttl=5s", "mcp.auth=\"none\"",
                                  "mcp.scopes=[\"mcp:admin\"]", "realms.implicit=false",
                                  " server.max_body =2MiB", "authorization_server.resources=any"}});
    BOOST_TEST(c.server.workers == 3u);
    BOOST_TEST(c.oauth.access_ttl.count() == 5000);
    BOOST_TEST(word_of(c.mcp.auth) == "none");
    BOOST_TEST(c.mcp.scopes == strings{"mcp:admin"}, boost::test_tools::per_element());
    BOOST_TEST(!c.realms.implicit);
    BOOST_TEST(c.server.max_body == 2u << 20);
    BOOST_TEST(word_of(c.oauth.resources) == "any");
}

BOOST_AUTO_TEST_CASE(a_string_key_takes_a_number_as_it_stands) {
    BOOST_TEST(load({.sets = {"control.token=007"}}).control.token == "007");
    BOOST_TEST(load({.sets = {"control.token=1.50"}}).control.token == "1.50");
    BOOST_TEST(load({.sets = {"control.token=true"}}).control.token == "true");
    BOOST_TEST(load({.sets = {"control.token="}}).control.token == "");
}

BOOST_AUTO_TEST_CASE(a_set_can_give_a_whole_table_or_list_of_tables) {
    auto const c =
        load({.sets = {"tokens={access_ttl=\"7s\", format=\"jwt\"}",
                       "clients=[{client_id=\"one\", redirect_uris=[\"https://c/cb\"]}]",
                       "users=[{name=\"alice\", claims={email=\"a@b\", n=1, ok=true}}]"}});
    BOOST_TEST(c.oauth.access_ttl.count() == 7000);
    BOOST_TEST(word_of(c.oauth.format) == "jwt");
    BOOST_TEST(c.clients.size() == 1u);
    BOOST_TEST(c.clients.at(0).client_id == "one");
    BOOST_TEST(c.users.at(0).name == "alice");
    boost::json::object const claims{{"email", "a@b"}, {"n", 1}, {"ok", true}};
    BOOST_TEST((c.users.at(0).claims == claims));
}

BOOST_AUTO_TEST_CASE(a_list_that_is_given_again_replaces_the_one_of_the_file) {
    std::string const toml =
        "[[clients]]\nclient_id = \"file\"\nredirect_uris = [\"https://c/cb\"]\n"
        "[[clients]]\nclient_id = \"second\"\nredirect_uris = [\"https://c/cb\"]\n";
    auto const c =
        load({.toml = toml,
              .sets = {"clients=[{client_id=\"set\", redirect_uris=[\"https://c/cb\"]}]"}});
    BOOST_TEST(c.clients.size() == 1u);
    BOOST_TEST(c.clients.at(0).client_id == "set");
    BOOST_TEST(!c.positions.contains("clients[1].client_id"));
}

BOOST_AUTO_TEST_CASE(a_line_break_in_a_set_value_smuggles_in_no_second_key) {
    BOOST_TEST(load({.sets = {"store.backend=\"memory\""}}).store.backend == "memory");
    auto const text = mistakes({.sets = {"server.workers=1\nvalue2=2"}});
    BOOST_TEST(text ==
               "--set server.workers: expected a whole number, found the string "
               "\"1?value2=2\"");
}

BOOST_AUTO_TEST_CASE(a_mistake_in_a_set_names_the_set) {
    struct row {
        char const* set;
        char const* wrong;
    };
    row const rows[] = {
        {"mcp.auth=maybe",
         "--set mcp.auth: \"maybe\" is none of \"required\", \"tools-only\", \"none\""},
        {"mcp.atuh=none", "--set mcp.atuh: unknown key; did you mean mcp.auth?"},
        {"prot=1", "--set prot: unknown key; did you mean mcp?"},
        {"mcp.auth", "--set mcp.auth: expected KEY=VALUE"},
        {"=x", "--set : expected KEY=VALUE"},
        {"server.workers=many",
         "--set server.workers: expected a whole number, found the string \"many\""},
        {"tokens=5", "--set tokens: expected a table ([tokens]), found the integer 5"},
        {"clients=[{client_id=\"a\", redirect_uris=[\"b\"]}]",
         "--set clients: clients[0].redirect_uris: \"b\" is no absolute URI"},
        {"store.backend=files",
         "--set store.backend: \"files\" is none of \"memory\", \"sqlite\", \"redis\""},
    };
    for (auto const& r : rows)
        BOOST_TEST(mistakes({.sets = {r.set}}) == r.wrong);
}

BOOST_AUTO_TEST_CASE(every_value_remembers_where_it_was_written) {
    auto const c = load({.toml = "[mcp]\nauth = \"none\"\n[[users]]\nname = \"a\"\n",
                         .sets = {"server.workers=2"},
                         .environment = {{"TOKEN_TTL_SECONDS", "9"}}});
    BOOST_TEST(c.where("mcp.auth").ends_with("config.toml:2:8: mcp.auth"));
    BOOST_TEST(c.where("users[0].name").ends_with("config.toml:4:8: users[0].name"));
    BOOST_TEST(c.where("server.workers") == "--set server.workers");
    BOOST_TEST(c.where("tokens.access_ttl") == "environment TOKEN_TTL_SECONDS: tokens.access_ttl");
    BOOST_TEST(c.where("tls.certificate") == "tls.certificate");
}

BOOST_AUTO_TEST_CASE(relative_file_names_start_at_the_folder_of_the_file) {
    config_folder const folder;
    folder.write("keys/signing.pem", "x");
    auto const file = folder.write("config.toml", "[tokens]\nsigning_key = \"keys/signing.pem\"\n");
    auto const c = load_config({file, {}, {}});
    BOOST_TEST(c.folder == folder.path());
    BOOST_TEST(c.tokens.signing_key == folder.path() + "/keys/signing.pem");
}

BOOST_AUTO_TEST_CASE(an_absolute_file_name_stays_as_it_is) {
    config_folder const folder;
    config_folder const elsewhere;
    auto const key = elsewhere.write("signing.pem", "x");
    auto const file = folder.write("config.toml", "[tokens]\nsigning_key = \"" + key + "\"\n");
    BOOST_TEST(load_config({file, {}, {}}).tokens.signing_key == key);
}

BOOST_AUTO_TEST_CASE(picks_up_the_certificate_beside_the_file_when_both_halves_are_there) {
    config_folder const folder;
    auto const file = folder.write("config.toml", "[tls]\ncertificate = \"\"\n");
    BOOST_TEST(load_config({file, {}, {}}).tls.certificate == "");
    auto const certificate = folder.write("certs/localhost.pem", "x");
    BOOST_TEST(load_config({file, {}, {}}).tls.certificate == "");
    auto const key = folder.write("certs/localhost-key.pem", "x");
    auto const c = load_config({file, {}, {}});
    BOOST_TEST(c.tls.certificate == certificate);
    BOOST_TEST(c.tls.private_key == key);
}

BOOST_AUTO_TEST_CASE(a_given_certificate_is_not_replaced_by_one_that_is_picked_up) {
    config_folder const folder;
    folder.write("certs/localhost.pem", "x");
    folder.write("certs/localhost-key.pem", "x");
    folder.write("own.pem", "x");
    folder.write("own-key.pem", "x");
    auto const file = folder.write(
        "config.toml", "[tls]\ncertificate = \"own.pem\"\nprivate_key = \"own-key.pem\"\n");
    auto const c = load_config({file, {}, {}});
    BOOST_TEST(c.tls.certificate == folder.path() + "/own.pem");
    BOOST_TEST(c.tls.private_key == folder.path() + "/own-key.pem");
}

BOOST_AUTO_TEST_CASE(without_users_there_is_one_called_demo) {
    auto const users = load({}).users;
    BOOST_TEST(users.size() == 1u);
    BOOST_TEST(users.at(0).name == "demo");
}

BOOST_AUTO_TEST_CASE(a_public_url_loses_the_slash_at_its_end) {
    auto const c = load({.toml = "[mcp]\npublic_url = \"https://mcp.example.com/\"\n"});
    BOOST_TEST(c.mcp_server.public_url == "https://mcp.example.com");
}

BOOST_AUTO_TEST_CASE(reads_resources_as_a_word_or_a_list) {
    auto const word = load({.toml = "[authorization_server]\nresources = \"any\"\n"});
    BOOST_TEST(word_of(word.oauth.resources) == "any");
    auto const list = load({.toml = "[authorization_server]\nresources = [\"https://api/x\"]\n"});
    BOOST_TEST(word_of(list.oauth.resources) == "own");
    BOOST_TEST(list.oauth.resource_list == strings{"https://api/x"},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
