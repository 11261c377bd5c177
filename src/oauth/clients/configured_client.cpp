#include "oauth/clients/configured_client.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include <boost/json/array.hpp>

#include "base/crypto.hpp"
#include "http/limits/guess_limit.hpp"

namespace tollgate::oauth {

namespace {

boost::json::array to_array(std::vector<std::string> const& texts) {
    boost::json::array a;
    for (auto const& t : texts)
        a.emplace_back(t);
    return a;
}

// Throws for a method that goes against what there is of secret and keys.
std::string auth_method_of(configured_client const& c) {
    auto const& method = c.token_endpoint_auth_method;
    bool const secret = !c.client_secret.empty();
    if (method.empty()) return secret ? "" : "none";
    bool const keys = !c.jwks.empty() || c.metadata.contains("jwks_uri");
    if (method == "private_key_jwt" && !secret && keys) return method;
    bool const needs_secret = method == "client_secret_basic" || method == "client_secret_post";
    if ((!needs_secret && method != "none") || needs_secret != secret) {
        throw std::invalid_argument("client " + c.client_id + ": token_endpoint_auth_method " +
                                    method + (secret ? " with" : " without") +
                                    " a client_secret makes no sense");
    }
    return method;
}

client make_client(configured_client const& from) {
    if (from.client_id.empty()) throw std::invalid_argument("a client has no client_id");
    client c;
    c.id = from.client_id;
    c.metadata = from.metadata;
    if (!from.jwks.empty()) c.metadata["jwks"] = from.jwks;
    c.configured = true;
    c.exchange_audience = from.exchange_audience;
    if (!from.client_secret.empty()) c.secret_digest = digest_of(from.client_secret);
    // Its digest does not tell later how long it was.
    c.short_secret = http::can_be_guessed(from.client_secret);
    c.metadata["redirect_uris"] = to_array(from.redirect_uris);
    c.metadata["grant_types"] = to_array(from.grant_types);
    c.metadata["token_endpoint_auth_method"] = auth_method_of(from);
    if (!from.client_name.empty()) c.metadata["client_name"] = from.client_name;
    if (!from.application_type.empty()) c.metadata["application_type"] = from.application_type;
    if (!from.scope.empty()) {
        auto scopes = parse_scope(from.scope);
        if (!scopes) throw std::invalid_argument("client " + c.id + ": scope is malformed");
        c.scope_limit = std::move(*scopes);
        c.metadata["scope"] = from.scope;
    }
    read_metadata(c);
    return c;
}

}  // namespace

std::vector<client> make_clients(std::vector<configured_client> const& from) {
    std::vector<client> clients;
    for (auto const& f : from) {
        auto const same = [&](client const& c) { return c.id == f.client_id; };
        if (std::ranges::any_of(clients, same))
            throw std::invalid_argument("client " + f.client_id + " is configured twice");
        clients.push_back(make_client(f));
    }
    return clients;
}

}  // namespace tollgate::oauth
