#include "app/translate.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "base/crypto.hpp"
#include "config/values/formats.hpp"
#include "http/limits/guess_limit.hpp"

namespace tollgate {

namespace {

// RFC 9728 section 2: the issuer of the tokens, wherever it is known. What else it can grant, only
// its people know.
void set_foreign_tokens(config const& c, mcp::policy& p) {
    auto const& issuer = c.upstream.issuer;
    if (!issuer.empty()) p.authorization_servers = {issuer};
    p.grantable_scopes = p.scopes;
    for (auto const& scope : c.upstream.scopes)
        if (std::ranges::find(p.scopes, scope) == p.scopes.end())
            p.grantable_scopes.push_back(scope);
}

std::vector<oauth::trusted_issuer> trusted_issuers(config const& c) {
    std::vector<oauth::trusted_issuer> all;
    for (auto const& from : c.trusted_issuers) {
        oauth::trusted_issuer t;
        t.issuer = from.issuer;
        t.jwks = from.jwks;
        t.jwks_uri = from.jwks_uri;
        t.workloads = from.assertions != "id-jag";
        t.id_jag = from.assertions != "workload";
        t.scopes = settings::split(from.scope, ' ');
        all.push_back(std::move(t));
    }
    return all;
}

std::vector<oauth::user> users_of(config const& c) {
    std::vector<oauth::user> users;
    for (auto const& u : c.users) {
        oauth::user to{u.name, u.claims};
        if (!u.password.empty()) to.password_digest = digest_of(u.password);
        to.short_password = http::can_be_guessed(u.password);
        users.push_back(std::move(to));
    }
    return users;
}

// A client that names no method gets one that it may use.
std::string default_auth_method(config const& c) {
    auto const& methods = c.oauth.auth_methods;
    auto const& wanted = c.oauth.default_auth_method;
    return std::ranges::find(methods, wanted) != methods.end() ? wanted : methods.front();
}

void add_text(boost::json::object& o, std::string_view name, std::string const& text) {
    if (!text.empty()) o[name] = text;
}

}  // namespace

oauth::policy oauth_policy(config const& c) {
    auto p = c.oauth;
    p.brokered = c.authorization_server.mode == "broker";
    p.foreign_tokens = c.has_foreign_tokens();
    p.asks_itself = c.validation.endpoint.empty() && !p.foreign_tokens;
    for (auto const& [word, strategy] : words_of(oauth::strategy())) {
        auto why = c.why_unusable(strategy);
        if (!why.empty()) p.unusable_strategies.emplace_back(strategy, std::move(why));
    }
    p.trusted_issuers = trusted_issuers(c);
    p.default_scopes = c.mcp.scopes;
    p.default_auth_method = default_auth_method(c);
    p.users = users_of(c);
    return p;
}

mcp::policy mcp_policy(config const& c) {
    policies both{oauth_policy(c), c.mcp};
    settle(both);
    auto& p = both.mcp;
    p.grantable_scopes = c.oauth.scopes;
    if (c.has_foreign_tokens()) set_foreign_tokens(c, p);
    return std::move(p);
}

policies configured_policies(config const& c) {
    return {oauth_policy(c), mcp_policy(c)};
}

oauth::configured_client configured_client(config::client_section const& c) {
    oauth::configured_client to;
    to.client_id = c.client_id;
    to.client_secret = c.client_secret;
    to.client_name = c.client_name;
    to.redirect_uris = c.redirect_uris;
    to.grant_types = c.grant_types;
    to.scope = c.scope;
    to.exchange_audience = c.exchange_audience;
    to.token_endpoint_auth_method = c.token_endpoint_auth_method;
    to.application_type = c.application_type;
    to.jwks = c.jwks;
    add_text(to.metadata, "jwks_uri", c.jwks_uri);
    add_text(to.metadata, "client_uri", c.client_uri);
    add_text(to.metadata, "logo_uri", c.logo_uri);
    add_text(to.metadata, "tos_uri", c.tos_uri);
    add_text(to.metadata, "policy_uri", c.policy_uri);
    add_text(to.metadata, "software_id", c.software_id);
    add_text(to.metadata, "software_version", c.software_version);
    if (!c.contacts.empty())
        to.metadata["contacts"] = boost::json::array(c.contacts.begin(), c.contacts.end());
    if (c.dpop_bound_access_tokens) to.metadata["dpop_bound_access_tokens"] = true;
    return to;
}

}  // namespace tollgate
