// What must not go over a network in clear text, and what must not be fetched for strangers.
#include <algorithm>

#include "config/loading.hpp"
#include "config/values/formats.hpp"
#include "http/message/url.hpp"

namespace tollgate::settings {
namespace {

constexpr auto consent_key = "upstream.allow_insecure_http";

bool is_clear_text(std::string const& url) {
    auto const to = http::split_url(url);
    return to && !to->tls && !is_loopback(address{to->host, to->port});
}

// RFC 6749 §2.3.1, §3.1, §3.2 and RFC 6750 §5.3: TLS, for secrets, codes and tokens. RFC 7517 has
// no word about it, but who can change the keys on their way can sign for anybody.
void refuse_clear_text(loading& l, std::string const& key, std::string const& url, bool& used) {
    if (url.empty() || !is_clear_text(url) || l.broken.contains(key)) return;
    used = true;
    if (l.result.upstream.allow_insecure_http) return;
    l.refuse(key,
             in_quotes(url) +
                 " is plain http to another machine: secrets, codes and tokens would go there in "
                 "clear text (RFC 6749 section 3.2). Use https, or say " +
                 consent_key + " = true where that network is your own");
}

// What a collector is given besides spans is there to be kept from others; spans hold no secrets.
void refuse_clear_headers(loading& l) {
    auto const& t = l.result.telemetry;
    if (t.headers.empty() || l.broken.contains("telemetry.endpoint")) return;
    if (t.endpoint.empty() || !is_clear_text(t.endpoint)) return;
    l.refuse("telemetry.endpoint", in_quotes(t.endpoint) +
                                       " is plain http to another machine: telemetry.headers would "
                                       "go there in clear text. Use https");
}

void note_clear_text(loading& l, bool used) {
    if (!l.result.upstream.allow_insecure_http) return;
    l.result.notes.emplace_back(
        used
            ? "upstream.allow_insecure_http is true: secrets, codes and tokens go over plain http, "
              "and everybody on the way can read and change them"
            : "upstream.allow_insecure_http is true, so that a provider may name plain http "
              "addresses on other machines");
}

}  // namespace

void check_clear_text(loading& l) {
    auto const& c = l.result;
    auto const& u = c.upstream;
    std::pair<char const*, std::string const&> const addresses[] = {
        {"upstream.issuer", u.issuer},
        {"upstream.authorization_endpoint", u.authorization_endpoint},
        {"upstream.token_endpoint", u.token_endpoint},
        {"upstream.userinfo_endpoint", u.userinfo_endpoint},
        {"upstream.introspection_endpoint", u.introspection_endpoint},
        {"upstream.jwks_uri", u.jwks_uri},
        {"validation.endpoint", c.validation.endpoint},
        {"tools.authenticated_request_url", c.tools.authenticated_request_url},
    };
    refuse_clear_headers(l);
    bool used = false;
    for (auto const& [key, url] : addresses)
        refuse_clear_text(l, key, url, used);
    for (std::size_t i = 0; i < c.trusted_issuers.size(); ++i) {
        auto const table = "trusted_issuers[" + std::to_string(i) + ']';
        if (l.broken.contains(table)) continue;
        refuse_clear_text(l, table + ".jwks_uri", c.trusted_issuers[i].jwks_uri, used);
    }
    note_clear_text(l, used);
}

// With it, anybody who can reach us could have our own machine asked.
void loopback_is_not_shown_to_strangers(loading& l) {
    auto& c = l.result;
    if (!c.oauth.loopback_metadata) return;
    constexpr std::string_view key = "registration.allow_loopback_metadata";
    std::pair<std::string_view, std::string const&> const names[] = {
        {"authorization_server.public_url", c.authorization_server.public_url},
        {"mcp.public_url", c.mcp_server.public_url}};
    for (auto const& [name, url] : names) {
        auto const to = http::split_url(url);
        if (!to || is_loopback(address{to->host, to->port})) continue;
        return l.refuse(key, "does not go with " + std::string(name) + " = " + in_quotes(url) +
                                 ": strangers could have the ports of this machine asked by naming "
                                 "them as their client_id; leave one of the two out");
    }
    auto const shown = [](std::string const& listen) {
        auto const at = parse_address(listen);
        return at && !is_loopback(*at);
    };
    if (!shown(c.authorization_server.listen) && !shown(c.mcp_server.listen)) return;
    c.notes.emplace_back(
        "registration.allow_loopback_metadata is true and a listener is not loopback: whoever "
        "reaches it can have the ports of this machine asked");
}

}  // namespace tollgate::settings
