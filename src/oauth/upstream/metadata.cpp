#include "oauth/upstream/metadata.hpp"

#include <algorithm>
#include <optional>

#include <boost/json/array.hpp>

#include "base/json.hpp"
#include "http/message/url.hpp"

namespace tollgate::oauth {

namespace json = boost::json;

namespace {

constexpr std::string_view oidc = "/.well-known/openid-configuration";
constexpr std::string_view oauth = "/.well-known/oauth-authorization-server";

problem wrong_document(std::string_view url, std::string what) {
    return problem(502, "temporarily_unavailable",
                   "The provider's metadata at " + std::string(url) + ' ' + std::move(what));
}

// What endpoints must be reached by.
enum class transport { tls, tls_or_loopback, any };

// What is wrong with an endpoint, if it is there.
std::string_view read_endpoint(json::object const& o, std::string_view name, transport wanted,
                               std::string& into) {
    if (!o.contains(name)) return {};
    auto const text = text_member(o, name);
    auto const address = text ? http::split_url(*text) : std::nullopt;
    if (!address) return "is no URL";
    if (wanted == transport::tls && !address->tls)
        return "is not https, as the issuer is (RFC 8414 section 2)";
    bool const in_clear = !address->tls && !http::is_on_this_machine(address->host);
    if (wanted == transport::tls_or_loopback && in_clear)
        return "is plain http on another machine (RFC 6749 section 3.2). Where that network is "
               "your own, upstream.allow_insecure_http = true lets it be";
    into = *text;
    return {};
}

std::vector<std::string> read_words(json::object const& o, std::string_view name) {
    std::vector<std::string> words;
    auto const* list = o.if_contains(name);
    if (!list || !list->is_array()) return words;
    for (auto const& one : list->get_array())
        if (one.is_string()) words.emplace_back(one.get_string());
    return words;
}

bool is_true(json::object const& o, std::string_view name) {
    auto const* v = o.if_contains(name);
    return v && v->is_bool() && v->get_bool();
}

// The mistake that people make most.
std::string_view slash_hint(std::string_view a, std::string_view b) {
    bool const slash = a.size() + 1 == b.size() ? b.ends_with('/') && b.starts_with(a)
                                                : a.ends_with('/') && a.starts_with(b);
    return slash && a.size() != b.size() ? " (they differ by a slash at the end)" : "";
}

}  // namespace

std::vector<std::string> discovery_urls(std::string_view issuer) {
    auto const parts = http::split_url(issuer);
    if (!parts) return {};
    std::string path(parts->rest);
    // OpenID Connect Discovery §4.1, RFC 8414 §3.1: the slash at the end goes first.
    if (path.ends_with('/')) path.pop_back();
    auto const origin = parts->origin();
    std::vector<std::string> urls{origin + path + std::string(oidc)};
    urls.push_back(origin + std::string(oauth) + path);
    // MCP 2025-11-25 has this spelling as well (Authorization, "Authorization Server Metadata
    // Discovery").
    if (!path.empty()) urls.push_back(origin + std::string(oidc) + path);
    return urls;
}

outcome<provider_metadata> read_discovery(json::object document, std::string_view issuer,
                                          std::string_view url, bool allow_insecure_http) {
    auto const named = text_member(document, "issuer");
    if (!named) return wrong_document(url, "names no issuer.");
    if (*named != issuer)
        return wrong_document(url, "names the issuer \"" + std::string(*named) +
                                       "\", and upstream.issuer is \"" + std::string(issuer) + '"' +
                                       std::string(slash_hint(*named, issuer)) +
                                       ". Both must be equal to the byte (RFC 8414 section 3.3).");
    provider_metadata m;
    m.issuer = *named;
    std::pair<std::string_view, std::string provider_metadata::*> const endpoints[] = {
        {"authorization_endpoint", &provider_metadata::authorization_endpoint},
        {"token_endpoint", &provider_metadata::token_endpoint},
        {"userinfo_endpoint", &provider_metadata::userinfo_endpoint},
        {"introspection_endpoint", &provider_metadata::introspection_endpoint},
        {"revocation_endpoint", &provider_metadata::revocation_endpoint},
        {"registration_endpoint", &provider_metadata::registration_endpoint},
        {"jwks_uri", &provider_metadata::jwks_uri},
    };
    auto const at = http::split_url(issuer);
    auto wanted = allow_insecure_http ? transport::any : transport::tls_or_loopback;
    if (at && at->tls) wanted = transport::tls;
    for (auto const& [name, field] : endpoints) {
        auto const flaw = read_endpoint(document, name, wanted, m.*field);
        if (flaw.empty()) continue;
        return wrong_document(url,
                              "has a " + std::string(name) + " that " + std::string(flaw) + '.');
    }
    m.sends_issuer = is_true(document, "authorization_response_iss_parameter_supported");
    m.token_auth_methods = read_words(document, "token_endpoint_auth_methods_supported");
    m.document = std::move(document);
    return m;
}

provider_metadata merged(provider_options const& configured, provider_metadata published) {
    auto const prefer = [](std::string const& mine, std::string& theirs) {
        if (!mine.empty()) theirs = mine;
    };
    prefer(configured.issuer, published.issuer);
    prefer(configured.authorization_endpoint, published.authorization_endpoint);
    prefer(configured.token_endpoint, published.token_endpoint);
    prefer(configured.userinfo_endpoint, published.userinfo_endpoint);
    prefer(configured.introspection_endpoint, published.introspection_endpoint);
    prefer(configured.jwks_uri, published.jwks_uri);
    return published;
}

bool takes_secret_in_body(provider_metadata const& m) {
    auto const& all = m.token_auth_methods;
    auto const has = [&](std::string_view name) {
        return std::ranges::find(all, name) != all.end();
    };
    return has("client_secret_post") && !has("client_secret_basic");
}

}  // namespace tollgate::oauth
