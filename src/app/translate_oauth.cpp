#include "app/translate.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

#include "app/policy_choices.hpp"
#include "base/crypto.hpp"
#include "base/quantity.hpp"
#include "config/formats.hpp"
#include "http/limits/guess_limit.hpp"

namespace tollgate {

namespace {

oauth::dpop_mode dpop_of(config const& c) {
    if (c.tokens.dpop == "off") return oauth::dpop_mode::off;
    if (c.tokens.dpop == "required") return oauth::dpop_mode::required;
    return oauth::dpop_mode::optional;
}

oauth::refresh_rotation rotation_of(config const& c) {
    auto const& name = c.tokens.refresh_rotation;
    if (name == "always") return oauth::refresh_rotation::always;
    if (name == "never") return oauth::refresh_rotation::never;
    return oauth::refresh_rotation::public_clients;
}

void set_reuse(config const& c, oauth::policy& p) {
    constexpr std::string_view grace = "grace:";
    std::string_view const rule = c.tokens.refresh_reuse;
    if (rule == "reject") p.reuse = oauth::refresh_reuse::reject;
    if (rule == "until-successor-used") p.reuse = oauth::refresh_reuse::until_successor_used;
    if (!rule.starts_with(grace)) return;
    p.reuse = oauth::refresh_reuse::grace;
    p.reuse_grace = parse_duration(rule.substr(grace.size())).value_or(p.reuse_grace);
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

oauth::consent_mode consent_of(config const& c) {
    auto const& name = c.authorization_server.consent;
    if (name == "page") return oauth::consent_mode::page;
    if (name == "login") return oauth::consent_mode::login;
    return oauth::consent_mode::automatic;
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
    auto const& methods = c.authorization_server.token_endpoint_auth_methods;
    auto const& wanted = c.registration.default_auth_method;
    return std::ranges::find(methods, wanted) != methods.end() ? wanted : methods.front();
}

void add_text(boost::json::object& o, std::string_view name, std::string const& text) {
    if (!text.empty()) o[name] = text;
}

}  // namespace

oauth::policy oauth_policy(config const& c) {
    oauth::policy p;
    auto const& as = c.authorization_server;
    p.consent = consent_of(c);
    p.brokered = as.mode == "broker";
    p.introspection = as.introspection == "open" ? oauth::introspection_access::open
                                                 : oauth::introspection_access::protected_;
    p.scopes = as.scopes;
    p.any_resource = as.resources == "any";
    p.resource_list = as.resource_list;
    p.format = c.tokens.format == "jwt" ? oauth::token_format::jwt : oauth::token_format::opaque;
    p.signing_alg = signing_alg_of(c);
    p.dpop = dpop_of(c);
    p.dpop_nonce = c.tokens.dpop_nonce;
    p.access_ttl = c.tokens.access_ttl;
    p.refresh_ttl = c.tokens.refresh_ttl;
    p.code_ttl = c.tokens.code_ttl;
    if (c.tokens.code_reuse == "reject") p.code_reuse = oauth::code_reuse::reject;
    p.rotation = rotation_of(c);
    set_reuse(c, p);
    p.device_code_ttl = c.tokens.device_code_ttl;
    p.device_interval = c.tokens.device_interval;
    p.grant_types = as.grant_types;
    p.trusted_issuers = trusted_issuers(c);
    p.default_scopes = required_scopes(c);
    p.auth_methods = as.token_endpoint_auth_methods;
    p.dynamic_registration = c.registration.dynamic;
    p.default_auth_method = default_auth_method(c);
    p.registration_grant_types = c.registration.grant_types;
    p.default_grant_types = c.registration.default_grant_types;
    p.redirect_hosts = c.registration.redirect_hosts;
    p.client_documents = c.registration.client_id_metadata_documents;
    p.loopback_metadata = c.registration.allow_loopback_metadata;
    p.users = users_of(c);
    p.validation = strategy_of(c);
    if (c.validation.unreachable == "401") p.unreachable = oauth::unreachable_answer::unauthorized;
    return p;
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
