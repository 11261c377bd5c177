// The exact words of what is wrong with a file: FILE:LINE:COLUMN: key: what is wrong.
#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"

using tollgate::test::mistakes;

namespace {

struct row {
    char const* toml;
    char const* wrong;
};

void check(row const& r) {
    BOOST_TEST(mistakes({.toml = r.toml}) == r.wrong);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_mistakes)

BOOST_AUTO_TEST_CASE(an_unknown_key_names_the_nearest_known_one) {
    row const rows[] = {
        {"[tokens]\nacces_ttl = \"1h\"\n",
         "config.toml:2:1: tokens.acces_ttl: unknown key; did you mean tokens.access_ttl?"},
        {"[token]\naccess_ttl = \"1h\"\n",
         "config.toml:1:2: token: unknown key; did you mean tokens?"},
        {"[server]\naccess_ttl = \"1h\"\n",
         "config.toml:2:1: server.access_ttl: unknown key; did you mean tokens.access_ttl?"},
        {"[mcp]\n  pth = \"/x\"\n",
         "config.toml:2:3: mcp.pth: unknown key; did you mean mcp.path?"},
        {"drain_timeout = \"1s\"\n",
         "config.toml:1:1: drain_timeout: unknown key; did you mean server.drain_timeout?"},
        {"[[client]]\nclient_id = \"x\"\n",
         "config.toml:1:3: client: unknown key; did you mean clients?"},
        {"[mcp]\nfoo = 1\n", "config.toml:2:1: mcp.foo: unknown key; did you mean mcp.path?"},
        {"[server.tls]\nx = 1\n", "config.toml:1:9: server.tls: unknown key; did you mean tls?"},
        {"[[clients]]\nclient_id = \"x\"\nredirect_uri = \"https://c.example/cb\"\n"
         "redirect_uris = [\"https://c.example/cb\"]\n",
         "config.toml:3:1: clients[0].redirect_uri: unknown key; did you mean redirect_uris?"},
        {"[[users]]\nname = \"a\"\nclaim = {}\n",
         "config.toml:3:1: users[0].claim: unknown key; did you mean claims?"},
    };
    for (auto const& r : rows)
        check(r);
}

BOOST_AUTO_TEST_CASE(a_wrong_type_says_what_was_expected_and_what_is_there) {
    row const rows[] = {
        {"[server]\nworkers = \"two\"\n",
         "config.toml:2:11: server.workers: expected a whole number, found the string \"two\""},
        {"[server]\nworkers = 1.5\n",
         "config.toml:2:11: server.workers: expected a whole number, found the number 1.5"},
        {"[mcp]\npath = 7\n", "config.toml:2:8: mcp.path: expected a string, found the integer 7"},
        {"[mcp]\nscopes = \"mcp:tools\"\n",
         "config.toml:2:10: mcp.scopes: expected a list of strings such as [\"a\", \"b\"], found "
         "the "
         "string \"mcp:tools\""},
        {"[mcp]\nscopes = [\"mcp:tools\", 2]\n",
         "config.toml:2:24: mcp.scopes: expected a string, found the integer 2"},
        {"[control]\nenabled = \"yes\"\n",
         "config.toml:2:11: control.enabled: expected true or false, found the string \"yes\""},
        {"[tokens]\naccess_ttl = 60\n",
         "config.toml:2:14: tokens.access_ttl: expected a duration such as \"500ms\", \"10s\", "
         "\"5m\", \"1h\" or \"30d\", found the integer 60"},
        {"[tokens]\naccess_ttl = 2025-01-01\n",
         "config.toml:2:14: tokens.access_ttl: expected a duration such as \"500ms\", \"10s\", "
         "\"5m\", \"1h\" or \"30d\", found the date or time 2025-01-01"},
        {"[server]\nmax_body = \"1 megabyte\"\n",
         "config.toml:2:12: server.max_body: expected a number of bytes or a size such as "
         "\"32KiB\" "
         "or \"1MiB\", found the string \"1 megabyte\""},
        {"server = 1\n",
         "config.toml:1:10: server: expected a table ([server]), found the integer 1"},
        {"[clients]\nclient_id = \"x\"\n",
         "config.toml:1:1: clients: expected a list of tables ([[clients]]), found a table"},
        {"clients = [1]\n", "config.toml:1:12: clients[0]: expected a table, found an integer"},
        {"[authorization_server]\nresources = 1\n",
         "config.toml:2:13: authorization_server.resources: expected \"own\", \"any\" or a list of "
         "URIs, found the integer 1"},
        {"[[users]]\nname = \"a\"\nclaims = [1]\n",
         "config.toml:3:10: users[0].claims: expected a table such as {email = "
         "\"demo@example.org\"}, found a list"},
        {"[[users]]\nname = \"a\"\nclaims = {x = 1, y = [{z = nan}]}\n",
         "config.toml:3:10: users[0].claims: holds a number that JSON has none for (RFC 8259 "
         "section 6)"},
        {"[[users]]\nname = \"a\"\nclaims = {x = -inf}\n",
         "config.toml:3:10: users[0].claims: holds a number that JSON has none for (RFC 8259 "
         "section 6)"},
    };
    for (auto const& r : rows)
        check(r);
}

BOOST_AUTO_TEST_CASE(a_value_out_of_its_set_or_range_names_the_limits) {
    row const rows[] = {
        {"[mcp]\nauth = \"maybe\"\n",
         "config.toml:2:8: mcp.auth: \"maybe\" is none of \"required\", \"tools-only\", \"none\""},
        {"[mcp]\ntransports = [\"sse\", \"stdio\"]\n",
         "config.toml:2:22: mcp.transports: \"stdio\" is none of \"streamable-http\", \"sse\""},
        {"[mcp]\nversions = []\n", "config.toml:2:12: mcp.versions: needs at least one entry"},
        {"[server]\nworkers = -1\n",
         "config.toml:2:11: server.workers: -1 is too small; at least 0"},
        {"[server]\nworkers = 5000\n",
         "config.toml:2:11: server.workers: 5000 is too large; at most 1024"},
        {"[validation]\nrecheck = \"0s\"\n",
         "config.toml:2:11: validation.recheck: \"0s\" is too short; at least \"100ms\""},
        {"[tokens]\nrefresh_reuse = \"grace:soon\"\n",
         "config.toml:2:17: tokens.refresh_reuse: \"grace:soon\" has no duration behind "
         "\"grace:\"; "
         "write it as \"grace:10s\""},
    };
    for (auto const& r : rows)
        check(r);
}

BOOST_AUTO_TEST_CASE(a_text_that_does_not_look_as_it_must_is_refused) {
    row const rows[] = {
        {"[mcp]\nlisten = \"localhost\"\n",
         "config.toml:2:10: mcp.listen: \"localhost\" is no address; write host:port, such as "
         "\"localhost:9100\", \"0.0.0.0:80\" or \"[::1]:0\""},
        {"[mcp]\npublic_url = \"mcp.example.com\"\n",
         "config.toml:2:14: mcp.public_url: \"mcp.example.com\" is no absolute URL; write it as "
         "\"https://host/path\""},
        {"[mcp]\npublic_url = \"https://mcp.example.com/base\"\n",
         "config.toml:2:14: mcp.public_url: \"https://mcp.example.com/base\" must not have a path: "
         "well-known documents stand at the origin, as in \"https://host:port\""},
        {"[mcp]\npath = \"mcp\"\n", "config.toml:2:8: mcp.path: \"mcp\" must begin with \"/\""},
        {"[mcp]\nscopes = [\"a b\"]\n",
         "config.toml:2:11: mcp.scopes: \"a b\" is no scope: printable ASCII without space, quote "
         "and backslash (RFC 6749 section 3.3)"},
        {"[server]\nallowed_hosts = [\"host:80\"]\n",
         "config.toml:2:18: server.allowed_hosts: \"host:80\" is no host name; write it without "
         "scheme and port"},
        {"[authorization_server]\nresources = [\"/x\"]\n",
         "config.toml:2:14: authorization_server.resources: \"/x\" is no absolute URI without "
         "fragment (RFC 8707 section 2)"},
    };
    for (auto const& r : rows)
        check(r);
}

BOOST_AUTO_TEST_CASE(a_file_that_a_key_names_must_be_readable) {
    check({"[tokens]\nsigning_key = \"none.pem\"\n",
           "config.toml:2:15: tokens.signing_key: \"none.pem\" cannot be read: No such file or "
           "directory"});
    check({"[tokens]\nsigning_key = \".\"\n",
           "config.toml:2:15: tokens.signing_key: \"\" is a folder"});
}

BOOST_AUTO_TEST_CASE(a_syntax_error_keeps_its_line_and_column) {
    auto const text = mistakes({.toml = "[server]\nworkers = \n"});
    BOOST_TEST(text.starts_with("config.toml:2:"), text);
    BOOST_TEST(text.find(": TOML: ") != std::string::npos, text);
    BOOST_TEST(text.find('\n') == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_reported_in_the_order_of_the_file) {
    check({"[tls]\nprivate_ky = 1\n[mcp]\nauth = \"x\"\npath = 5\n[control]\nenabled = 3\n",
           "config.toml:2:1: tls.private_ky: unknown key; did you mean tls.private_key?\n"
           "config.toml:4:8: mcp.auth: \"x\" is none of \"required\", \"tools-only\", \"none\"\n"
           "config.toml:5:8: mcp.path: expected a string, found the integer 5\n"
           "config.toml:7:11: control.enabled: expected true or false, found the integer 3"});
}

BOOST_AUTO_TEST_CASE(a_secret_is_never_repeated_in_a_mistake) {
    check({"[control]\ntoken = 12345\n",
           "config.toml:2:9: control.token: expected a string, found an integer"});
    check({"[tokens]\nhs256_secret = \"hunter2\"\n",
           "config.toml:2:16: tokens.hs256_secret: must have 32 bytes or more (RFC 7518 section "
           "3.2)"});
    for (auto const* toml :
         {"[control]\ntoken = \"hunter2 \\u00e9\"\n", "[tokens]\nseed_refresh = [\"hunter2\\n\"]\n",
          "[tokens]\nseed_refresh = \"hunter2\"\n", "[upstream]\nclient_secret = \"hunter2\"\n"}) {
        auto const text = mistakes({.toml = toml});
        BOOST_TEST(!text.empty());
        BOOST_TEST(text.find("hunter2") == std::string::npos, text);
    }
}

BOOST_AUTO_TEST_CASE(a_line_break_in_a_value_does_not_break_the_line) {
    auto const text = mistakes({.toml = "[mcp]\nauth = \"a\\nb\"\n"});
    BOOST_TEST(!text.empty());
    BOOST_TEST(text.find('\n') == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
    try {
        tollgate::load_config({"/nowhere/tollgate.toml", {}, {}});
        BOOST_ERROR("loaded a file that is not there");
    } catch (tollgate::config_error const& e) {
        BOOST_TEST(
            e.what() ==
            std::string("/nowhere/tollgate.toml: cannot be read: No such file or directory"));
    }
}

BOOST_AUTO_TEST_CASE(a_folder_is_no_configuration) {
    tollgate::test::config_folder const folder;
    BOOST_CHECK_THROW(tollgate::load_config({folder.path(), {}, {}}), tollgate::config_error);
}

BOOST_AUTO_TEST_SUITE_END()
