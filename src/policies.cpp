#include "policies.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <boost/json/array.hpp>

#include "config_formats.hpp"
#include "http/crypto.hpp"
#include "http/tls.hpp"

namespace tollgate {

namespace {

oauth::strategy strategy_of(config const& c) {
    auto const& name = c.validation.strategy;
    if (name == "userinfo") return oauth::strategy::userinfo;
    if (name == "jwt") return oauth::strategy::jwt;
    if (name == "local") return oauth::strategy::local;
    return oauth::strategy::introspection;
}

// What a request to the MCP server needs. A token without `openid` has no userinfo, so under
// that strategy the scope belongs to what is asked for (OpenID Connect Core §5.3).
std::vector<std::string> required_scopes(config const& c) {
    auto scopes = c.mcp.scopes;
    bool const wants_openid = strategy_of(c) == oauth::strategy::userinfo;
    if (wants_openid && std::ranges::find(scopes, "openid") == scopes.end())
        scopes.emplace_back("openid");
    return scopes;
}

mcp::auth_mode auth_of(config const& c) {
    if (c.mcp.auth == "none") return mcp::auth_mode::none;
    return c.mcp.auth == "tools-only" ? mcp::auth_mode::tools_only : mcp::auth_mode::required;
}

oauth::jws_algorithm signing_alg_of(config const& c) {
    return oauth::algorithm_named(c.tokens.signing_alg).value_or(oauth::jws_algorithm::rs256);
}

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
    p.reuse_grace = settings::parse_duration(rule.substr(grace.size())).value_or(p.reuse_grace);
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
        if (!u.password.empty()) to.password_digest = http::digest_of(u.password);
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
    p.default_grant_types = c.registration.default_grant_types;
    p.redirect_hosts = c.registration.redirect_hosts;
    p.client_documents = c.registration.client_id_metadata_documents;
    p.loopback_metadata = c.registration.allow_loopback_metadata;
    p.users = users_of(c);
    p.validation = strategy_of(c);
    if (c.validation.unreachable == "401") p.unreachable = oauth::unreachable_answer::unauthorized;
    return p;
}

namespace {

// A token that is bound to a key is no bearer token, and userinfo is asked with bearer tokens.
bool dpop_can_be_checked(config const& c) {
    bool const by_identity = c.validation.strategy == "userinfo";
    return c.tokens.dpop != "off" && !(by_identity && c.has_foreign_tokens());
}

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

}  // namespace

mcp::policy mcp_policy(config const& c) {
    mcp::policy p;
    p.versions = c.mcp.versions;
    auto const speaks = [&](std::string_view transport) {
        return std::ranges::find(c.mcp.transports, transport) != c.mcp.transports.end();
    };
    p.streamable_http = speaks("streamable-http");
    p.legacy_sse = speaks("sse");
    p.sessions =
        c.mcp.sessions == "stateless" ? mcp::session_mode::stateless : mcp::session_mode::stateful;
    p.binding = c.mcp.session_binding == "token" ? mcp::session_binding::token
                                                 : mcp::session_binding::principal;
    p.auth = auth_of(c);
    p.scopes = required_scopes(c);
    p.challenge_realm = c.mcp.challenge_realm;
    p.relative_metadata = c.mcp.resource_metadata == "relative";
    p.grantable_scopes = c.authorization_server.scopes;
    if (c.has_foreign_tokens()) set_foreign_tokens(c, p);
    p.fixtures = c.mcp.fixtures;
    p.page_size = c.mcp.page_size;
    p.max_sessions = c.mcp.max_sessions;
    p.session_idle = c.mcp.session_idle;
    p.replay_bytes = c.mcp.replay_bytes;
    p.heartbeat = c.mcp.heartbeat;
    p.sse_retry = c.mcp.sse_retry;
    p.ask_timeout = c.mcp.ask_timeout;
    p.task_ttl = c.mcp.task_ttl;
    p.recheck = c.validation.recheck;
    p.dpop_spoken = dpop_can_be_checked(c);
    p.dpop_required = c.tokens.dpop == "required";
    return p;
}

http::limits connection_limits(config const& c) {
    http::limits l;
    l.max_body = c.server.max_body;
    l.max_header = c.server.max_header;
    l.max_connections = c.server.max_connections;
    l.header_timeout = c.server.header_timeout;
    l.body_timeout = c.server.body_timeout;
    l.idle_timeout = c.server.idle_timeout;
    l.write_timeout = c.server.write_timeout;
    return l;
}

http::naming origin_names(config const& c) {
    http::naming n;
    n.as_public_url = c.authorization_server.public_url;
    n.mcp_public_url = c.mcp.public_url;
    n.allowed_hosts = c.server.allowed_hosts;
    n.allowed_origins = c.server.allowed_origins;
    n.paths.mcp = c.mcp.path;
    n.paths.sse = c.mcp.sse_path;
    n.paths.messages = c.mcp.messages_path;
    n.paths.agents_shared = c.mcp.agents == "shared";
    return n;
}

namespace {

void add_text(boost::json::object& o, std::string_view name, std::string const& text) {
    if (!text.empty()) o[name] = text;
}

}  // namespace

oauth::configured_client configured_client(config::client_section const& c) {
    oauth::configured_client to;
    to.client_id = c.client_id;
    to.client_secret = c.client_secret;
    to.client_name = c.client_name;
    to.redirect_uris = c.redirect_uris;
    to.grant_types = c.grant_types;
    to.scope = c.scope;
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

std::optional<oauth::signing_key> signing_key_file(config const& c) {
    auto const& file = c.tokens.signing_key;
    if (file.empty()) return std::nullopt;
    std::ifstream in(file, std::ios::binary);
    auto const key_name = c.where("tokens.signing_key");
    if (!in) throw config_error(key_name + ": " + file + " cannot be read");
    std::string const pem{std::istreambuf_iterator<char>(in), {}};
    auto key = oauth::signing_key::from_pem(pem, signing_alg_of(c));
    if (!key) throw config_error(key_name + ": " + file + ": " + key.error().description());
    return *key;
}

void check_files(config const& c) {
    signing_key_file(c);
    if (c.tls.certificate.empty()) return;
    http::tls_files files;
    files.certificate = c.tls.certificate;
    files.private_key = c.tls.private_key;
    try {
        http::make_server_tls(files);
    } catch (std::runtime_error const& e) {
        throw config_error(c.where("tls.certificate") + ": " + e.what());
    }
}

oauth::validator_options validator_options(config const& c, std::string internal_credential) {
    oauth::validator_options o;
    o.endpoint = c.validation.endpoint;
    o.client_id = c.validation.client_id;
    o.client_secret = c.validation.client_secret;
    bool const foreign = c.has_foreign_tokens();
    // Our own secret goes to our own AS and nowhere else, and the provider's to the provider.
    if (o.endpoint.empty() && !foreign) o.internal_credential = std::move(internal_credential);
    if (o.endpoint.empty() && foreign && o.client_id.empty()) {
        o.client_id = c.upstream.client_id;
        o.client_secret = c.upstream.client_secret;
    }
    if (foreign) o.issuer = c.upstream.issuer;
    o.plain_jwts = c.validation.jwt_type == "jwt";
    o.timeout = c.validation.timeout;
    o.cache_ttl = c.validation.cache_ttl;
    return o;
}

oauth::provider_options provider_options(config const& c) {
    oauth::provider_options o;
    auto const& u = c.upstream;
    o.issuer = u.issuer;
    o.authorization_endpoint = u.authorization_endpoint;
    o.token_endpoint = u.token_endpoint;
    o.userinfo_endpoint = u.userinfo_endpoint;
    o.introspection_endpoint = u.introspection_endpoint;
    o.jwks_uri = u.jwks_uri;
    o.client_id = u.client_id;
    o.client_secret = u.client_secret;
    o.scopes = u.scopes;
    o.timeout = u.timeout;
    return o;
}

std::string validation_limits(config const& c) {
    bool const own = c.validation.endpoint.empty() && !c.has_foreign_tokens();
    if (own || c.mcp.auth == "none") return {};
    switch (strategy_of(c)) {
        case oauth::strategy::userinfo:
            return "userinfo says whose a token is, and neither whom it is meant for nor what it "
                   "may do: audience and scopes are not checked, and any token of this provider "
                   "that has the scope openid is let in";
        case oauth::strategy::introspection:
            return "audience and scopes are checked where the provider's answer names them (aud "
                   "and scope are optional, RFC 7662 section 2.2)";
        case oauth::strategy::jwt:
            return "a revoked token is let in until it expires; audience and scopes are checked, "
                   "and a token without the claim scope has none";
        case oauth::strategy::local:
            break;
    }
    return {};
}

oauth::broker_options broker_options(config const& c) {
    oauth::broker_options o;
    o.token_key = c.upstream.token_key;
    o.redirect_path = c.upstream.redirect_path;
    return o;
}

http::log_level log_threshold(config const& c) {
    auto const& name = c.server.log_level;
    if (name == "debug") return http::log_level::debug;
    if (name == "warning") return http::log_level::warning;
    if (name == "error") return http::log_level::error;
    if (name == "off") return http::log_level::off;
    return http::log_level::info;
}

http::log_format log_shape(config const& c) {
    return c.server.log_format == "json" ? http::log_format::json : http::log_format::text;
}

}  // namespace tollgate
