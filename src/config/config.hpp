// The configuration: plain values, every one with a default. CONTRACT of config.toml.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "http/realm/endpoint_paths.hpp"
#include "http/server/limits.hpp"
#include "oauth/model/provider_options.hpp"

namespace tollgate {

using milliseconds = std::chrono::milliseconds;

struct config {
    struct server_section : http::limits {
        unsigned workers = 0;
        std::string log_level = "info";
        std::string log_format = "text";
        milliseconds drain_timeout{10'000};
        unsigned wrong_secrets_per_peer = 100;
        unsigned wrong_secrets = 1000;
        std::vector<std::string> allowed_hosts;
        std::vector<std::string> allowed_origins;

        bool operator==(server_section const&) const = default;
    } server;

    struct authorization_server_section {
        std::string listen = "localhost:9100";
        std::string public_url;
        std::string mode = "builtin";
        std::string consent = "auto";
        std::string introspection = "protected";
        std::vector<std::string> scopes{"openid",         "profile",   "email",
                                        "offline_access", "mcp:tools", "mcp:admin"};
        http::endpoint_paths paths;
        std::string resources = "own";           // own | any | list
        std::vector<std::string> resource_list;  // when resources == "list"
        std::vector<std::string> token_endpoint_auth_methods{
            "none", "client_secret_basic", "client_secret_post", "private_key_jwt"};
        std::vector<std::string> grant_types{"authorization_code",
                                             "refresh_token",
                                             "client_credentials",
                                             "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                             "urn:ietf:params:oauth:grant-type:token-exchange",
                                             "urn:ietf:params:oauth:grant-type:device_code"};

        bool operator==(authorization_server_section const&) const = default;
    } authorization_server;

