#include "oauth/discovery/metadata_document.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>

#include "oauth/jose/key_ring.hpp"
#include "oauth/model/id_token_algorithm.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/scope.hpp"
#include "oauth/model/supported.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

// What a part of the document is written from.
struct source {
    http::place const& where;
    policy const& rules;
    std::string issuer;
};

template <class Texts>
json::array list(Texts const& values) {
    json::array a;
    for (auto const& v : values)
        a.emplace_back(std::string_view(v));
    return a;
}

template <class Texts>
json::array without(Texts const& values, std::string_view left_out) {
    json::array a;
    for (std::string_view const v : values) {
        if (v != left_out) a.emplace_back(v);
    }
    return a;
}

void endpoints(json::object& o, source const& s) {
    auto const& at = *s.where.endpoints;
    o["issuer"] = s.issuer;
    o["authorization_endpoint"] = s.issuer + at.authorize;
    o["token_endpoint"] = s.issuer + at.token;
    if (s.rules.dynamic_registration) o["registration_endpoint"] = s.issuer + at.registration;
    if (is_usable(s.rules, grant_device))
        o["device_authorization_endpoint"] = s.issuer + at.device_authorization;
    o["introspection_endpoint"] = s.issuer + at.introspect;
    o["revocation_endpoint"] = s.issuer + at.revoke;
    o["userinfo_endpoint"] = s.issuer + at.userinfo;
    o["jwks_uri"] = s.issuer + at.jwks;
}

// At the MCP origin the document names what the MCP server asks for, because clients that take
// that origin for the authorization server ask for all that it names.
void scopes(json::object& o, source const& s) {
    bool const mcp = s.where.at == http::site::mcp_server;
    auto supported = list(mcp ? default_scopes(s.rules) : s.rules.scopes);
    if (!supported.empty()) o["scopes_supported"] = std::move(supported);  // RFC 8414 §3.2
}

// OAuth 2.0 Multiple Response Types, RFC 7636, RFC 9207 §3, OpenID Connect Core §6 and §5.5.
void authorization(json::object& o, source const&) {
    // RFC 8414 §2: required, and the SDKs take no document without it.
    o["response_types_supported"] = list(supported::response_types);
    o["response_modes_supported"] = list(supported::response_modes);
    o["code_challenge_methods_supported"] = json::array{"S256"};
    o["authorization_response_iss_parameter_supported"] = true;
    o["request_parameter_supported"] = false;
    o["request_uri_parameter_supported"] = false;
    o["claims_parameter_supported"] = false;
    o["prompt_values_supported"] = list(supported::prompts);
}

void grants(json::object& o, source const& s) {
    o["grant_types_supported"] = list(usable_grants(s.rules));
}

// RFC 8414 §2: at the token, introspection and revocation endpoints.
void client_authentication(json::object& o, source const& s) {
    bool const open = s.rules.introspection == introspection_access::open;
    auto const& methods = s.rules.auth_methods;
    o["token_endpoint_auth_methods_supported"] = list(methods);
    auto introspecting = open ? list(methods) : without(methods, "none");
    // RFC 8414 §3.2: claims with zero elements are left out.
    if (!introspecting.empty())
        o["introspection_endpoint_auth_methods_supported"] = std::move(introspecting);
    o["revocation_endpoint_auth_methods_supported"] = list(methods);
    // RFC 8414 §2: MUST be there when private_key_jwt is.
    if (std::ranges::find(methods, "private_key_jwt") == methods.end()) return;
    for (auto const* endpoint : {"token", "introspection", "revocation"})
        o[std::string(endpoint) + "_endpoint_auth_signing_alg_values_supported"] =
            list(supported::client_algorithms);
}

// Client ID Metadata Document §5.
void registration(json::object& o, source const& s) {
    o["client_id_metadata_document_supported"] = s.rules.client_documents;
}

json::array names_of(auto const& algorithms) {
    json::array a;
    for (auto const algorithm : algorithms)
        a.emplace_back(to_text(algorithm));
    return a;
}

// RFC 9449 §5.1.
void proof_of_possession(json::object& o, source const& s) {
    if (s.rules.dpop == dpop_mode::off) return;
    auto algorithms = names_of(asymmetric_algorithms);
    algorithms.emplace_back(ed25519_name);
    o["dpop_signing_alg_values_supported"] = std::move(algorithms);
}

// OpenID Connect Discovery §3.
void identity(json::object& o, source const& s) {
    o["subject_types_supported"] = json::array{"public"};
    o["id_token_signing_alg_values_supported"] = names_of(id_token_algorithms(s.rules));
    scope_list claims{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce"};
    for (auto const& u : s.rules.users) {
        for (auto const& member : u.claims)
            claims = with_scope(std::move(claims), member.key());
    }
    o["claims_supported"] = list(claims);
}

// Each feature writes its own lines; what comes later may add to what an earlier one wrote.
constexpr std::array parts{
    &endpoints,           &scopes,       &authorization, &grants, &client_authentication,
    &proof_of_possession, &registration, &identity};

}  // namespace

json::object metadata_document(http::place const& where, policy const& p) {
    source const s{where, p, where.issuer_here()};
    json::object o;
    for (auto const part : parts)
        part(o, s);
    return o;
}

}  // namespace tollgate::oauth
