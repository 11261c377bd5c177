#include "config/schema.hpp"

namespace tollgate::settings {
namespace {

template <auto Section, auto Field>
slot in(config& c) {
    return &(c.*Section.*Field);
}
template <auto Path>
slot endpoint(config& c) {
    return &(c.authorization_server.paths.*Path);
}

// What belongs to the policy of a realm.
template <auto Field>
slot policy(policies& p) {
    if constexpr (std::is_invocable_v<decltype(Field), oauth::policy&>)
        return &(p.oauth.*Field);
    else
        return &(p.mcp.*Field);
}
slot resources(policies& p) {
    return word_or_list{&p.oauth.resources, &p.oauth.resource_list};
}
slot refresh_reuse(policies& p) {
    return word_or_grace{&p.oauth.reuse, &p.oauth.reuse_grace};
}

template <slot (*Place)(policies&)>
slot in_config(config& c) {
    return Place(c);
}
// All realms have one value.
template <slot (*Place)(policies&)>
constexpr setting<config> everywhere(description is) {
    return {is, in_config<Place>};
}
// Each realm may have its own.
template <slot (*Place)(policies&)>
constexpr setting<config> per_realm(description is) {
    return {is, in_config<Place>, Place};
}

using cf = config;
using as = oauth::policy;
using rs = mcp::policy;
using server = cf::server_section;
using as_server = cf::authorization_server_section;
using paths = http::endpoint_paths;
using tokens = cf::tokens_section;
using mcp_server = cf::mcp_server_section;
using tools = cf::tools_section;
using validation = cf::validation_section;
using upstream = cf::upstream_section;
using registration = cf::registration_section;
using store = cf::store_section;
using control = cf::control_section;
using journal = cf::journal_section;
using telemetry = cf::telemetry_section;
using realms = cf::realms_section;
using bounds = cf::limits_section;
using tls = cf::tls_section;

using enum format;

constexpr std::string_view auth_methods =
    "none|client_secret_basic|client_secret_post|private_key_jwt";

constexpr std::int64_t most = 1'000'000'000;  // of a count: none at all

// One row a key. Numbers: sizes are bytes, durations are milliseconds.
constexpr setting<config> rows[] = {
    {key("server.workers").up_to(1024), in<&cf::server, &server::workers>},
    {key("server.log_level"), in<&cf::server, &server::log_level>},
    {key("server.log_format"), in<&cf::server, &server::log_format>},
    {key("server.drain_timeout"), in<&cf::server, &server::drain_timeout>},
    {key("server.max_body").from(1).in_bytes(), in<&cf::server, &server::max_body>},
    {key("server.max_header").from(256).in_bytes(), in<&cf::server, &server::max_header>},
    {key("server.max_connections").from(1), in<&cf::server, &server::max_connections>},
    {key("server.header_timeout").from(1), in<&cf::server, &server::header_timeout>},
    {key("server.body_timeout").from(1), in<&cf::server, &server::body_timeout>},
    {key("server.idle_timeout").from(1), in<&cf::server, &server::idle_timeout>},
    {key("server.write_timeout").from(1), in<&cf::server, &server::write_timeout>},
    {key("server.wrong_secrets_per_peer").from(1),
     in<&cf::server, &server::wrong_secrets_per_peer>},
    {key("server.wrong_secrets").from(1), in<&cf::server, &server::wrong_secrets>},
    {key("server.allowed_hosts").as(host), in<&cf::server, &server::allowed_hosts>},
    {key("server.allowed_origins").as(origin), in<&cf::server, &server::allowed_origins>},

    {key("authorization_server.listen").as(address),
     in<&cf::authorization_server, &as_server::listen>},
    {key("authorization_server.public_url").as(public_origin),
     in<&cf::authorization_server, &as_server::public_url>},
    {key("authorization_server.mode").one_of("builtin|proxy|broker"),
     in<&cf::authorization_server, &as_server::mode>},
    per_realm<policy<&as::consent>>(key("authorization_server.consent")),
    per_realm<policy<&as::introspection>>(key("authorization_server.introspection")),
    everywhere<policy<&as::scopes>>(key("authorization_server.scopes").as(scope_token)),
    {key("authorization_server.paths.authorize").as(endpoint_path), endpoint<&paths::authorize>},
    {key("authorization_server.paths.token").as(endpoint_path), endpoint<&paths::token>},
    {key("authorization_server.paths.register").as(endpoint_path), endpoint<&paths::registration>},
    {key("authorization_server.paths.introspect").as(endpoint_path), endpoint<&paths::introspect>},
    {key("authorization_server.paths.revoke").as(endpoint_path), endpoint<&paths::revoke>},
    {key("authorization_server.paths.userinfo").as(endpoint_path), endpoint<&paths::userinfo>},
    {key("authorization_server.paths.device_authorization").as(endpoint_path),
     endpoint<&paths::device_authorization>},
    {key("authorization_server.paths.device").as(endpoint_path), endpoint<&paths::device>},
    {key("authorization_server.paths.jwks").as(endpoint_path), endpoint<&paths::jwks>},
    everywhere<resources>(key("authorization_server.resources")),
    everywhere<policy<&as::auth_methods>>(
        key("authorization_server.token_endpoint_auth_methods").one_of(auth_methods).filled()),
    everywhere<policy<&as::grant_types>>(
        key("authorization_server.grant_types").one_of(grant_types).filled()),

    per_realm<policy<&as::format>>(key("tokens.format")),
    per_realm<policy<&as::signing_alg>>(key("tokens.signing_alg")),
    {key("tokens.signing_key").as(file), in<&cf::tokens, &tokens::signing_key>},
    {key("tokens.hs256_secret").hidden(), in<&cf::tokens, &tokens::hs256_secret>},
    per_realm<policy<&as::dpop>>(key("tokens.dpop")),
    per_realm<policy<&as::dpop_nonce>>(key("tokens.dpop_nonce")),
    per_realm<policy<&as::access_ttl>>(key("tokens.access_ttl")),
    per_realm<policy<&as::refresh_ttl>>(key("tokens.refresh_ttl").from(1)),
    per_realm<policy<&as::code_ttl>>(key("tokens.code_ttl").from(1)),
    per_realm<policy<&as::code_reuse>>(key("tokens.code_reuse")),
    everywhere<policy<&as::device_code_ttl>>(key("tokens.device_code_ttl").from(1'000)),
    everywhere<policy<&as::device_interval>>(key("tokens.device_interval").from(1'000)),
    per_realm<policy<&as::rotation>>(key("tokens.refresh_rotation")),
    per_realm<refresh_reuse>(
        key("tokens.refresh_reuse").one_of("revoke-family|reject|grace:10s|until-successor-used")),
    {key("tokens.seed_refresh").as(printable).hidden(), in<&cf::tokens, &tokens::seed_refresh>},

    {key("mcp.listen").as(address), in<&cf::mcp_server, &mcp_server::listen>},
    {key("mcp.public_url").as(public_origin), in<&cf::mcp_server, &mcp_server::public_url>},
    {key("mcp.path").as(http_path), in<&cf::mcp_server, &mcp_server::path>},
    {key("mcp.sse_path").as(http_path), in<&cf::mcp_server, &mcp_server::sse_path>},
    {key("mcp.messages_path").as(http_path), in<&cf::mcp_server, &mcp_server::messages_path>},
    everywhere<policy<&rs::transports>>(
        key("mcp.transports").one_of("streamable-http|sse").filled()),
    per_realm<policy<&rs::versions>>(
        key("mcp.versions")
            .one_of("2024-11-05|2025-03-26|2025-06-18|2025-11-25|2026-07-28")
            .filled()),
    {key("mcp.as_endpoints"), in<&cf::mcp_server, &mcp_server::as_endpoints>},
    per_realm<policy<&rs::sessions>>(key("mcp.sessions")),
    per_realm<policy<&rs::auth>>(key("mcp.auth")),
    per_realm<policy<&rs::binding>>(key("mcp.session_binding")),
    per_realm<policy<&rs::answers>>(key("mcp.answers")),
    everywhere<policy<&rs::scopes>>(key("mcp.scopes").as(scope_token)),
    per_realm<policy<&rs::resource_metadata>>(key("mcp.resource_metadata")),
    per_realm<policy<&rs::challenge_realm>>(key("mcp.challenge_realm").as(printable)),
    {key("mcp.agents").one_of("separate|shared"), in<&cf::mcp_server, &mcp_server::agents>},
    per_realm<policy<&rs::fixtures>>(key("mcp.fixtures")),
    per_realm<policy<&rs::page_size>>(key("mcp.page_size").from(1).up_to(1000)),
    {key("mcp.test_page").one_of("auto|on|off"), in<&cf::mcp_server, &mcp_server::test_page>},
    per_realm<policy<&rs::max_sessions>>(key("mcp.max_sessions").from(1).up_to(1'000'000)),
    per_realm<policy<&rs::session_idle>>(key("mcp.session_idle").from(1'000)),
    everywhere<policy<&rs::replay_bytes>>(key("mcp.replay_bytes").up_to(64 << 20).in_bytes()),
    per_realm<policy<&rs::heartbeat>>(key("mcp.heartbeat").from(100)),
    // More is no wait at all to timers that count milliseconds in 32 bits.
    per_realm<policy<&rs::sse_retry>>(key("mcp.sse_retry").up_to(2'147'483'647)),
    per_realm<policy<&rs::ask_timeout>>(key("mcp.ask_timeout").from(100)),
    per_realm<policy<&rs::task_ttl>>(key("mcp.task_ttl").from(1'000)),

    {key("tools.authenticated_request").from_file_only(),
     in<&cf::tools, &tools::authenticated_request>},
    {key("tools.authenticated_request_url").as(url).from_file_only(),
     in<&cf::tools, &tools::authenticated_request_url>},

    per_realm<policy<&as::validation>>(key("validation.strategy")),
    {key("validation.endpoint").as(url), in<&cf::validation, &validation::endpoint>},
    {key("validation.client_id").as(printable), in<&cf::validation, &validation::client_id>},
    {key("validation.client_secret").as(printable).hidden(),
     in<&cf::validation, &validation::client_secret>},
    {key("validation.cache_ttl"), in<&cf::validation, &validation::cache_ttl>},
    everywhere<policy<&rs::recheck>>(key("validation.recheck").from(100)),
    {key("validation.timeout").from(1), in<&cf::validation, &validation::timeout>},
    {key("validation.jwt_type").one_of("at+jwt|jwt"), in<&cf::validation, &validation::jwt_type>},
    per_realm<policy<&as::unreachable>>(key("validation.unreachable")),

    {key("upstream.issuer").as(base_url), in<&cf::upstream, &upstream::issuer>},
    {key("upstream.authorization_endpoint").as(url),
     in<&cf::upstream, &upstream::authorization_endpoint>},
    {key("upstream.token_endpoint").as(url), in<&cf::upstream, &upstream::token_endpoint>},
    {key("upstream.userinfo_endpoint").as(url), in<&cf::upstream, &upstream::userinfo_endpoint>},
    {key("upstream.introspection_endpoint").as(url),
     in<&cf::upstream, &upstream::introspection_endpoint>},
    {key("upstream.jwks_uri").as(url), in<&cf::upstream, &upstream::jwks_uri>},
    {key("upstream.client_id").as(printable), in<&cf::upstream, &upstream::client_id>},
    {key("upstream.client_secret").as(printable).hidden(),
     in<&cf::upstream, &upstream::client_secret>},
    {key("upstream.scopes").as(scope_token), in<&cf::upstream, &upstream::scopes>},
    {key("upstream.timeout").from(1), in<&cf::upstream, &upstream::timeout>},
    {key("upstream.token_key").hidden(), in<&cf::upstream, &upstream::token_key>},
    {key("upstream.redirect_path").one_of("/callback|/api/callback"),
     in<&cf::upstream, &upstream::redirect_path>},
    {key("upstream.allow_insecure_http"), in<&cf::upstream, &upstream::allow_insecure_http>},

    per_realm<policy<&as::dynamic_registration>>(key("registration.dynamic")),
    everywhere<policy<&as::default_auth_method>>(
        key("registration.default_auth_method")
            .one_of("client_secret_basic|client_secret_post|none")),
    everywhere<policy<&as::registration_grant_types>>(
        key("registration.grant_types").one_of(grant_types).filled()),
    everywhere<policy<&as::default_grant_types>>(
        key("registration.default_grant_types").one_of(grant_types).filled()),
    per_realm<policy<&as::client_documents>>(key("registration.client_id_metadata_documents")),
    everywhere<policy<&as::loopback_metadata>>(key("registration.allow_loopback_metadata")),
    everywhere<policy<&as::redirect_hosts>>(key("registration.redirect_hosts")),
    {key("registration.unused_ttl").from(1'000), in<&cf::registration, &registration::unused_ttl>},

    {key("store.backend").one_of("memory|sqlite|redis"), in<&cf::store, &store::backend>},
    {key("store.path").as(new_file), in<&cf::store, &store::path>},
    {key("store.synchronous").one_of("normal|full"), in<&cf::store, &store::synchronous>},
    {key("store.url").hidden(), in<&cf::store, &store::url>},
    {key("store.prefix"), in<&cf::store, &store::prefix>},
    {key("store.key_file").as(new_file), in<&cf::store, &store::key_file>},
    {key("store.timeout").from(100).up_to(60'000), in<&cf::store, &store::timeout>},
    {key("store.instance_address"), in<&cf::store, &store::instance_address>},

    {key("control.enabled"), in<&cf::control, &control::enabled>},
    {key("control.token").as(bearer_token).hidden(), in<&cf::control, &control::token>},

    {key("journal.bytes").up_to(64 << 20).in_bytes(), in<&cf::journal, &journal::bytes>},

    {key("telemetry.endpoint").as(base_url), in<&cf::telemetry, &telemetry::endpoint>},
    {key("telemetry.headers").as(header_field).hidden(), in<&cf::telemetry, &telemetry::headers>},
    {key("telemetry.timeout").from(100), in<&cf::telemetry, &telemetry::timeout>},
    {key("telemetry.trace").one_of("flow|caller"), in<&cf::telemetry, &telemetry::trace>},

    {key("realms.implicit"), in<&cf::realms, &realms::implicit>},
    {key("realms.ttl").from(1'000), in<&cf::realms, &realms::ttl>},
    {key("realms.max").from(1), in<&cf::realms, &realms::max>},
    {key("realms.max_per_peer").from(1), in<&cf::realms, &realms::max_per_peer>},

    {key("limits.registrations").from(1).up_to(most), in<&cf::limits, &bounds::registrations>},
    {key("limits.peer_registrations").from(1).up_to(most),
     in<&cf::limits, &bounds::peer_registrations>},
    {key("limits.realms").from(1).up_to(most), in<&cf::limits, &bounds::realms>},
    {key("limits.peer_realms").from(1).up_to(most), in<&cf::limits, &bounds::peer_realms>},
    {key("limits.logins").from(1).up_to(most), in<&cf::limits, &bounds::logins>},
    {key("limits.peer_logins").from(1).up_to(most), in<&cf::limits, &bounds::peer_logins>},
    {key("limits.user_codes").from(1).up_to(most), in<&cf::limits, &bounds::user_codes>},
    {key("limits.peer_user_codes").from(1).up_to(most), in<&cf::limits, &bounds::peer_user_codes>},
    {key("limits.clients").from(1).up_to(most), in<&cf::limits, &bounds::clients>},
    {key("limits.realm_clients").from(1).up_to(most), in<&cf::limits, &bounds::realm_clients>},
    {key("limits.tokens").from(1).up_to(most), in<&cf::limits, &bounds::tokens>},
    {key("limits.client_tokens").from(1).up_to(most), in<&cf::limits, &bounds::client_tokens>},
    {key("limits.peer_tokens").from(1).up_to(most), in<&cf::limits, &bounds::peer_tokens>},
    {key("limits.devices").from(1).up_to(most), in<&cf::limits, &bounds::devices>},
    {key("limits.client_devices").from(1).up_to(most), in<&cf::limits, &bounds::client_devices>},
    {key("limits.peer_devices").from(1).up_to(most), in<&cf::limits, &bounds::peer_devices>},

    {key("tls.certificate").as(file), in<&cf::tls, &tls::certificate>},
    {key("tls.private_key").as(file), in<&cf::tls, &tls::private_key>},
};

}  // namespace

std::span<setting<config> const> config_settings() {
    return rows;
}

}  // namespace tollgate::settings