    struct tokens_section {
        std::string format = "opaque";
        std::string signing_alg = "RS256";
        std::string signing_key;
        std::string hs256_secret;
        std::string dpop = "optional";
        bool dpop_nonce = false;
        milliseconds access_ttl{3'600'000};
        milliseconds refresh_ttl{2'592'000'000};
        milliseconds code_ttl{120'000};
        milliseconds device_code_ttl{600'000};
        milliseconds device_interval{5'000};
        std::string refresh_rotation = "public";
        std::string code_reuse = "revoke-family";
        std::string refresh_reuse = "revoke-family";
        std::vector<std::string> seed_refresh;

        bool operator==(tokens_section const&) const = default;
    } tokens;

    struct mcp_section {
        std::string listen = "localhost:9101";
        std::string public_url;
        std::string path = "/mcp";
        std::string sse_path = "/sse";
        std::string messages_path = "/messages";
        std::vector<std::string> transports{"streamable-http", "sse"};
        std::vector<std::string> versions{"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25",
                                          "2026-07-28"};
        std::string sessions = "stateful";
        std::string auth = "required";
        std::string session_binding = "principal";
        std::string answers = "auto";
        std::vector<std::string> scopes{"mcp:tools"};
        std::string resource_metadata = "absolute";
        std::string challenge_realm;
        std::string agents = "separate";
        bool as_endpoints = true;
        bool fixtures = false;
        std::size_t page_size = 100;
        std::string test_page = "auto";
        std::size_t max_sessions = 10'000;
        milliseconds session_idle{1'800'000};
        std::size_t replay_bytes = 256 << 10;
        milliseconds heartbeat{15'000};
        milliseconds sse_retry{1'000};
        milliseconds ask_timeout{300'000};
        milliseconds task_ttl{600'000};

        bool operator==(mcp_section const&) const = default;
    } mcp;

    struct tools_section {
        bool authenticated_request = false;
        std::string authenticated_request_url;

        bool operator==(tools_section const&) const = default;
    } tools;

    struct validation_section {
        std::string strategy = "introspection";
        std::string endpoint;
        std::string client_id;
        std::string client_secret;
        milliseconds cache_ttl{0};
        milliseconds recheck{5'000};
        milliseconds timeout{5'000};
        std::string jwt_type = "at+jwt";
        std::string unreachable = "503";

        bool operator==(validation_section const&) const = default;
    } validation;

    struct upstream_section : oauth::provider_options {
        std::string token_key;
        std::string redirect_path = "/callback";

        bool operator==(upstream_section const&) const = default;
    } upstream;

    struct client_section {
        std::string client_id;
        std::string client_secret;
        std::string client_name;
        std::vector<std::string> redirect_uris;
        std::vector<std::string> grant_types{"authorization_code", "refresh_token"};
        std::string scope;
        std::vector<std::string> exchange_audience;  // beyond the subject_token's (RFC 8693)
        std::string token_endpoint_auth_method;      // empty: none, or basic and post with a secret
        std::string application_type;
        boost::json::object jwks;
        std::string jwks_uri;
        std::string client_uri;
        std::string logo_uri;
        std::string tos_uri;
        std::string policy_uri;
        std::vector<std::string> contacts;
        std::string software_id;
        std::string software_version;
        bool dpop_bound_access_tokens = false;

        bool operator==(client_section const&) const = default;
    };
    std::vector<client_section> clients;

    // Whose assertions the jwt-bearer grant takes (RFC 7523).
    struct trusted_issuer_section {
        std::string issuer;
        boost::json::object jwks;
        std::string jwks_uri;
        std::string assertions = "any";  // any | workload | id-jag
        std::string scope;               // all that they may stand for; empty: no limit

        bool operator==(trusted_issuer_section const&) const = default;
    };
    std::vector<trusted_issuer_section> trusted_issuers;

    // Stands in for what `url` would answer, in every realm.
    struct client_document_section {
        std::string url;
        std::string file;  // of JSON

        bool operator==(client_document_section const&) const = default;
    };
    std::vector<client_document_section> client_documents;

    struct user_section {
        std::string name;
        std::string password;
        boost::json::object claims;

        bool operator==(user_section const&) const = default;
    };
    std::vector<user_section> users;  // never empty after loading: the default is "demo"

    struct registration_section {
        bool dynamic = true;
        std::string default_auth_method = "client_secret_basic";
        std::vector<std::string> grant_types{"authorization_code", "refresh_token",
                                             "urn:ietf:params:oauth:grant-type:device_code"};
        std::vector<std::string> default_grant_types{"authorization_code"};
        bool client_id_metadata_documents = true;
        bool allow_loopback_metadata = false;
        std::vector<std::string> redirect_hosts{"*"};
        milliseconds unused_ttl{3'600'000};

        bool operator==(registration_section const&) const = default;
    } registration;

    struct store_section {
        std::string backend = "memory";
        std::string path = "tollgate.db";
        std::string url = "redis://127.0.0.1:6379/0";

        bool operator==(store_section const&) const = default;
    } store;

    struct control_section {
        bool enabled = true;
        std::string token;

        bool operator==(control_section const&) const = default;
    } control;

    struct realms_section {
        bool implicit = true;
        milliseconds ttl{3'600'000};
        std::size_t max = 1000;
        std::size_t max_per_peer = 250;

        bool operator==(realms_section const&) const = default;
    } realms;

    // What strangers may use of what all share. The first four pairs are rates of a minute.
    struct limits_section {
        std::size_t registrations = 1000;
        std::size_t peer_registrations = 200;
        std::size_t realms = 300;
        std::size_t peer_realms = 120;
        std::size_t logins = 1000;
        std::size_t peer_logins = 100;
        std::size_t user_codes = 1000;
        std::size_t peer_user_codes = 10;
        std::size_t clients = 20'000;
        std::size_t realm_clients = 10'000;
        std::size_t tokens = 200'000;
        std::size_t client_tokens = 100'000;
        std::size_t peer_tokens = 50'000;
        std::size_t devices = 10'000;
        std::size_t client_devices = 1000;
        std::size_t peer_devices = 200;

        bool operator==(limits_section const&) const = default;
    } limits;

    struct tls_section {
        std::string certificate;  // resolved paths; empty = plain HTTP
        std::string private_key;

        bool operator==(tls_section const&) const = default;
    } tls;

    std::string folder = ".";  // of the config file: what relative paths start at

    // Where each given key was written: "config.toml:3:8", "--set mcp.auth", "environment SCOPES".
    // Entries of lists are keys, too: "clients[0].redirect_uris".
    std::map<std::string, std::string, std::less<>> positions;
    // No mistakes, but worth a line on stderr at the start.
    std::vector<std::string> notes;

    // Tokens come from the provider of [upstream] and not from this program, which only passes
    // requests on or is not asked at all.
    bool has_foreign_tokens() const;

    // For errors that are found later: "config.toml:80:15: tls.certificate", or the key alone
    // when it was not given.
    std::string where(std::string_view key) const;
};

// Every mistake, ready to print, one a line: "FILE:LINE:COLUMN: key: what is wrong", or
// "--set KEY: what is wrong", or "environment VARIABLE: what is wrong".
struct config_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct config_sources {
    std::string file;  // empty: ./config.toml when it is there, else the defaults alone
    std::vector<std::string> sets;                   // "key=value", last wins
    std::map<std::string, std::string> environment;  // those variables that matter
};

// --set beats environment beats file beats default. Throws config_error, listing every mistake,
// one a line. A value that is not built yet is a mistake, too.
config load_config(config_sources const& from);

// The process environment as load_config wants it.
std::map<std::string, std::string> process_environment();

}  // namespace tollgate
