// The files that are shipped: config.toml says the defaults, examples load.
#include <fstream>
#include <set>
#include <sstream>

#include <boost/test/unit_test.hpp>

#include "config/config_file.hpp"
#include "config/schema.hpp"

using namespace tollgate;

namespace {

std::string contents(std::string const& name) {
    std::ifstream in(std::string(TEST_SOURCE_DIR) + '/' + name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// In a folder of its own: certificates beside the original must not change the result.
config load_shipped(std::string const& name) {
    return test::load({.toml = contents(name)});
}

// The shipped text with the defaults that stand behind a "#".
std::string with_all_defaults(std::string const& text) {
    std::istringstream in(text);
    std::string result;
    for (std::string line; std::getline(in, line);) {
        bool const shut = line.size() > 1 && line[0] == '#' && line[1] != ' ';
        bool const goes_on = line.starts_with("#     ");  // of a list
        result += (shut || goes_on ? line.substr(1) : line) + '\n';
    }
    return result;
}

// The shipped text with the commented-out tables behind `marker` switched on.
std::string uncommented(std::string const& text, std::string const& marker) {
    std::istringstream in(text);
    std::string result;
    bool on = false;
    for (std::string line; std::getline(in, line);) {
        if (line == "# " + marker) on = true;
        if (on && !line.starts_with('#')) on = false;
        result += (on ? line.substr(std::min<std::size_t>(2, line.size())) : line) + '\n';
    }
    return result;
}

// Every key that is built, and not only those that the file names.
void holds_the_defaults(config c) {
    config standard;
    for (auto const& row : settings::config_settings())
        BOOST_TEST(settings::to_json(row.locate(c)) == settings::to_json(row.locate(standard)),
                   row.is.key);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_shipped)

BOOST_AUTO_TEST_CASE(the_shipped_configuration_says_the_defaults) {
    auto const c = load_shipped("config.toml");
    holds_the_defaults(c);
    BOOST_TEST(c.clients.empty());
    BOOST_TEST(c.trusted_issuers.empty());
    BOOST_TEST(c.users.size() == 1u);
    BOOST_TEST(c.notes.empty());
}

BOOST_AUTO_TEST_CASE(the_shipped_configuration_names_every_key_that_is_built_and_no_other) {
    auto const c = test::load({.toml = with_all_defaults(contents("config.toml"))});
    for (auto const& row : settings::config_settings())
        BOOST_TEST(c.positions.contains(row.is.key) == !row.is.default_only, row.is.key);
    holds_the_defaults(c);
}

BOOST_AUTO_TEST_CASE(a_provider_in_the_environment_is_used_beside_the_shipped_configuration) {
    auto const c = test::load({.toml = contents("config.toml"),
                               .environment = {{"OAUTH_ISSUER", "https://idp.example.com"}}});
    BOOST_TEST(c.authorization_server.mode == "proxy");
    BOOST_TEST(word_of(c.oauth.validation) == "userinfo");
    BOOST_TEST(c.mcp.scopes == c.upstream.scopes);
}

BOOST_AUTO_TEST_CASE(a_broker_has_its_own_defaults_beside_the_shipped_configuration) {
    auto const c =
        test::load({.toml = contents("config.toml"),
                    .sets = {"authorization_server.mode=broker",
                             "upstream.issuer=https://idp.example.com", "upstream.client_id=us"}});
    BOOST_TEST(word_of(c.oauth.consent) == "page");
    BOOST_TEST((c.oauth.access_ttl == std::chrono::hours(24)));
    BOOST_TEST((c.oauth.code_ttl == std::chrono::minutes(5)));
    BOOST_TEST(c.oauth.redirect_hosts.size() == 8u);
}

BOOST_AUTO_TEST_CASE(the_commented_out_tables_of_the_shipped_configuration_load_as_well) {
    auto text = uncommented(contents("config.toml"), "[[clients]]");
    text = uncommented(text, "[[trusted_issuers]]");
    text = uncommented(text, "[[users]]");
    auto const c = test::load({.toml = text});
    BOOST_TEST(c.clients.size() == 1u);
    BOOST_TEST(c.users.size() == 1u);
    for (auto const& row : settings::client_settings())
        BOOST_TEST((c.positions.contains("clients[0]." + std::string(row.is.key)) ||
                    row.is.key.starts_with("jwks")),
                   row.is.key);
    BOOST_TEST(c.trusted_issuers.size() == 1u);
    BOOST_TEST(c.trusted_issuers.at(0).issuer == "https://idp.example.org");
    BOOST_TEST(c.users.at(0).name == "alice");
}

BOOST_AUTO_TEST_CASE(the_test_server_example_behaves_like_the_tool_it_stands_in_for) {
    auto const c = load_shipped("examples/test-server.toml");
    BOOST_TEST(c.authorization_server.listen == "localhost:9100");
    BOOST_TEST(c.mcp_server.listen == "localhost:9101");
    BOOST_TEST(word_of(c.oauth.introspection) == "open");
    BOOST_TEST(word_of(c.mcp.sessions) == "stateless");
    BOOST_TEST(word_of(c.oauth.rotation) == "never");
}

BOOST_AUTO_TEST_CASE(the_inspector_example_is_one_origin_in_front_of_whom_the_environment_names) {
    auto const toml = contents("examples/inspector-userinfo.toml");
    auto const c = test::load({.toml = toml,
                               .environment = {{"OAUTH_ISSUER", "https://idp.example.com/"},
                                               {"OAUTH_CLIENT_ID", "test_client_id"},
                                               {"OAUTH_CLIENT_SECRET", "test_client_secret"}}});
    BOOST_TEST(c.authorization_server.listen == "localhost:3000");
    BOOST_TEST(c.mcp_server.listen == "localhost:3000");
    BOOST_TEST(c.authorization_server.mode == "proxy");
    BOOST_TEST(word_of(c.oauth.validation) == "userinfo");
    BOOST_TEST(word_of(c.mcp.binding) == "token");
    auto const alone = load_shipped("examples/inspector-userinfo.toml");
    BOOST_TEST(alone.authorization_server.mode == "builtin");
    BOOST_TEST(word_of(alone.oauth.validation) == "userinfo");
}

BOOST_AUTO_TEST_CASE(the_broker_example_has_the_lifetimes_and_hosts_of_its_model) {
    using namespace std::chrono_literals;
    auto const c = load_shipped("examples/broker.toml");
    BOOST_TEST(c.authorization_server.mode == "broker");
    BOOST_TEST(c.authorization_server.listen == c.mcp_server.listen);
    BOOST_TEST(word_of(c.oauth.consent) == "page");
    BOOST_TEST((c.oauth.code_ttl == 5min));
    BOOST_TEST((c.oauth.access_ttl == 24h));
    BOOST_TEST((c.oauth.refresh_ttl == 720h));
    BOOST_TEST(word_of(c.oauth.reuse) == "grace");
    BOOST_TEST((c.oauth.reuse_grace == 720h));
    BOOST_TEST(word_of(c.mcp.auth) == "tools-only");
    BOOST_TEST(c.upstream.redirect_path == "/api/callback");
    BOOST_TEST(c.notes.empty());
}

BOOST_AUTO_TEST_CASE(no_two_keys_have_one_name_and_each_has_its_own_place) {
    config c;
    std::set<std::string_view> names;
    std::set<void const*> places;
    for (auto const& row : settings::config_settings()) {
        BOOST_TEST(names.insert(row.is.key).second, row.is.key);
        auto const place = row.locate(c);
        auto const* where = std::visit(
            [](auto p) -> void const* {
                if constexpr (std::is_pointer_v<decltype(p)>)
                    return p;
                else
                    return nullptr;
            },
            place);
        if (where) BOOST_TEST(places.insert(where).second, row.is.key);
    }
}

BOOST_AUTO_TEST_SUITE_END()
