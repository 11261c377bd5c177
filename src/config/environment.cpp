// Environment variables: the short names of the tools that tollgate stands in for, and
// TOLLGATE_ + KEY for everything.
#include <unistd.h>
#include <algorithm>
#include <cctype>
#include <charconv>

#include "base/nearest.hpp"
#include "config/loading.hpp"
#include "config/values/formats.hpp"

namespace tollgate::settings {
namespace {

constexpr std::string_view prefix = "TOLLGATE_";

// Spoken of by the calls that talk to a running server, no part of the configuration.
constexpr std::string_view not_ours[] = {"TOLLGATE_URL", "TOLLGATE_TOKEN"};

struct short_name {
    std::string_view name;
    std::string_view key;
    void (*apply)(loading&, short_name const&, std::string const& text);
    bool means_proxy = false;
};

origin place_of(short_name const& v) {
    return {"environment " + std::string(v.name), std::string(v.key)};
}

void set_key(loading& l, short_name const& v, std::string const& text) {
    apply_override(l, std::string(v.key), text, place_of(v));
}

// Keeps the host of the listen address.
void set_port(loading& l, short_name const& v, std::string const& text) {
    unsigned short port = 0;
    auto const* end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, port);
    if (error != std::errc() || stop != end)
        return l.wrong.add(place_of(v), v.key,
                           "expected a port from 0 to 65535, found " + in_quotes(text));
    auto const* row = find_setting(v.key);
    auto& listen = *std::get<std::string*>(row->locate(l.result));
    auto const host = listen.substr(0, listen.rfind(':'));
    apply_override(l, std::string(v.key), host + ':' + std::to_string(port), place_of(v));
}

void set_seconds(loading& l, short_name const& v, std::string const& text) {
    unsigned seconds = 0;
    auto const* end = text.data() + text.size();
    auto const [stop, error] = std::from_chars(text.data(), end, seconds);
    if (error != std::errc() || stop != end || seconds == 0)
        return l.wrong.add(place_of(v), v.key,
                           "expected a number of seconds, at least 1, found " + in_quotes(text));
    apply_override(l, std::string(v.key), std::to_string(seconds) + 's', place_of(v));
}

value list_value(std::vector<std::string> const& texts, origin const& at) {
    value list;
    list.is = value::type::list;
    list.at = at;
    for (auto const& text : texts)
        list.items.push_back(text_value(text, at));
    return list;
}

void apply_list(loading& l, std::string_view key, std::vector<std::string> const& texts,
                origin const& at) {
    auto const dot = key.find('.');
    value table;
    table.is = value::type::table;
    table.members.push_back({std::string(key.substr(dot + 1)), at, list_value(texts, at)});
    apply_table(l, table, key.substr(0, dot));
}

void add_seed(loading& l, short_name const& v, std::string const& text) {
    auto seeds = l.result.tokens.seed_refresh;
    seeds.push_back(text);
    apply_list(l, v.key, seeds, place_of(v));
}

// What the MCP server asks for, the authorization server must be able to grant.
void set_scopes(loading& l, short_name const& v, std::string const& text) {
    auto const wanted = split(text, ' ');
    apply_list(l, v.key, wanted, place_of(v));
    auto& grantable = l.result.oauth.scopes;
    for (auto const& scope : wanted)
        if (std::ranges::find(grantable, scope) == grantable.end()) grantable.push_back(scope);
}

constexpr short_name short_names[] = {
    {"OAUTH_PORT", "authorization_server.listen", set_port},
    {"MCP_PORT", "mcp.listen", set_port},
    {"OAUTH_BASE_URL", "authorization_server.public_url", set_key},
    {"MCP_BASE_URL", "mcp.public_url", set_key},
    {"TLS_CERT_FILE", "tls.certificate", set_key},
    {"TLS_KEY_FILE", "tls.private_key", set_key},
    {"SEED_REFRESH_TOKEN", "tokens.seed_refresh", add_seed},
    {"TOKEN_TTL_SECONDS", "tokens.access_ttl", set_seconds},
    {"SCOPES", "mcp.scopes", set_scopes},
    {"OAUTH_ISSUER", "upstream.issuer", set_key, true},
    {"OAUTH_CLIENT_ID", "upstream.client_id", set_key},
    {"OAUTH_CLIENT_SECRET", "upstream.client_secret", set_key},
    {"OAUTH_AUTH_URL", "upstream.authorization_endpoint", set_key, true},
    {"OAUTH_TOKEN_URL", "upstream.token_endpoint", set_key, true},
    {"OAUTH_USERINFO_URL", "upstream.userinfo_endpoint", set_key, true},
};

// "mcp.auth" is TOLLGATE_MCP__AUTH.
std::string variable_of(std::string_view key) {
    std::string name(prefix);
    for (char const c : key) {
        if (c == '.')
            name += "__";
        else
            name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return name;
}

std::vector<std::string> all_keys() {
    std::vector<std::string> keys{"clients", "client_documents", "scenarios", "trusted_issuers",
                                  "users"};
    for (auto const& row : config_settings())
        keys.emplace_back(row.is.key);
    return keys;
}

void apply_long_name(loading& l, std::string const& name, std::string const& text) {
    std::vector<std::string> names;
    for (auto const& key : all_keys()) {
        names.push_back(variable_of(key));
        if (names.back() == name) return apply_override(l, key, text, {"environment " + name, key});
    }
    std::vector<std::string_view> const known(names.begin(), names.end());
    auto const meant = std::string(nearest_name(name, known));
    l.wrong.add({"environment " + name, name}, name, "unknown key; did you mean " + meant + "?");
}

}  // namespace

void apply_environment(loading& l, std::map<std::string, std::string> const& variables) {
    for (auto const& v : short_names) {
        auto const found = variables.find(std::string(v.name));
        // Container files pass on variables that nobody set as empty ones.
        if (found != variables.end() && !found->second.empty()) v.apply(l, v, found->second);
    }
    for (auto const& [name, text] : variables) {
        bool const foreign = std::ranges::find(not_ours, name) != std::end(not_ours);
        if (name.starts_with(prefix) && !foreign) apply_long_name(l, name, text);
    }
}

void imply_proxy(loading& l, std::map<std::string, std::string> const& variables) {
    for (auto const& v : short_names) {
        auto const found = variables.find(std::string(v.name));
        if (!v.means_proxy || found == variables.end() || found->second.empty()) continue;
        origin const at{"environment " + std::string(v.name), ""};
        if (!l.given("authorization_server.mode"))
            apply_override(l, "authorization_server.mode", "proxy", at);
        if (!l.given("validation.strategy"))
            apply_override(l, "validation.strategy", "userinfo", at);
    }
}

}  // namespace tollgate::settings

namespace tollgate {

std::map<std::string, std::string> process_environment() {
    using namespace settings;
    std::map<std::string, std::string> result;
    for (char** entry = environ; entry && *entry; ++entry) {
        std::string_view const line = *entry;
        auto const name = line.substr(0, line.find('='));
        bool const known =
            std::ranges::any_of(short_names, [&](auto const& v) { return v.name == name; });
        if (!known && !name.starts_with(prefix)) continue;
        if (name.size() == line.size()) continue;
        result.emplace(name, line.substr(name.size() + 1));
    }
    return result;
}

}  // namespace tollgate
