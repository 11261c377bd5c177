#include "oauth/clients/client_document.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "http/message/form.hpp"
#include "http/message/url.hpp"
#include "http/realm/place.hpp"
#include "oauth/clients/client_metadata.hpp"
#include "oauth/clients/client_metadata_rules.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/model/errors.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_client_id = 2048;

problem refused_client(std::string sentence) {
    return errors::invalid_client.because(sentence).log(sentence);
}

problem bad_document(std::string const& sentence) {
    return refused_client("the client metadata document: " + sentence);
}

// Also "%2e", which many servers take for a dot.
bool has_dot_segment(std::string_view path) {
    while (!path.empty()) {
        auto const end = path.find('/');
        auto const segment = http::percent_decode(path.substr(0, end));
        if (!segment || *segment == "." || *segment == "..") return true;
        path = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
    }
    return false;
}

bool is_printable(std::string_view text) {
    // Some readers of URLs take a backslash for a slash (WHATWG URL) and so see another host.
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f' && c != '\\'; });
}

// §3, in its order.
std::string_view flaw_of_path(std::string_view rest) {
    if (rest.find('#') != rest.npos) return "must not have a fragment";
    auto const path = rest.substr(0, rest.find('?'));
    if (path.empty()) return "must have a path, if only \"/\"";
    if (has_dot_segment(path)) return "must not have dot segments in its path";
    return {};
}

bool is_text(json::object const& o, std::string_view name, std::string_view wanted) {
    auto const* v = o.if_contains(name);
    return v && v->is_string() && v->as_string() == wanted;
}

bool is_filled_text(json::value const* v) {
    return v && v->is_string() && !v->as_string().empty();
}

bool rests_on_secret(std::string_view method) {
    return method.starts_with("client_secret_");
}

// §4.1: there is no way to agree on a shared secret.
std::optional<problem> no_secret(json::object const& document) {
    for (auto const* name : {"client_secret", "client_secret_expires_at"}) {
        if (document.contains(name)) return bad_document(std::string(name) + " must not be in it");
    }
    auto const* method = document.if_contains("token_endpoint_auth_method");
    if (!method || !method->is_string()) return std::nullopt;
    if (rests_on_secret(method->as_string()))
        return bad_document("token_endpoint_auth_method must not rest on a shared secret");
    return std::nullopt;
}

// How this client may authenticate here: by a method that we offer, that needs no shared secret,
// and for which it has keys where they are needed.
bool can_authenticate_by(std::string_view method, json::object const& document, policy const& p) {
    bool const has_keys = document.contains("jwks") || document.contains("jwks_uri");
    bool const offered = std::ranges::find(p.auth_methods, method) != p.auth_methods.end();
    return offered && !rests_on_secret(method) && (method != "private_key_jwt" || has_keys);
}

// Some documents list every method that the client can use, by the name of the server's metadata
// (RFC 8414 §2), for one document serves many servers. Where the one that it names for itself
// cannot be had here, the first of the list that can be is its method.
void settle_method(json::object& document, policy const& p) {
    auto const* list = document.if_contains("token_endpoint_auth_methods_supported");
    if (!list || !list->is_array()) return;
    auto const* named = document.if_contains("token_endpoint_auth_method");
    bool const fits =
        named && named->is_string() && can_authenticate_by(named->get_string(), document, p);
    if (fits) return;
    for (auto const& one : list->get_array()) {
        if (!one.is_string() || !can_authenticate_by(one.get_string(), document, p)) continue;
        json::string const method(one.get_string());
        document["token_endpoint_auth_method"] = method;
        return;
    }
}

// MCP 2025-11-25: client_id, client_name and redirect_uris are required.
std::optional<problem> required_members(std::string_view client_id, json::object const& document) {
    if (!is_text(document, "client_id", client_id))
        return bad_document("its client_id is not exactly the URL it was fetched from");
    if (!is_filled_text(document.if_contains("client_name")))
        return bad_document("client_name is missing");
    auto const* uris = document.if_contains("redirect_uris");
    if (!uris || !uris->is_array() || uris->as_array().empty())
        return bad_document("redirect_uris is missing or empty");
    return no_secret(document);
}

}  // namespace

bool is_document_id(std::string_view client_id) noexcept {
    return client_id.starts_with("https://") || client_id.starts_with("http://");
}

std::optional<http::allowed_addresses> reach_of(std::string_view url, policy const& p) {
    auto const address = http::split_url(url);
    if (!address || !is_printable(url)) return std::nullopt;
    if (address->tls) return http::allowed_addresses::only_public;
    bool const here = p.loopback_metadata && http::is_loopback_name(address->host);
    if (here) return http::allowed_addresses::only_loopback;
    return std::nullopt;
}

outcome<http::allowed_addresses> check_document_id(std::string_view client_id, policy const& p) {
    if (!p.client_documents)
        return refused_client(
            "client ID metadata documents are not supported here; register first");
    if (client_id.size() > longest_client_id)
        return refused_client("a client_id that is a URL must not be longer than 2048 bytes");
    auto const address = http::split_url(client_id);
    if (!address || !is_printable(client_id)) {
        return refused_client(
            "a client_id that is a URL must be well-formed and without user information");
    }
    auto const flaw = flaw_of_path(address->rest);
    if (!flaw.empty()) return refused_client("a client_id that is a URL " + std::string(flaw));
    auto const reach = reach_of(client_id, p);
    if (!reach) {
        return refused_client(p.loopback_metadata
                                  ? "a client_id that is a URL must be https, or http on loopback"
                                  : "a client_id that is a URL must be https");
    }
    return *reach;
}

outcome<client> client_from_document(std::string const& client_id, json::object const& document,
                                     policy const& p) {
    auto read = document;
    settle_method(read, p);
    // RFC 7591 §2.3: what a statement says is ignored where it is not understood. Here it is the
    // document itself that the client stands by, at its own address.
    read.erase("software_statement");
    if (auto why = required_members(client_id, read)) return std::move(*why);
    auto rules = p;
    // What registration falls back on may rest on a secret.
    rules.default_auth_method = "none";
    auto metadata = registered_metadata(read, rules);
    if (!metadata) return bad_document(metadata.error().description());
    client c;
    c.id = client_id;
    c.metadata = std::move(*metadata);
    c.from_document = true;
    read_metadata(c);
    return c;
}

std::string flaw_of_stand_in(std::string const& url, json::object const& document, policy p) {
    p.client_documents = true;  // a realm may be told before it is asked
    auto const fine = check_document_id(url, p);
    if (!fine) return fine.error().description();
    if (document.contains("keys")) {
        auto const flaw = flaw_of_jwks(document);
        return flaw.empty() ? flaw : "the key set " + flaw;
    }
    auto const made = client_from_document(url, document, p);
    return made ? std::string() : made.error().description();
}

}  // namespace tollgate::oauth
