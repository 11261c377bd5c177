#include "oauth/proxy/metadata.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <boost/json/array.hpp>

#include "oauth/model/supported.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

struct endpoint_name {
    std::string_view name;
    std::string provider_metadata::*known;
    http::endpoint_path path;
};

constexpr endpoint_name endpoint_names[] = {
    {"authorization_endpoint", &provider_metadata::authorization_endpoint,
     &http::endpoint_paths::authorize},
    {"token_endpoint", &provider_metadata::token_endpoint, &http::endpoint_paths::token},
    {"registration_endpoint", &provider_metadata::registration_endpoint,
     &http::endpoint_paths::registration},
    {"introspection_endpoint", &provider_metadata::introspection_endpoint,
     &http::endpoint_paths::introspect},
    {"revocation_endpoint", &provider_metadata::revocation_endpoint, &http::endpoint_paths::revoke},
    {"userinfo_endpoint", &provider_metadata::userinfo_endpoint, &http::endpoint_paths::userinfo},
    {"jwks_uri", &provider_metadata::jwks_uri, &http::endpoint_paths::jwks},
};

// What it supports, whoever is asked.
constexpr std::array<std::string_view, 18> copied{
    "response_modes_supported",
    "acr_values_supported",
    "claims_supported",
    "claim_types_supported",
    "claims_parameter_supported",
    "claims_locales_supported",
    "ui_locales_supported",
    "prompt_values_supported",
    "display_values_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "userinfo_signing_alg_values_supported",
    "authorization_details_types_supported",
    "client_id_metadata_document_supported",
    "resource_parameter_supported",
    "service_documentation",
    "op_policy_uri",
    "op_tos_uri",
};

json::array list(std::vector<std::string> const& texts) {
    json::array a;
    for (auto const& t : texts)
        a.emplace_back(t);
    return a;
}

// What the document has in its array `name`, without what `keep` refuses; else `fallback`.
template <class Keep>
json::array choices(json::object const& document, std::string_view name, json::array fallback,
                    Keep const& keep) {
    auto const* given = document.if_contains(name);
    if (!given || !given->is_array()) return fallback;
    json::array kept;
    for (auto const& one : given->get_array())
        if (one.is_string() && keep(std::string_view(one.get_string()))) kept.push_back(one);
    return kept;
}

json::array choices(json::object const& document, std::string_view name, json::array fallback) {
    return choices(document, name, std::move(fallback), [](std::string_view) { return true; });
}

// What a client signs for our URL, and a certificate that it shows to us, the provider refuses.
bool can_be_forwarded(std::string_view auth_method) {
    return auth_method == "none" || auth_method == "client_secret_basic" ||
           auth_method == "client_secret_post";
}

// There is no device authorization endpoint here.
bool has_its_endpoint(std::string_view grant) {
    return grant != grant_device && grant != "urn:openid:params:grant-type:ciba";
}

// RFC 8414 §2: without the member it is client_secret_basic. Where there is no document at all,
// nothing is known, and what clients try is for the provider to judge.
json::array auth_methods(json::object const& document, bool adds_secret) {
    json::array standard{"client_secret_basic"};
    if (document.empty()) standard = {"none", "client_secret_basic", "client_secret_post"};
    auto methods = choices(document, "token_endpoint_auth_methods_supported", std::move(standard),
                           &can_be_forwarded);
    json::value const none("none");
    if (adds_secret && std::ranges::find(methods, none) == methods.end()) methods.push_back(none);
    return methods;
}

}  // namespace

json::object proxy_metadata(http::place const& where, provider_metadata const& m,
                            std::vector<std::string> const& scopes, bool adds_secret) {
    auto const issuer = where.issuer_here();
    auto const& document = m.document;
    json::object o;
    o["issuer"] = issuer;
    for (auto const& e : endpoint_names)
        if (!(m.*e.known).empty()) o[e.name] = issuer + where.endpoints.get()->*e.path;
    // Clients that take the MCP origin for the authorization server ask for all that it names.
    bool const mcp = where.at == http::site::mcp_server;
    o["scopes_supported"] =
        mcp ? list(scopes) : choices(document, "scopes_supported", list(scopes));
    o["response_types_supported"] = choices(document, "response_types_supported", {"code"});
    o["grant_types_supported"] = choices(document, "grant_types_supported",
                                         {"authorization_code", "refresh_token"}, has_its_endpoint);
    o["code_challenge_methods_supported"] =
        choices(document, "code_challenge_methods_supported", {"S256"});
    o["token_endpoint_auth_methods_supported"] = auth_methods(document, adds_secret);
    for (auto const* endpoint : {"introspection", "revocation"}) {
        auto const name = std::string(endpoint) + "_endpoint_auth_methods_supported";
        if (document.contains(name)) o[name] = choices(document, name, {}, &can_be_forwarded);
    }
    o["subject_types_supported"] = choices(document, "subject_types_supported", {"public"});
    o["id_token_signing_alg_values_supported"] =
        choices(document, "id_token_signing_alg_values_supported", {"RS256"});
    // Request objects are made for the issuer that clients know.
    o["request_parameter_supported"] = false;
    o["request_uri_parameter_supported"] = false;
    for (auto const name : copied)
        if (auto const* value = document.if_contains(name)) o[name] = *value;
    return o;
}

}  // namespace tollgate::oauth
