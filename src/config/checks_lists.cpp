// What is wrong with a client, a client document, a trusted issuer or a user as a whole.
#include <algorithm>
#include <set>

#include <boost/json/serialize.hpp>

#include "config/loading.hpp"
#include "config/values/formats.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/model/redirect_uri.hpp"
#include "oauth/model/supported.hpp"

namespace tollgate::settings {
namespace {

std::string entry(std::string_view list, std::size_t index) {
    return std::string(list) + '[' + std::to_string(index) + ']';
}

// Refuses at the key where it was given, else at its table.
void refuse_in(loading& l, std::string const& table, std::string const& name,
               std::string const& what) {
    auto const key = table + '.' + name;
    if (l.broken.contains(table) || l.broken.contains(key)) return;
    l.wrong.add(l.given(key) ? l.at(key) : l.at(table), key, what);
}

using client_section = config::client_section;

bool uses(client_section const& c, std::string_view grant_type) {
    return std::ranges::find(c.grant_types, grant_type) != c.grant_types.end();
}

// Keys are given once: in the file or by address.
void check_trusted_keys(loading& l, config::trusted_issuer_section const& e,
                        std::string const& table) {
    bool const inline_keys = !e.jwks.empty();
    bool const remote_keys = !e.jwks_uri.empty();
    if (inline_keys && remote_keys)
        return refuse_in(l, table, "jwks_uri", "and jwks must not both be there");
    if (!inline_keys && !remote_keys)
        return refuse_in(l, table, "jwks", "is missing, and so is jwks_uri");
    if (!inline_keys) return;
    auto const keys = oauth::parse_jwks(boost::json::serialize(e.jwks));
    if (!keys) return refuse_in(l, table, "jwks", keys.error().description());
    if (keys->empty()) refuse_in(l, table, "jwks", "holds no key that can verify a signature");
}

void check_redirects(loading& l, client_section const& c, std::string const& table) {
    if (uses(c, "authorization_code") && c.redirect_uris.empty())
        refuse_in(l, table, "redirect_uris", "the authorization code grant needs at least one");
    for (auto const& uri : c.redirect_uris) {
        auto const fine = oauth::check_application_type(uri, c.application_type);
        if (!fine)
            refuse_in(l, table, "redirect_uris",
                      in_quotes(uri) + ": " + fine.error().description());
    }
}

// RFC 7591 §2: where its key is looked for when it signs its requests.
void check_keys(loading& l, client_section const& c, std::string const& table) {
    if (!c.jwks.empty()) {
        auto const flaw = oauth::flaw_of_jwks(c.jwks);
        if (!flaw.empty()) refuse_in(l, table, "jwks", flaw);
        if (!c.jwks_uri.empty())
            refuse_in(l, table, "jwks_uri", "does not go with jwks (RFC 7591 section 2)");
    }
    if (c.token_endpoint_auth_method != "private_key_jwt") return;
    constexpr auto name = "token_endpoint_auth_method";
    if (c.jwks.empty() && c.jwks_uri.empty())
        refuse_in(l, table, name, "\"private_key_jwt\" needs jwks or jwks_uri");
    if (!c.client_secret.empty())
        refuse_in(l, table, name, "\"private_key_jwt\" does not go with a client_secret");
}

void check_method(loading& l, client_section const& c, std::string const& table) {
    auto const& method = c.token_endpoint_auth_method;
    // A method that was refused on reading says nothing about the secret.
    if (method.empty()) return;
    constexpr auto name = "token_endpoint_auth_method";
    if (method == "none" && !c.client_secret.empty())
        refuse_in(l, table, name, "\"none\" does not go with a client_secret");
    if (method.starts_with("client_secret_") && c.client_secret.empty())
        refuse_in(l, table, name, in_quotes(method) + " needs a client_secret");
}

bool takes(loading& l, std::string_view method) {
    auto const& methods = l.result.oauth.auth_methods;
    return std::ranges::find(methods, method) != methods.end();
}

// A client that could never authenticate is a mistake.
void check_method_is_taken(loading& l, client_section const& c, std::string const& table) {
    constexpr auto list = "authorization_server.token_endpoint_auth_methods";
    auto const& method = c.token_endpoint_auth_method;
    if (!method.empty()) {
        if (!takes(l, method))
            refuse_in(l, table, "token_endpoint_auth_method",
                      in_quotes(method) + " is missing in " + list);
    } else if (c.client_secret.empty()) {
        if (!takes(l, "none"))
            refuse_in(l, table, "client_secret",
                      std::string("is missing, and \"none\" is not in ") + list);
    } else if (!takes(l, "client_secret_basic") && !takes(l, "client_secret_post")) {
        refuse_in(l, table, "client_secret",
                  std::string("is of no use: ") + list +
                      " has neither \"client_secret_basic\" nor \"client_secret_post\"");
    }
}

// RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
void check_grants(loading& l, client_section const& c, std::string const& table) {
    bool const proven =
        !c.client_secret.empty() || c.token_endpoint_auth_method == "private_key_jwt";
    for (auto const& type : c.grant_types) {
        if (!proven && oauth::needs_confidential_client(type))
            refuse_in(l, table, "grant_types",
                      in_quotes(type) + " needs a client_secret or private_key_jwt");
    }
    if (!c.exchange_audience.empty() && !uses(c, oauth::grant_token_exchange))
        refuse_in(l, table, "exchange_audience",
                  "is of no use: grant_types lacks " + in_quotes(oauth::grant_token_exchange));
}

void check_scope(loading& l, std::string const& limit, std::string const& table) {
    auto const& grantable = l.result.oauth.scopes;
    for (auto const& scope : split(limit, ' '))
        if (std::ranges::find(grantable, scope) == grantable.end())
            refuse_in(l, table, "scope",
                      in_quotes(scope) + " is missing in authorization_server.scopes");
}

// `value` must be there and be the first of its kind.
void check_name(loading& l, std::string const& value, std::string const& table,
                std::string const& name, std::set<std::string>& seen) {
    if (value.empty()) return refuse_in(l, table, name, "is missing");
    if (!seen.insert(value).second) refuse_in(l, table, name, in_quotes(value) + " is there twice");
}

}  // namespace

void check_clients(loading& l) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < l.result.clients.size(); ++i) {
        auto const& c = l.result.clients[i];
        auto const table = entry("clients", i);
        check_name(l, c.client_id, table, "client_id", seen);
        check_redirects(l, c, table);
        check_method(l, c, table);
        if (!l.broken.contains("authorization_server.token_endpoint_auth_methods"))
            check_method_is_taken(l, c, table);
        check_grants(l, c, table);
        check_keys(l, c, table);
        if (!l.broken.contains("authorization_server.scopes")) check_scope(l, c.scope, table);
    }
}

void check_client_documents(loading& l) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < l.result.client_documents.size(); ++i) {
        auto const& d = l.result.client_documents[i];
        auto const table = entry("client_documents", i);
        check_name(l, d.url, table, "url", seen);
        if (d.file.empty()) refuse_in(l, table, "file", "is missing");
    }
}

void check_trusted_issuers(loading& l) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < l.result.trusted_issuers.size(); ++i) {
        auto const& t = l.result.trusted_issuers[i];
        auto const table = entry("trusted_issuers", i);
        check_name(l, t.issuer, table, "issuer", seen);
        check_trusted_keys(l, t, table);
        if (!l.broken.contains("authorization_server.scopes")) check_scope(l, t.scope, table);
    }
}

void check_users(loading& l) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < l.result.users.size(); ++i)
        check_name(l, l.result.users[i].name, entry("users", i), "name", seen);
}

}  // namespace tollgate::settings
