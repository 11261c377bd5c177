#include "config/schema.hpp"

namespace tollgate::settings {
namespace {

template <auto Section, auto Field>
slot in(config& c) {
    return &(c.*Section.*Field);
}
template <auto Field, class Owner>
slot at(Owner& o) {
    return &(o.*Field);
}
template <auto Path>
slot endpoint(config& c) {
    return &(c.authorization_server.paths.*Path);
}
slot resources(config& c) {
    return word_or_list{&c.authorization_server.resources, &c.authorization_server.resource_list};
}

using cf = config;
using server = cf::server_section;
using as = cf::authorization_server_section;
using paths = http::endpoint_paths;
using tokens = cf::tokens_section;
using mcp = cf::mcp_section;
using tools = cf::tools_section;
using validation = cf::validation_section;
using upstream = cf::upstream_section;
using client = cf::client_section;
using trusted = cf::trusted_issuer_section;
using client_document = cf::client_document_section;
using user = cf::user_section;
using registration = cf::registration_section;
using store = cf::store_section;
using control = cf::control_section;
using realms = cf::realms_section;
using bounds = cf::limits_section;
using tls = cf::tls_section;

using enum format;

constexpr std::string_view grants =
    "authorization_code|refresh_token|client_credentials|"
    "urn:ietf:params:oauth:grant-type:jwt-bearer|"
    "urn:ietf:params:oauth:grant-type:token-exchange|"
    "urn:ietf:params:oauth:grant-type:device_code";

constexpr std::string_view auth_methods =
    "none|client_secret_basic|client_secret_post|private_key_jwt";

constexpr std::int64_t most = 1'000'000'000;  // of a count: none at all

// One row a key. Numbers: sizes are bytes, durations are milliseconds.
constexpr setting<config> rows[] = {
    {key("server.workers").up_to(1024), in<&cf::server, &server::workers>},
    {key("server.log_level").one_of("debug|info|warning|error|off"),
     in<&cf::server, &server::log_level>},
    {key("server.log_format").one_of("text|json"), in<&cf::server, &server::log_format>},
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

    {key("authorization_server.listen").as(address), in<&cf::authorization_server, &as::listen>},
    {key("authorization_server.public_url").as(public_origin),
     in<&cf::authorization_server, &as::public_url>},
    {key("authorization_server.mode").one_of("builtin|proxy|broker"),
     in<&cf::authorization_server, &as::mode>},
    {key("authorization_server.consent").one_of("auto|page|login"),
     in<&cf::authorization_server, &as::consent>},
    {key("authorization_server.introspection").one_of("protected|open"),
     in<&cf::authorization_server, &as::introspection>},
    {key("authorization_server.scopes").as(scope_token),
     in<&cf::authorization_server, &as::scopes>},
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
    {key("authorization_server.resources").one_of("own|any"), resources},
    {key("authorization_server.token_endpoint_auth_methods").one_of(auth_methods).filled(),
     in<&cf::authorization_server, &as::token_endpoint_auth_methods>},
    {key("authorization_server.grant_types").one_of(grants).filled(),
     in<&cf::authorization_server, &as::grant_types>},

    {key("tokens.format").one_of("opaque|jwt"), in<&cf::tokens, &tokens::format>},
    {key("tokens.signing_alg").one_of("RS256|PS256|ES256|EdDSA|HS256"),
     in<&cf::tokens, &tokens::signing_alg>},
    {key("tokens.signing_key").as(file), in<&cf::tokens, &tokens::signing_key>},
    {key("tokens.hs256_secret").hidden(), in<&cf::tokens, &tokens::hs256_secret>},
    {key("tokens.dpop").one_of("off|optional|required"), in<&cf::tokens, &tokens::dpop>},
    {key("tokens.dpop_nonce"), in<&cf::tokens, &tokens::dpop_nonce>},
    {key("tokens.access_ttl").from(1'000), in<&cf::tokens, &tokens::access_ttl>},
    {key("tokens.refresh_ttl").from(1'000), in<&cf::tokens, &tokens::refresh_ttl>},
    {key("tokens.code_ttl").from(1'000), in<&cf::tokens, &tokens::code_ttl>},
    {key("tokens.code_reuse").one_of("revoke-family|reject"), in<&cf::tokens, &tokens::code_reuse>},
    {key("tokens.device_code_ttl").from(1'000), in<&cf::tokens, &tokens::device_code_ttl>},
    {key("tokens.device_interval").from(1'000), in<&cf::tokens, &tokens::device_interval>},
    {key("tokens.refresh_rotation").one_of("public|always|never"),
     in<&cf::tokens, &tokens::refresh_rotation>},
    {key("tokens.refresh_reuse")
         .as(reuse_rule)
         .one_of("revoke-family|reject|grace:10s|until-successor-used"),
     in<&cf::tokens, &tokens::refresh_reuse>},
    {key("tokens.seed_refresh").as(printable).hidden(), in<&cf::tokens, &tokens::seed_refresh>},

    {key("mcp.listen").as(address), in<&cf::mcp, &mcp::listen>},
    {key("mcp.public_url").as(public_origin), in<&cf::mcp, &mcp::public_url>},
    {key("mcp.path").as(http_path), in<&cf::mcp, &mcp::path>},
    {key("mcp.sse_path").as(http_path), in<&cf::mcp, &mcp::sse_path>},
    {key("mcp.messages_path").as(http_path), in<&cf::mcp, &mcp::messages_path>},
    {key("mcp.transports").one_of("streamable-http|sse").filled(), in<&cf::mcp, &mcp::transports>},
    {key("mcp.versions").one_of("2024-11-05|2025-03-26|2025-06-18|2025-11-25|2026-07-28").filled(),
     in<&cf::mcp, &mcp::versions>},
    {key("mcp.as_endpoints"), in<&cf::mcp, &mcp::as_endpoints>},
    {key("mcp.sessions").one_of("stateful|stateless"), in<&cf::mcp, &mcp::sessions>},
    {key("mcp.auth").one_of("required|tools-only|none"), in<&cf::mcp, &mcp::auth>},
    {key("mcp.session_binding").one_of("principal|token"), in<&cf::mcp, &mcp::session_binding>},
    {key("mcp.answers").one_of("auto|json|stream"), in<&cf::mcp, &mcp::answers>},
    {key("mcp.scopes").as(scope_token), in<&cf::mcp, &mcp::scopes>},
    {key("mcp.resource_metadata").one_of("absolute|relative"),
     in<&cf::mcp, &mcp::resource_metadata>},
    {key("mcp.challenge_realm").as(printable), in<&cf::mcp, &mcp::challenge_realm>},
    {key("mcp.agents").one_of("separate|shared"), in<&cf::mcp, &mcp::agents>},
    {key("mcp.fixtures"), in<&cf::mcp, &mcp::fixtures>},
    {key("mcp.page_size").from(1).up_to(1000), in<&cf::mcp, &mcp::page_size>},
    {key("mcp.test_page").one_of("auto|on|off"), in<&cf::mcp, &mcp::test_page>},
    {key("mcp.max_sessions").from(1).up_to(1'000'000), in<&cf::mcp, &mcp::max_sessions>},
    {key("mcp.session_idle").from(1'000), in<&cf::mcp, &mcp::session_idle>},
    {key("mcp.replay_bytes").up_to(64 << 20).in_bytes(), in<&cf::mcp, &mcp::replay_bytes>},
    {key("mcp.heartbeat").from(100), in<&cf::mcp, &mcp::heartbeat>},
    // More is no wait at all to timers that count milliseconds in 32 bits.
    {key("mcp.sse_retry").up_to(2'147'483'647), in<&cf::mcp, &mcp::sse_retry>},
    {key("mcp.ask_timeout").from(100), in<&cf::mcp, &mcp::ask_timeout>},
    {key("mcp.task_ttl").from(1'000), in<&cf::mcp, &mcp::task_ttl>},

    {key("tools.authenticated_request").from_file_only(),
     in<&cf::tools, &tools::authenticated_request>},
    {key("tools.authenticated_request_url").as(url).from_file_only(),
     in<&cf::tools, &tools::authenticated_request_url>},

    {key("validation.strategy").one_of("introspection|userinfo|jwt|local"),
     in<&cf::validation, &validation::strategy>},
    {key("validation.endpoint").as(url), in<&cf::validation, &validation::endpoint>},
    {key("validation.client_id").as(printable), in<&cf::validation, &validation::client_id>},
    {key("validation.client_secret").as(printable).hidden(),
     in<&cf::validation, &validation::client_secret>},
    {key("validation.cache_ttl"), in<&cf::validation, &validation::cache_ttl>},
    {key("validation.recheck").from(100), in<&cf::validation, &validation::recheck>},
    {key("validation.timeout").from(1), in<&cf::validation, &validation::timeout>},
    {key("validation.jwt_type").one_of("at+jwt|jwt"), in<&cf::validation, &validation::jwt_type>},
    {key("validation.unreachable").one_of("503|401"),
     in<&cf::validation, &validation::unreachable>},

    {key("upstream.issuer").as(url), in<&cf::upstream, &upstream::issuer>},
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

    {key("registration.dynamic"), in<&cf::registration, &registration::dynamic>},
    {key("registration.default_auth_method").one_of("client_secret_basic|client_secret_post|none"),
     in<&cf::registration, &registration::default_auth_method>},
    {key("registration.grant_types").one_of(grants).filled(),
     in<&cf::registration, &registration::grant_types>},
    {key("registration.default_grant_types").one_of(grants).filled(),
     in<&cf::registration, &registration::default_grant_types>},
    {key("registration.client_id_metadata_documents"),
     in<&cf::registration, &registration::client_id_metadata_documents>},
    {key("registration.allow_loopback_metadata"),
     in<&cf::registration, &registration::allow_loopback_metadata>},
    {key("registration.redirect_hosts"), in<&cf::registration, &registration::redirect_hosts>},
    {key("registration.unused_ttl").from(1'000), in<&cf::registration, &registration::unused_ttl>},

    {key("store.backend").one_of("memory|sqlite|redis").works("memory"),
     in<&cf::store, &store::backend>},
    {key("store.path").unbuilt(), in<&cf::store, &store::path>},
    {key("store.url").unbuilt(), in<&cf::store, &store::url>},

    {key("control.enabled"), in<&cf::control, &control::enabled>},
    {key("control.token").as(bearer_token).hidden(), in<&cf::control, &control::token>},

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

constexpr setting<client> client_rows[] = {
    {key("client_id").as(printable), at<&client::client_id>},
    {key("client_secret").as(printable).hidden(), at<&client::client_secret>},
    {key("client_name"), at<&client::client_name>},
    {key("redirect_uris").as(redirect_uri), at<&client::redirect_uris>},
    {key("grant_types").one_of(grants).filled(), at<&client::grant_types>},
    {key("scope").as(scope_list), at<&client::scope>},
    {key("exchange_audience").as(printable), at<&client::exchange_audience>},
    {key("token_endpoint_auth_method")
         .one_of("none|client_secret_basic|client_secret_post|private_key_jwt"),
     at<&client::token_endpoint_auth_method>},
    {key("application_type").one_of("web|native"), at<&client::application_type>},
    {key("jwks"), at<&client::jwks>},
    {key("jwks_uri").as(url), at<&client::jwks_uri>},
    {key("client_uri").as(url), at<&client::client_uri>},
    {key("logo_uri").as(url), at<&client::logo_uri>},
    {key("tos_uri").as(url), at<&client::tos_uri>},
    {key("policy_uri").as(url), at<&client::policy_uri>},
    {key("contacts"), at<&client::contacts>},
    {key("software_id"), at<&client::software_id>},
    {key("software_version"), at<&client::software_version>},
    {key("dpop_bound_access_tokens"), at<&client::dpop_bound_access_tokens>},
};

constexpr setting<trusted> trusted_rows[] = {
    {key("issuer").as(url), at<&trusted::issuer>},
    {key("jwks"), at<&trusted::jwks>},
    {key("jwks_uri").as(url), at<&trusted::jwks_uri>},
    {key("assertions").one_of("any|workload|id-jag"), at<&trusted::assertions>},
    {key("scope").as(scope_list), at<&trusted::scope>},
};

constexpr setting<client_document> client_document_rows[] = {
    {key("url").as(url), at<&client_document::url>},
    {key("file").as(file), at<&client_document::file>},
};

constexpr setting<user> user_rows[] = {
    {key("name"), at<&user::name>},
    {key("password").hidden(), at<&user::password>},
    {key("claims"), at<&user::claims>},
};

}  // namespace

std::span<setting<config> const> config_settings() {
    return rows;
}
std::span<setting<client> const> client_settings() {
    return client_rows;
}
std::span<setting<trusted> const> trusted_issuer_settings() {
    return trusted_rows;
}
std::span<setting<client_document> const> client_document_settings() {
    return client_document_rows;
}
std::span<setting<user> const> user_settings() {
    return user_rows;
}

}  // namespace tollgate::settings
