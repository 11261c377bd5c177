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

#include "base/log/log.hpp"
#include "config/policies.hpp"
#include "config/values/value.hpp"
#include "http/realm/endpoint_paths.hpp"
#include "http/server/limits.hpp"
#include "oauth/model/provider_options.hpp"

namespace tollgate {

using milliseconds = std::chrono::milliseconds;

// Keys that belong to the policy of a realm are members of `oauth` and `mcp` (config/policies.hpp):
// what the file says there, before oauth_policy() and mcp_policy() add what follows from it.
struct config : policies {
    struct server_section : http::limits {
        unsigned workers = 0;
        tollgate::log_level log_level = tollgate::log_level::info;
        tollgate::log_format log_format = tollgate::log_format::text;
        milliseconds drain_timeout{10'000};
        unsigned wrong_secrets_per_peer = 100;
        unsigned wrong_secrets = 1000;
        std::vector<std::string> allowed_hosts;
        std::vector<std::string> allowed_origins;
    } server;

    struct authorization_server_section {
        std::string listen = "localhost:9100";
        std::string public_url;
        std::string mode = "builtin";
        http::endpoint_paths paths;
    } authorization_server;

    struct tokens_section {
        std::string signing_key;
        std::string hs256_secret;
        std::vector<std::string> seed_refresh;
    } tokens;

    struct mcp_server_section {
        std::string listen = "localhost:9101";
        std::string public_url;
        std::string path = "/mcp";
        std::string sse_path = "/sse";
        std::string messages_path = "/messages";
        std::string agents = "separate";
        bool as_endpoints = true;
        std::string test_page = "auto";
    } mcp_server;

    struct tools_section {
        bool authenticated_request = false;
        std::string authenticated_request_url;
    } tools;

    struct validation_section {
        std::string endpoint;
        std::string client_id;
        std::string client_secret;
        milliseconds cache_ttl{0};
        milliseconds timeout{5'000};
        std::string jwt_type = "at+jwt";
    } validation;

    struct upstream_section : oauth::provider_options {
        std::string token_key;
        std::string redirect_path = "/callback";
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
    };
    std::vector<client_section> clients;

    // Whose assertions the jwt-bearer grant takes (RFC 7523).
    struct trusted_issuer_section {
        std::string issuer;
        boost::json::object jwks;
        std::string jwks_uri;
        std::string assertions = "any";  // any | workload | id-jag
        std::string scope;               // all that they may stand for; empty: no limit
    };
    std::vector<trusted_issuer_section> trusted_issuers;

    // Stands in for what `url` would answer, in every realm.
    struct client_document_section {
        std::string url;
        std::string file;  // of JSON
    };
    std::vector<client_document_section> client_documents;

    struct user_section {
        std::string name;
        std::string password;
        boost::json::object claims;
    };
    std::vector<user_section> users;  // never empty after loading: the default is "demo"

    // [[scenarios]] as they were written: who knows what scenarios are reads them
    // (control/scenarios/reader.hpp). A list; anything else when there are none.
    settings::value scenarios;

    struct registration_section {
        milliseconds unused_ttl{3'600'000};
    } registration;

    struct store_section {
        std::string backend = "memory";
        std::string path = "tollgate.db";    // of SQLite; a relative one starts at `folder`
        std::string synchronous = "normal";  // normal | full
        std::string url = "redis://127.0.0.1:6379/0";  // of Redis
        std::string prefix = "tollgate";               // of its keys
        std::string key_file = "tollgate.key";         // a relative one starts at `folder`
        milliseconds timeout{2'000};                   // of a call to Redis
        std::string instance_address = "127.0.0.1:0";  // for other instances
    } store;

    struct control_section {
        bool enabled = true;
        std::string token;
    } control;

    struct journal_section {
        std::size_t bytes = 256 << 10;  // of each realm
    } journal;

    struct telemetry_section {
        std::string endpoint;              // empty = off
        std::vector<std::string> headers;  // "name: value"
        milliseconds timeout{10'000};
        std::string trace = "flow";  // flow | caller
    } telemetry;

    struct realms_section {
        bool implicit = true;
        milliseconds ttl{3'600'000};
        std::size_t max = 1000;
        std::size_t max_per_peer = 250;
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
    } limits;

    struct tls_section {
        std::string certificate;  // resolved paths; empty = plain HTTP
        std::string private_key;
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
    // Why their provider cannot be asked in that way; empty: it can, or there is none.
    std::string why_unusable(oauth::strategy s) const;

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
