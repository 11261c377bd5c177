// Broker mode: somebody else's authorization server says who the person is.
#include <algorithm>

#include "config/loading.hpp"
#include "config/values/formats.hpp"

namespace tollgate::settings {
namespace {

constexpr std::string_view device_grant = "urn:ietf:params:oauth:grant-type:device_code";
constexpr std::size_t shortest_key = 32;

bool is_broker(loading const& l) {
    return l.result.authorization_server.mode == "broker" &&
           !l.broken.contains("authorization_server.mode");
}

void provider_is_known(loading& l) {
    auto const& u = l.result.upstream;
    bool const endpoints = !u.authorization_endpoint.empty() && !u.token_endpoint.empty();
    if (u.issuer.empty() && !endpoints)
        l.refuse("authorization_server.mode",
                 "\"broker\" needs upstream.issuer, or upstream.authorization_endpoint and "
                 "upstream.token_endpoint: whom to ask who the person is");
    if (u.client_id.empty())
        l.refuse("authorization_server.mode",
                 "\"broker\" needs upstream.client_id: what tollgate is to the provider");
}

// Both would ask a person here, where nobody has an account.
void nobody_logs_in_here(loading& l) {
    auto const& as = l.result.oauth;
    if (as.consent == oauth::consent_mode::login)
        l.refuse("authorization_server.consent",
                 "\"login\" makes no sense with mode = \"broker\": people log in at the provider; "
                 "use \"page\" or \"auto\"");
    if (std::ranges::find(as.grant_types, device_grant) != as.grant_types.end())
        l.refuse("authorization_server.grant_types",
                 in_quotes(device_grant) +
                     " makes no sense with mode = \"broker\": its page asks "
                     "nobody else; leave it out");
    if (l.given("users"))
        l.result.notes.emplace_back(
            "[[users]] are not used with mode = \"broker\": people log in at the provider");
}

// The provider's tokens must not open our own door.
void tokens_are_ours(loading& l) {
    if (!l.result.validation.endpoint.empty())
        l.refuse("validation.endpoint",
                 "makes no sense with mode = \"broker\": the tokens are our own; leave it out");
}

void key_is_long_enough(loading& l) {
    auto const& key = l.result.upstream.token_key;
    if (!key.empty() && key.size() < shortest_key)
        l.refuse("upstream.token_key", "must have 32 bytes or more");
}

}  // namespace

void apply_broker_defaults(loading& l) {
    if (!is_broker(l)) return;
    using namespace std::chrono_literals;
    auto& c = l.result;
    if (!l.given("authorization_server.consent")) c.oauth.consent = oauth::consent_mode::page;
    if (!l.given("authorization_server.grant_types")) std::erase(c.oauth.grant_types, device_grant);
    if (!l.given("tokens.code_ttl")) c.oauth.code_ttl = 5min;
    if (!l.given("tokens.access_ttl")) c.oauth.access_ttl = 24h;
    if (!l.given("tokens.refresh_ttl")) c.oauth.refresh_ttl = 30 * 24h;
    if (!l.given("registration.redirect_hosts"))
        c.oauth.redirect_hosts = {"loopback",        "claude.ai",  "claude.com",
                                  "api.smithery.ai", "vscode.dev", "insiders.vscode.dev",
                                  "www.cursor.com",  "cursor://"};
}

void check_broker(loading& l) {
    if (!l.broken.contains("upstream.token_key")) key_is_long_enough(l);
    if (!is_broker(l)) return;
    nobody_logs_in_here(l);
    tokens_are_ours(l);
    for (auto const* key : {"upstream.issuer", "upstream.authorization_endpoint",
                            "upstream.token_endpoint", "upstream.client_id"})
        if (l.broken.contains(key)) return;
    provider_is_known(l);
}

void ask_for_known_scopes(loading& l) {
    auto& c = l.result;
    if (c.has_foreign_tokens() && !l.given("mcp.scopes")) c.mcp.scopes = c.upstream.scopes;
}

void proxy_knows_its_provider(loading& l) {
    auto const& u = l.result.upstream;
    if (l.result.authorization_server.mode != "proxy" || !u.issuer.empty()) return;
    if (!u.authorization_endpoint.empty() && !u.token_endpoint.empty()) return;
    l.refuse("authorization_server.mode",
             "\"proxy\" needs upstream.issuer, or upstream.authorization_endpoint and "
             "upstream.token_endpoint");
}

void provider_can_be_asked(loading& l) {
    auto const& c = l.result;
    if (c.mcp.auth == mcp::auth_mode::none) return;
    auto const why = c.why_unusable(c.oauth.validation);
    if (!why.empty()) l.refuse("validation.strategy", why);
}

}  // namespace tollgate::settings

namespace tollgate {

std::string config::why_unusable(oauth::strategy s) const {
    auto const name = settings::in_quotes(word_of(s)) + ' ';
    // The endpoint of one strategy would be sent what another one asks.
    if (!validation.endpoint.empty() && s != oauth.validation && s != oauth::strategy::local)
        return name + "would ask validation.endpoint, which belongs to validation.strategy = " +
               settings::in_quotes(word_of(oauth.validation)) +
               "; leave validation.endpoint empty, or start the server with this strategy";
    if (!has_foreign_tokens()) return {};
    if (s == oauth::strategy::local)
        return name +
               "looks tokens up where this program issues them, and they come from the "
               "provider of [upstream]; use \"introspection\", \"userinfo\" or \"jwt\"";
    auto const& u = upstream;
    if (!u.issuer.empty()) return {};
    // RFC 9068 section 4: wherever the keys are, the token must name their owner.
    if (s == oauth::strategy::jwt)
        return name + "needs upstream.issuer, which the tokens must name";
    bool const by_userinfo = s == oauth::strategy::userinfo;
    auto const& endpoint = by_userinfo ? u.userinfo_endpoint : u.introspection_endpoint;
    if (!validation.endpoint.empty() || !endpoint.empty()) return {};
    return name + "needs upstream.issuer, upstream." + std::string(word_of(s)) +
           "_endpoint or validation.endpoint";
}

}  // namespace tollgate
