// Discovery: the metadata document in both its names, and the keys.
#include <initializer_list>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "oauth/defaults.hpp"
#include "oauth/endpoints.hpp"

namespace tollgate::oauth {

namespace {

namespace json = boost::json;

json::array list(std::initializer_list<std::string_view> values) {
    json::array a;
    for (auto const v : values)
        a.emplace_back(v);
    return a;
}

json::array list(std::vector<std::string> const& values) {
    json::array a;
    for (auto const& v : values)
        a.emplace_back(v);
    return a;
}

// At the MCP origin the document names what the MCP server asks for, because clients that take
// that origin for the authorization server ask for all that it names.
scope_list advertised_scopes(http::place const& where, policy const& p) {
    return where.at == http::site::mcp_server ? default_scopes(p) : p.scopes;
}

json::array claim_names(policy const& p) {
    auto names = list({"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce"});
    scope_list configured;
    for (auto const& u : p.users) {
        for (auto const& member : u.claims)
            configured = with_scope(std::move(configured), member.key());
    }
    for (auto const& name : configured)
        names.emplace_back(name);
    return names;
}

void add_endpoints(json::object& o, std::string const& base, policy const& p) {
    o["authorization_endpoint"] = base + "/authorize";
    o["token_endpoint"] = base + "/token";
    if (p.dynamic_registration) o["registration_endpoint"] = base + "/register";
    if (is_offered(p, grant_device))
        o["device_authorization_endpoint"] = base + "/device_authorization";
    o["introspection_endpoint"] = base + "/introspect";
    o["revocation_endpoint"] = base + "/revoke";
    o["userinfo_endpoint"] = base + "/userinfo";
    o["jwks_uri"] = base + "/.well-known/jwks.json";
}

// RFC 8414 §2, OpenID Connect Discovery §3, RFC 9207 §3. It says what the policy does, and the
// issuer that the request was sent to.
json::object document(http::place const& where, policy const& p) {
    auto const issuer = where.issuer_here();
    json::object o;
    o["issuer"] = issuer;
    add_endpoints(o, issuer, p);
    o["scopes_supported"] = list(advertised_scopes(where, p));
    o["response_types_supported"] = list({"code"});
    o["response_modes_supported"] = list({"query", "form_post"});
    auto const grants = offered_grants(p);
    o["grant_types_supported"] = json::array(grants.begin(), grants.end());
    o["code_challenge_methods_supported"] = list({"S256"});
    auto const methods =
        list({"none", "client_secret_basic", "client_secret_post", "private_key_jwt"});
    auto const secret_methods =
        list({"client_secret_basic", "client_secret_post", "private_key_jwt"});
    bool const open = p.introspection == introspection_access::open;
    o["token_endpoint_auth_methods_supported"] = methods;
    o["introspection_endpoint_auth_methods_supported"] = open ? methods : secret_methods;
    o["revocation_endpoint_auth_methods_supported"] = methods;
    // RFC 8414 §2: needed beside private_key_jwt.
    auto const algorithms = list({"RS256", "PS256", "ES256", "EdDSA"});
    for (auto const* endpoint : {"token", "introspection", "revocation"})
        o[std::string(endpoint) + "_endpoint_auth_signing_alg_values_supported"] = algorithms;
    o["authorization_response_iss_parameter_supported"] = true;
    o["client_id_metadata_document_supported"] = false;
    o["request_parameter_supported"] = false;
    o["request_uri_parameter_supported"] = false;
    o["claims_parameter_supported"] = false;
    o["prompt_values_supported"] = list({"none", "login", "consent", "select_account"});
    o["subject_types_supported"] = list({"public"});
    o["id_token_signing_alg_values_supported"] = list({"RS256"});
    o["claims_supported"] = claim_names(p);
    return o;
}

// Kept only with leave: the policy can change between two requests, and a client that is being
// tested against the change must see it.
http::reply discovery_reply(json::object const& o) {
    auto r = http::json_reply(200, json::serialize(o));
    r.headers.set("Cache-Control", "no-cache");
    return r;
}

}  // namespace

endpoint_result metadata_endpoint(server& s, http::context& c) {
    auto const p = s.current_policy(c.realm());
    co_return discovery_reply(document(c.place(), *p));
}

endpoint_result jwks_endpoint(server& s, http::context&) {
    json::array keys;
    keys.emplace_back(s.key().public_jwk());
    json::object set;
    set["keys"] = std::move(keys);
    co_return discovery_reply(set);
}

}  // namespace tollgate::oauth
