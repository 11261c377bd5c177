// What strangers may have, and what they could find by trying.
#include <algorithm>

#include "config/loading.hpp"
#include "config/values/formats.hpp"
#include "http/limits/guess_limit.hpp"

namespace tollgate::settings {
namespace {

constexpr std::string_view client_credentials = "client_credentials";

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
    if (!c.mcp_server.public_url.empty()) return "mcp.public_url";
    std::pair<std::string, std::string> const listeners[] = {
        {"authorization_server.listen", as.listen}, {"mcp.listen", c.mcp_server.listen}};
    for (auto const& [key, listen] : listeners) {
        auto const address = parse_address(listen);
        if (address && !is_loopback(*address)) return key;
    }
    return {};
}

void control_token_is_long_enough(loading& l, std::string const& reached) {
    auto const& control = l.result.control;
    if (!control.enabled || !http::can_be_guessed(control.token)) return;
    if (any_broken(l, {"control.token", "control.enabled"})) return;
    l.refuse("control.token",
             "has fewer than 16 characters, and by " + reached +
                 " others can reach this server and find it by trying; take random ones, such as "
                 "`openssl rand -hex 16` prints");
}

// RFC 6749 §4.4: a token without any person.
void note_tokens_for_everybody(loading& l, std::string const& reached) {
    auto& c = l.result;
    if (!has(c.oauth.registration_grant_types, client_credentials)) return;
    bool const somebody_is_asked = c.authorization_server.mode == "broker" ||
                                   c.oauth.consent != oauth::consent_mode::automatic;
    if (!somebody_is_asked && reached.empty()) return;
    c.notes.emplace_back(
        "registration.grant_types has \"client_credentials\": whoever registers gets tokens, and "
        "no person is asked");
}

// The first secret that a person made short, by its key.
std::string short_secret(config const& c) {
    for (std::size_t i = 0; i < c.clients.size(); ++i) {
        if (http::can_be_guessed(c.clients[i].client_secret))
            return "clients[" + std::to_string(i) + "].client_secret";
    }
    if (c.oauth.consent != oauth::consent_mode::login) return {};
    for (std::size_t i = 0; i < c.users.size(); ++i) {
        if (http::can_be_guessed(c.users[i].password))
            return "users[" + std::to_string(i) + "].password";
    }
    return {};
}

void note_short_secrets(loading& l, std::string const& reached) {
    auto const key = short_secret(l.result);
    if (key.empty()) return;
    l.result.notes.emplace_back(
        key + " has fewer than 16 characters, and by " + reached +
        " others can reach this server: wrong ones are counted, and too many "
        "(server.wrong_secrets) shut the right one out for a minute; a longer one is never shut");
}

}  // namespace

void check_strangers(loading& l) {
    auto const& c = l.result;
    refuse_missing(l, "registration.grant_types", c.oauth.registration_grant_types,
                   "authorization_server.grant_types", c.oauth.grant_types);
    refuse_missing(l, "registration.default_grant_types", c.oauth.default_grant_types,
                   "registration.grant_types", c.oauth.registration_grant_types);
    auto const reached = reached_by(c);
    note_tokens_for_everybody(l, reached);
    if (reached.empty()) return;
    control_token_is_long_enough(l, reached);
    note_short_secrets(l, reached);
}

}  // namespace tollgate::settings
