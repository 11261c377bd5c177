#include "policies.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "http/tls.hpp"
#include "policy_choices.hpp"

namespace tollgate {

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

oauth::limits oauth_limits(config const& c) {
    auto const& from = c.limits;
    oauth::limits l;
    l.registrations = {from.peer_registrations, from.registrations};
    l.logins = {from.peer_logins, from.logins};
    l.user_codes = {from.peer_user_codes, from.user_codes};
    l.clients = {from.realm_clients, from.clients, c.registration.unused_ttl};
    l.tokens = {from.client_tokens, from.peer_tokens, from.tokens};
    l.devices = {from.client_devices, from.peer_devices, from.devices};
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
    n.endpoints = std::make_shared<http::endpoint_paths const>(c.authorization_server.paths);
    n.mcp_is_issuer = c.mcp.as_endpoints;
    if (c.control.enabled) n.realm_token = c.control.token;
    return n;
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
