#include "control/faults/catalogue.hpp"

#include <boost/json/array.hpp>

#include "control/faults/endpoints.hpp"
#include "control/faults/named_actions.hpp"

namespace tollgate::control {

namespace json = boost::json;
using namespace named_actions;

namespace {

constexpr std::string_view token_endpoint[] = {"token"};
constexpr std::string_view metadata_endpoints[] = {"as_metadata", "openid_configuration"};
constexpr std::string_view resource_endpoint[] = {"resource_metadata"};
constexpr std::string_view register_endpoint[] = {"register"};
constexpr std::string_view mcp_endpoints[] = {"mcp", "sse", "messages"};
constexpr std::string_view call_endpoints[] = {"mcp", "messages"};

constexpr fault_target token{token_endpoint, "", ""};
constexpr fault_target refresh{token_endpoint, "refresh_token", ""};
constexpr fault_target metadata{metadata_endpoints, "", ""};
constexpr fault_target resource{resource_endpoint, "", ""};
constexpr fault_target registration{register_endpoint, "", ""};
constexpr fault_target mcp{mcp_endpoints, "", ""};
constexpr fault_target tool_calls{call_endpoints, "", "tools/call"};

constexpr fault_parameter wait_parameter[] = {
    {"retry_after", "seconds in Retry-After, 0 to 86400; 1 unless given"}};
constexpr fault_parameter scope_parameter[] = {
    {"scope", "what the challenge names, parted by spaces; the realm's scopes unless given"}};
constexpr fault_parameter life_parameter[] = {
    {"seconds", "what expires_in says, 0 to 31536000; 3600 unless given"}};
constexpr std::span<fault_parameter const> none;
constexpr std::span<fault_parameter const> wait(wait_parameter);
constexpr std::span<fault_parameter const> scope(scope_parameter);
constexpr std::span<fault_parameter const> life(life_parameter);

constexpr auto before = stage::before;
constexpr auto mutate = stage::mutate;

// clang-format off
constexpr named_fault faults[] = {
    {"refresh.invalid_grant", "Every refresh answers 400 invalid_grant.",
     "RFC 6749 §5.2", refresh, before, none, &dead_grant},
    {"token.invalid_client", "The token endpoint answers 401 invalid_client.",
     "RFC 6749 §5.2", token, before, none, &forgotten_client},
    {"token.server_error", "The token endpoint answers 500 without an OAuth error.",
     "RFC 9110 §15.6.1", token, before, none, &server_error},
    {"token.unavailable", "The token endpoint answers 503 with Retry-After.",
     "RFC 9110 §15.6.4", token, before, wait, &unavailable},
    {"token.rate_limited", "The token endpoint answers 429 with Retry-After.",
     "RFC 6585 §4", token, before, wait, &too_many},
    {"token.no_refresh_token", "Token answers are without refresh_token.",
     "RFC 6749 §5.1", token, mutate, none, &no_refresh},
    {"token.no_expires_in", "Token answers are without expires_in.",
     "RFC 6749 §5.1", token, mutate, none, &no_expiry},
    {"token.expires_lies_long", "Token answers say that the access token lives an hour, "
                                "whatever its life is.",
     "RFC 6749 §5.1", token, mutate, life, &overstated_expiry},
    {"register.forbidden", "Registration answers 403.",
     "RFC 9110 §15.5.4", registration, before, none, &closed_registration},
    {"metadata.not_found", "There are no authorization server metadata: 404.",
     "RFC 8414 §3.2", metadata, before, none, &absent},
    {"metadata.issuer_foreign", "The metadata name an issuer that nobody asked.",
     "RFC 8414 §3.3", metadata, mutate, none, &foreign_issuer},
    {"metadata.pkce_absent", "The metadata are without code_challenge_methods_supported.",
     "RFC 8414 §2", metadata, mutate, none, &no_pkce},
    {"resource_metadata.not_found", "There are no protected resource metadata: 404.",
     "RFC 9728 §3.2", resource, before, none, &absent},
    {"resource_metadata.resource_foreign", "They are about a resource of another origin.",
     "RFC 9728 §3.3", resource, mutate, none, &foreign_resource},
    {"resource_metadata.no_authorization_servers", "They are without authorization_servers.",
     "RFC 9728 §2", resource, mutate, none, &no_servers},
    {"mcp.server_error", "The MCP endpoints answer 500.",
     "RFC 9110 §15.6.1", mcp, before, none, &server_error},
    {"mcp.unavailable", "The MCP endpoints answer 503 with Retry-After.",
     "RFC 9110 §15.6.4", mcp, before, wait, &unavailable},
    {"mcp.invalid_token", "A good token is refused with 401 invalid_token.",
     "RFC 6750 §3.1", mcp, before, none, &rejected_token},
    {"scope.forbidden", "Tool calls answer 403 insufficient_scope.",
     "RFC 6750 §3.1", tool_calls, before, scope, &forbidden},
};
// clang-format on

unsigned sides_of(std::span<std::string_view const> endpoints) noexcept {
    unsigned sides = 0;
    for (auto const e : endpoints)
        sides |= side_of(e);
    return sides == 0 ? both_sides : sides;
}

}  // namespace

std::span<named_fault const> catalogue() noexcept {
    return faults;
}

named_fault const* find_named_fault(std::string_view name) noexcept {
    for (auto const& f : faults) {
        if (f.name == name) return &f;
    }
    return nullptr;
}

fault_settings settings_of(named_fault const& f, object_reader& params) {
    fault_settings s;
    s.name = f.name;
    s.own.endpoints.assign(f.about.endpoints.begin(), f.about.endpoints.end());
    s.own.grant_type = f.about.grant_type;
    s.own.mcp_method = f.about.mcp_method;
    s.at = f.at;
    s.action = f.make(params);
    s.side = sides_of(f.about.endpoints);
    return s;
}

fault_settings settings_of(std::string_view name) {
    json::object const none;
    object_reader params(none, "/params");
    return settings_of(*find_named_fault(name), params);
}

json::value describe(named_fault const& f) {
    json::object o;
    o["name"] = f.name;
    o["what"] = f.summary;
    o["clause"] = f.clause;
    json::array endpoints;
    for (auto const e : f.about.endpoints)
        endpoints.emplace_back(e);
    o["endpoints"] = std::move(endpoints);
    if (!f.about.grant_type.empty()) o["grant_type"] = f.about.grant_type;
    if (!f.about.mcp_method.empty()) o["mcp_method"] = f.about.mcp_method;
    json::object parameters;
    for (auto const& p : f.parameters)
        parameters[p.name] = p.summary;
    o["parameters"] = std::move(parameters);
    return o;
}

}  // namespace tollgate::control
