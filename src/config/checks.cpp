// What keys owe each other: each check is a row that names the keys it looks at, and is left out
// when one of them was refused already.
#include <algorithm>

#include "config/loading.hpp"
#include "config/values/formats.hpp"
#include "http/realm/agent_path.hpp"

namespace tollgate::settings {
namespace {

// Validation asks this program's own authorization server.
bool asks_ourselves(config const& c) {
    return c.validation.endpoint.empty() && !c.has_foreign_tokens();
}

bool one_listener(config const& c) {
    auto const listen = parse_address(c.mcp_server.listen);
    return listen && listen->port != 0 && c.mcp_server.listen == c.authorization_server.listen;
}

void refuse_unnamed(loading& l, std::string const& section, std::string const& listen) {
    auto const address = parse_address(listen);
    if (!address || is_loopback(*address)) return;
    l.refuse(section + ".listen", in_quotes(listen) + " is not loopback: set " + section +
                                      ".public_url or server.allowed_hosts, so that it is known "
                                      "which Host names are ours");
}

void listeners_have_names(loading& l) {
    auto const& c = l.result;
    if (!c.server.allowed_hosts.empty()) return;
    auto const& as = c.authorization_server;
    bool const shared = one_listener(c);
    bool const either = !as.public_url.empty() || !c.mcp_server.public_url.empty();
    if (shared ? !either : as.public_url.empty())
        refuse_unnamed(l, "authorization_server", as.listen);
    if (!shared && c.mcp_server.public_url.empty()) refuse_unnamed(l, "mcp", c.mcp_server.listen);
}

void scopes_can_be_granted(loading& l) {
    auto const& c = l.result;
    if (c.has_foreign_tokens()) return;  // somebody else grants them
    auto const* const key = l.given("mcp.scopes") ? "mcp.scopes" : "authorization_server.scopes";
    for (auto const& scope : c.mcp.scopes)
        if (!has(c.oauth.scopes, scope))
            l.refuse(key, in_quotes(scope) +
                              " is required by mcp.scopes and missing in "
                              "authorization_server.scopes: no token could ever have it");
}

void tokens_can_be_validated(loading& l, oauth::strategy by) {
    auto const& c = l.result;
    if (c.oauth.validation != by || !asks_ourselves(c)) return;
    auto const why = objection_to_strategy(c);
    if (!why.empty()) l.refuse("validation.strategy", why);
}

void userinfo_can_be_asked(loading& l) {
    tokens_can_be_validated(l, oauth::strategy::userinfo);
}

void jwt_can_be_checked(loading& l) {
    tokens_can_be_validated(l, oauth::strategy::jwt);
}

// RFC 7518 §3.2: a key of the size of the hash output or larger must be used.
constexpr std::size_t shortest_hs256_secret = 32;

void secret_is_long_enough(loading& l) {
    auto const& t = l.result.tokens;
    if (t.hs256_secret.size() >= shortest_hs256_secret) return;
    if (!t.hs256_secret.empty())
        l.refuse("tokens.hs256_secret", "must have 32 bytes or more (RFC 7518 section 3.2)");
    else if (l.result.oauth.signing_alg == oauth::jws_algorithm::hs256)
        l.result.notes.emplace_back(
            "tokens.hs256_secret is empty: a random one is made at every start, so that only this "
            "process can check its tokens, and only until it ends "
            "(TOLLGATE_TOKENS__HS256_SECRET sets one)");
}

void default_auth_method_is_taken(loading& l) {
    auto const& c = l.result;
    auto const& methods = c.oauth.auth_methods;
    auto const& standard = c.oauth.default_auth_method;
    if (!l.given("registration.default_auth_method") || has(methods, standard)) return;
    l.refuse(
        "registration.default_auth_method",
        in_quotes(standard) + " is missing in authorization_server.token_endpoint_auth_methods");
}

void shared_agents_exist(loading& l) {
    auto const& m = l.result.mcp_server;
    if (m.agents == "shared" && !http::has_agent(m.path))
        l.refuse("mcp.agents", "\"shared\" needs {agent} in mcp.path");
}

void key_file_is_of_use(loading& l) {
    bool const symmetric = l.result.oauth.signing_alg == oauth::jws_algorithm::hs256;
    if (symmetric && !l.result.tokens.signing_key.empty())
        l.refuse("tokens.signing_key", "\"HS256\" signs with tokens.hs256_secret and no key file");
}

void paths_differ(loading& l) {
    auto const& m = l.result.mcp_server;
    std::pair<std::string, std::string> const paths[] = {
        {"mcp.path", m.path}, {"mcp.sse_path", m.sse_path}, {"mcp.messages_path", m.messages_path}};
    for (auto later = std::begin(paths); later != std::end(paths); ++later)
        for (auto earlier = std::begin(paths); earlier != later; ++earlier) {
            if (earlier->second != later->second) continue;
            auto const& key = l.given(later->first) ? later->first : earlier->first;
            auto const& other = &key == &later->first ? earlier->first : later->first;
            l.refuse(key, in_quotes(later->second) + " is the path of " + other + ", too");
        }
}

// Everything that stands beside each other at one origin: the endpoints, the paths that older
// clients try of those that were not moved, and the MCP transports.
void endpoint_paths_differ(loading& l) {
    auto const& c = l.result;
    auto const& p = c.authorization_server.paths;
    std::vector<std::pair<std::string, std::string>> all{
        {"mcp.path", c.mcp_server.path},
        {"mcp.sse_path", c.mcp_server.sse_path},
        {"mcp.messages_path", c.mcp_server.messages_path}};
    std::string const section = "authorization_server.paths.";
    for (auto const& [name, path] : http::named_endpoint_paths)
        all.emplace_back(section + std::string(name), p.*path);
    for (std::string_view const name : {"authorize", "token", "register"}) {
        auto const standard = '/' + std::string(name);
        if (!p.is_standard(standard)) continue;
        all.emplace_back(section + std::string(name), "/oauth" + standard);
        all.emplace_back(section + std::string(name), "/api" + standard);
    }
    for (auto later = all.begin(); later != all.end(); ++later)
        for (auto earlier = all.begin(); earlier != later; ++earlier) {
            if (earlier->second != later->second) continue;
            if (later->first.starts_with("mcp.")) continue;  // paths_differ has said it
            auto const& key = l.given(later->first) ? later->first : earlier->first;
            auto const& other = &key == &later->first ? earlier->first : later->first;
            l.refuse(key, in_quotes(later->second) + " is a path of " + other + ", too");
        }
}

// One origin is one authorization server.
void as_endpoints_can_be_left_out(loading& l) {
    if (l.result.mcp_server.as_endpoints || !one_listener(l.result)) return;
    l.refuse("mcp.as_endpoints",
             "false needs an MCP server of its own address: mcp.listen and "
             "authorization_server.listen are the same");
}

void all_paths_have_agents(loading& l) {
    auto const& m = l.result.mcp_server;
    bool const agents = http::has_agent(m.path);
    std::pair<std::string, std::string> const others[] = {{"mcp.sse_path", m.sse_path},
                                                          {"mcp.messages_path", m.messages_path}};
    for (auto const& [key, path] : others) {
        if (http::has_agent(path) == agents) continue;
        l.refuse(key, in_quotes(path) + (agents ? " needs {agent}, as mcp.path has it"
                                                : " has {agent} and mcp.path has not"));
    }
}

void certificate_has_its_key(loading& l) {
    auto const& t = l.result.tls;
    if (!t.certificate.empty() && t.private_key.empty())
        l.refuse("tls.certificate", "needs tls.private_key beside it");
    if (t.certificate.empty() && !t.private_key.empty())
        l.refuse("tls.private_key", "needs tls.certificate beside it");
}

void validation_credentials_are_whole(loading& l) {
    auto const& v = l.result.validation;
    if (v.client_id.empty() && !v.client_secret.empty())
        l.refuse("validation.client_secret", "needs validation.client_id beside it");
}

void upstream_credentials_are_whole(loading& l) {
    auto const& u = l.result.upstream;
    if (u.client_id.empty() && !u.client_secret.empty())
        l.refuse("upstream.client_secret", "needs upstream.client_id beside it");
}

void note_what_control_does(loading& l) {
    auto& c = l.result;
    if (!c.control.enabled) {
        if (!c.control.token.empty())
            c.notes.emplace_back("control.token is not used: control.enabled is false");
        return;
    }
    bool const is_public =
        !c.authorization_server.public_url.empty() || !c.mcp_server.public_url.empty();
    if (is_public && c.control.token.empty())
        c.notes.emplace_back(
            "the control plane is off: a public URL is set and control.token is empty");
}

// Clients that come by the public name of the one are sent to the other.
void note_half_a_public_name(loading& l) {
    auto& c = l.result;
    if (one_listener(c) || c.has_foreign_tokens()) return;
    bool const as = !c.authorization_server.public_url.empty();
    bool const mcp = !c.mcp_server.public_url.empty();
    if (as == mcp) return;
    std::string const set = as ? "authorization_server" : "mcp";
    std::string const other = as ? "mcp" : "authorization_server";
    auto const& listen = as ? c.mcp_server.listen : c.authorization_server.listen;
    c.notes.push_back(set + ".public_url is set and " + other +
                      ".public_url is not: documents send clients to " + listen +
                      ", which only this machine can reach");
}

struct together {
    std::string_view keys;
    void (*check)(loading&);
};

constexpr together checks[] = {
    {"server.allowed_hosts|authorization_server.listen|authorization_server.public_url|mcp.listen|"
     "mcp.public_url",
     listeners_have_names},
    {"authorization_server.scopes|mcp.scopes", scopes_can_be_granted},
    {"authorization_server.scopes|validation.strategy|validation.endpoint", userinfo_can_be_asked},
    {"tokens.format|validation.strategy|validation.endpoint", jwt_can_be_checked},
    {"tokens.signing_alg|tokens.hs256_secret", secret_is_long_enough},
    {"authorization_server.token_endpoint_auth_methods|registration.default_auth_method",
     default_auth_method_is_taken},
    {"mcp.path|mcp.agents", shared_agents_exist},
    {"tokens.signing_alg|tokens.signing_key", key_file_is_of_use},
    {"mcp.path|mcp.sse_path|mcp.messages_path", paths_differ},
    {"mcp.path|mcp.sse_path|mcp.messages_path", endpoint_paths_differ},
    {"mcp.as_endpoints|mcp.listen|authorization_server.listen", as_endpoints_can_be_left_out},
    {"mcp.path|mcp.sse_path|mcp.messages_path", all_paths_have_agents},
    {"tls.certificate|tls.private_key", certificate_has_its_key},
    {"validation.client_id|validation.client_secret", validation_credentials_are_whole},
    {"upstream.client_id|upstream.client_secret", upstream_credentials_are_whole},
    {"authorization_server.mode|upstream.issuer|upstream.authorization_endpoint|"
     "upstream.token_endpoint",
     proxy_knows_its_provider},
    {"authorization_server.mode|validation.strategy|validation.endpoint|upstream.issuer|"
     "upstream.userinfo_endpoint|upstream.introspection_endpoint",
     provider_can_be_asked},
    {"control.enabled|control.token", note_what_control_does},
    {"authorization_server.listen|authorization_server.public_url|mcp.listen|mcp.public_url",
     note_half_a_public_name},
    {"registration.allow_loopback_metadata|authorization_server.public_url|mcp.public_url",
     loopback_is_not_shown_to_strangers},
    {"store.url", store_url_is_one},
    {"store.prefix", store_prefix_is_one},
    {"store.instance_address", store_instance_address_is_one},
};

}  // namespace

void check_together(loading& l) {
    for (auto const& row : checks) {
        auto const keys = split(row.keys, '|');
        if (std::ranges::none_of(keys, [&](auto const& key) { return l.broken.contains(key); }))
            row.check(l);
    }
}

}  // namespace tollgate::settings
