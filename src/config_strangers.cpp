// What strangers may have.
#include <algorithm>

#include "config_formats.hpp"
#include "config_loading.hpp"

namespace tollgate::settings {
namespace {

constexpr std::string_view client_credentials = "client_credentials";

bool has(std::vector<std::string> const& list, std::string_view text) {
    return std::ranges::find(list, text) != list.end();
}

bool any_broken(loading const& l, std::initializer_list<std::string_view> keys) {
    return std::ranges::any_of(keys, [&](auto key) { return l.broken.contains(key); });
}

// Every entry of the list at `key` must be in the one at `in`.
void refuse_missing(loading& l, std::string const& key, std::vector<std::string> const& entries,
                    std::string const& in, std::vector<std::string> const& all) {
    if (!l.given(key) || any_broken(l, {key, in})) return;
    for (auto const& one : entries) {
        if (!has(all, one)) l.refuse(key, in_quotes(one) + " is missing in " + in);
    }
}

// The key by which others than this machine can reach the server; empty when they cannot.
std::string reached_by(config const& c) {
    auto const& as = c.authorization_server;
    if (!as.public_url.empty()) return "authorization_server.public_url";
    if (!c.mcp.public_url.empty()) return "mcp.public_url";
    std::pair<std::string, std::string> const listeners[] = {
        {"authorization_server.listen", as.listen}, {"mcp.listen", c.mcp.listen}};
    for (auto const& [key, listen] : listeners) {
        auto const address = parse_address(listen);
        if (address && !is_loopback(*address)) return key;
    }
    return {};
}

// RFC 6749 §4.4: a token without any person.
void note_tokens_for_everybody(loading& l, std::string const& reached) {
    auto& c = l.result;
    if (!has(c.registration.grant_types, client_credentials)) return;
    bool const somebody_is_asked =
        c.authorization_server.mode == "broker" || c.authorization_server.consent != "auto";
    if (!somebody_is_asked && reached.empty()) return;
    c.notes.emplace_back(
        "registration.grant_types has \"client_credentials\": whoever registers gets tokens, and "
        "no person is asked");
}

}  // namespace

void check_strangers(loading& l) {
    auto const& c = l.result;
    refuse_missing(l, "registration.grant_types", c.registration.grant_types,
                   "authorization_server.grant_types", c.authorization_server.grant_types);
    refuse_missing(l, "registration.default_grant_types", c.registration.default_grant_types,
                   "registration.grant_types", c.registration.grant_types);
    auto const reached = reached_by(c);
    note_tokens_for_everybody(l, reached);
}

}  // namespace tollgate::settings
