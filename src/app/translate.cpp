#include "app/translate.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include <boost/json/parse.hpp>

#include "http/net/tls.hpp"
#include "oauth/clients/client_document.hpp"

namespace tollgate {

namespace {

std::string contents_of(std::string const& file, std::string const& key_name) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw config_error(key_name + ": " + file + " cannot be read");
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

http::client::options client_options(config const& c) {
    http::client::options o;
    o.extra_ca_file = c.tls.certificate;
    // As many as may wait for an answer about a token at once: a connection that is closed costs
    // more than the question.
    o.idle_per_host = 64;
    return o;
}

http::server::options server_options(config const& c) {
    http::server::options o;
    o.workers = c.server.workers;
    o.limits = c.server;
    o.tls.certificate = c.tls.certificate;
    o.tls.private_key = c.tls.private_key;
    return o;
}

control::access_options access_options(config const& c, std::string shared_key) {
    control::access_options o;
    o.shared_key = std::move(shared_key);
    o.enabled = c.control.enabled;
    o.token = c.control.token;
    o.guesses = guess_bounds(c);
    return o;
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

http::guess_bounds guess_bounds(config const& c) {
    return http::guess_bounds{c.server.wrong_secrets_per_peer, c.server.wrong_secrets};
}

http::naming origin_names(config const& c) {
    http::naming n;
    n.as_public_url = c.authorization_server.public_url;
    n.mcp_public_url = c.mcp_server.public_url;
    n.allowed_hosts = c.server.allowed_hosts;
    n.allowed_origins = c.server.allowed_origins;
    n.paths.mcp = c.mcp_server.path;
    n.paths.sse = c.mcp_server.sse_path;
    n.paths.messages = c.mcp_server.messages_path;
    n.paths.agents_shared = c.mcp_server.agents == "shared";
    n.endpoints = std::make_shared<http::endpoint_paths const>(c.authorization_server.paths);
    n.mcp_is_issuer = c.mcp_server.as_endpoints;
    if (c.control.enabled) n.realm_token = c.control.token;
    n.control_is_open = c.control.enabled && c.control.token.empty();
    return n;
}

std::optional<oauth::signing_key> signing_key_file(config const& c) {
    auto const& file = c.tokens.signing_key;
    if (file.empty()) return std::nullopt;
    auto const key_name = c.where("tokens.signing_key");
    auto const pem = contents_of(file, key_name);
    auto key = oauth::signing_key::from_pem(pem, c.oauth.signing_alg);
    if (!key) throw config_error(key_name + ": " + file + ": " + key.error().description());
    return *key;
}

oauth::documents_by_url client_documents(config const& c) {
    oauth::documents_by_url all;
    auto const rules = oauth_policy(c);
    for (std::size_t i = 0; i < c.client_documents.size(); ++i) {
        auto const& from = c.client_documents[i];
        auto const key_name = c.where("client_documents[" + std::to_string(i) + "].file");
        boost::system::error_code ec;
        auto const value = boost::json::parse(contents_of(from.file, key_name), ec);
        if (ec || !value.is_object())
            throw config_error(key_name + ": " + from.file + " holds no JSON object");
        auto const flaw = oauth::flaw_of_stand_in(from.url, value.get_object(), rules);
        if (!flaw.empty()) throw config_error(key_name + ": " + from.file + ": " + flaw);
        all.emplace(from.url, std::make_shared<boost::json::object const>(value.get_object()));
    }
    return all;
}

void check_files(config const& c) {
    signing_key_file(c);
    client_documents(c);
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

}  // namespace tollgate
