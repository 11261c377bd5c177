// What is wrong with a client or a user as a whole.
#include <algorithm>
#include <set>

#include "config_formats.hpp"
#include "config_loading.hpp"

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

using client = config::client_section;

void check_redirects(loading& l, client const& c, std::string const& table) {
    bool const uses_codes =
        std::ranges::find(c.grant_types, "authorization_code") != c.grant_types.end();
    if (uses_codes && c.redirect_uris.empty())
        refuse_in(l, table, "redirect_uris", "the authorization code grant needs at least one");
}

void check_method(loading& l, client const& c, std::string const& table) {
    auto const& method = c.token_endpoint_auth_method;
    // A method that was refused on reading says nothing about the secret.
    if (method.empty()) return;
    constexpr auto name = "token_endpoint_auth_method";
    if (method == "none" && !c.client_secret.empty())
        refuse_in(l, table, name, "\"none\" does not go with a client_secret");
    if (method.starts_with("client_secret_") && c.client_secret.empty())
        refuse_in(l, table, name, in_quotes(method) + " needs a client_secret");
}

void check_scope(loading& l, client const& c, std::string const& table) {
    auto const& grantable = l.result.authorization_server.scopes;
    for (auto const& scope : split(c.scope, ' '))
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
        if (!l.broken.contains("authorization_server.scopes")) check_scope(l, c, table);
    }
}

void check_users(loading& l) {
    std::set<std::string> seen;
    for (std::size_t i = 0; i < l.result.users.size(); ++i)
        check_name(l, l.result.users[i].name, entry("users", i), "name", seen);
}

}  // namespace tollgate::settings
