// The table of the rules.
#include "control/verdict/rule.hpp"

namespace tollgate::control {

namespace {

using enum finding_level;

#define MCP_2025 "https://modelcontextprotocol.io/specification/2025-11-25/basic/"
#define MCP_2026 "https://modelcontextprotocol.io/specification/2026-07-28/basic/"
#define RFC "https://www.rfc-editor.org/rfc/rfc"

constexpr rule token_rules[] = {
    {"token.in_url", must, "No token stood in a URL.", "No token was issued yet.",
     "MCP 2025-11-25, Authorization, Token Requirements",
     MCP_2025 "authorization#token-requirements", &rules::token_in_url},
    {"token.endpoint", should, "The access token went to MCP endpoints and userinfo alone.",
     "No access token was used yet.", "RFC 6749 §10.3", RFC "6749.html#section-10.3",
     &rules::token_at_wrong_endpoint},
    {"token.every_request", must, "Every request of a session carried the access token.",
     "No session with an access token was used yet.",
     "MCP 2025-11-25, Authorization, Token Requirements",
     MCP_2025 "authorization#token-requirements", &rules::token_missing_in_session},
    {"token.new_one_used", should, "After a refresh the new access token was used.",
     "Nothing was refreshed yet.", "RFC 6749 §1.5", RFC "6749.html#section-1.5",
     &rules::new_token_unused},
    {"refresh.when_needed", should,
     "Tokens were refreshed when they were over, not before each use.",
     "Nothing was refreshed yet.", "RFC 6749 §1.5", RFC "6749.html#section-1.5",
     &rules::refresh_before_every_request},
    {"refresh.own_client", must, "Refresh tokens were presented by the client that got them.",
     "Nothing was refreshed yet.", "RFC 6749 §10.4", RFC "6749.html#section-10.4",
     &rules::refresh_by_another_client},
    {"refresh.newest", must, "The newest refresh token was used each time.",
     "Nothing was refreshed yet.", "RFC 6749 §6", RFC "6749.html#section-6",
     &rules::old_refresh_token},
    {"refresh.once", should, "No refresh token was presented twice at the same time.",
     "Nothing was refreshed yet.", "RFC 9700 §4.14.2", RFC "9700.html#section-4.14.2",
     &rules::parallel_refresh},
    {"secret.endpoint", must,
     "Codes, verifiers and refresh tokens went to the endpoints that they are for.",
     "No code and no refresh token was issued yet.", "RFC 6749 §10.4", RFC "6749.html#section-10.4",
     &rules::secret_at_wrong_endpoint},
    {"dpop.jti", must, "Every DPoP proof had an identifier of its own.",
     "No DPoP proof was sent yet.", "RFC 9449 §4.2", RFC "9449.html#section-4.2",
     &rules::dpop_jti_reused},
};

constexpr rule login_rules[] = {
    {"pkce.s256", must, "The login used PKCE with S256.", "Nobody has logged in yet.",
     "MCP 2025-11-25, Authorization, Authorization Code Protection",
     MCP_2025 "authorization#authorization-code-protection", &rules::pkce_s256},
    {"pkce.verifier", must, "Code verifiers had 43 to 128 of the characters that are allowed.",
     "No code was redeemed yet.", "RFC 7636 §4.1", RFC "7636.html#section-4.1",
     &rules::verifier_form},
    {"pkce.matches", must, "Each code was redeemed with the verifier of its own login.",
     "No code was redeemed yet.", "RFC 7636 §4.5", RFC "7636.html#section-4.5",
     &rules::verifier_matches},
    {"pkce.fresh", must, "Every login had a code verifier of its own.", "Nobody has logged in yet.",
     "RFC 9700 §2.1.1", RFC "9700.html#section-2.1.1", &rules::pkce_reused},
    {"state.sent", should, "The login sent a state.", "Nobody has logged in yet.",
     "MCP 2025-11-25, Authorization, Open Redirection", MCP_2025 "authorization#open-redirection",
     &rules::state_sent},
    {"state.fresh", should, "Every login had a state of its own.", "Nobody has logged in yet.",
     "RFC 6749 §10.12", RFC "6749.html#section-10.12", &rules::state_reused},
    {"redirect.equal", must, "The token request named the redirect URI of its login.",
     "No code was redeemed yet.", "RFC 6749 §4.1.3", RFC "6749.html#section-4.1.3",
     &rules::redirect_equal},
    {"code.once", must, "Every code was used once.", "No code was redeemed yet.", "RFC 6749 §4.1.2",
     RFC "6749.html#section-4.1.2", &rules::code_reused},
    {"code.server", must, "Codes were redeemed at the server that had issued them.",
     "No code was redeemed yet.", "RFC 9700 §4.4.2", RFC "9700.html#section-4.4.2",
     &rules::code_at_wrong_server},
};

constexpr rule client_rules[] = {
    {"redirect.allowed", must, "Redirect URIs were https, loopback or of an app of this machine.",
     "Nobody has registered yet.", "MCP 2025-11-25, Authorization, Communication Security",
     MCP_2025 "authorization#communication-security", &rules::redirect_allowed},
    {"client.one_method", must, "The client proved who it is by one method at a time.",
     "No token was asked for yet.", "RFC 6749 §2.3", RFC "6749.html#section-2.3",
     &rules::authenticated_twice},
    {"client.kept", should, "The client registered once and kept its registration.",
     "Nobody has registered yet.", "MCP 2025-11-25, Authorization, Client Registration Approaches",
     MCP_2025 "authorization#client-registration-approaches", &rules::registered_again},
    {"resource.sent", must, "Login and token request named the MCP server as resource.",
     "Nobody has logged in yet.",
     "MCP 2025-11-25, Authorization, Resource Parameter Implementation",
     MCP_2025 "authorization#resource-parameter-implementation", &rules::resource_sent},
    {"resource.refresh", must, "Refreshes named the MCP server as resource.",
     "Nothing was refreshed yet.",
     "MCP 2025-11-25, Authorization, Resource Parameter Implementation",
     MCP_2025 "authorization#resource-parameter-implementation", &rules::resource_at_refresh},
    {"resource.same", must, "The token was asked for the resource that the login had named.",
     "No code was redeemed yet.",
     "MCP 2025-11-25, Authorization, Resource Parameter Implementation",
     MCP_2025 "authorization#resource-parameter-implementation", &rules::resource_consistent},
    {"resource.form", must, "The resource was a URI without a fragment.",
     "No resource was named yet.", "RFC 8707 §2", RFC "8707.html#section-2",
     &rules::resource_without_fragment},
};

constexpr rule mcp_rules[] = {
    {"mcp.initialized", must, "After initialize the client sent notifications/initialized.",
     "No session was initialized and used yet.", "MCP 2025-11-25, Lifecycle, Initialization",
     MCP_2025 "lifecycle#initialization", &rules::initialized_sent},
    {"mcp.version_header", must, "Requests carried MCP-Protocol-Version after initialize.",
     "No session was initialized and used yet.",
     "MCP 2025-11-25, Transports, Protocol Version Header",
     MCP_2025 "transports#protocol-version-header", &rules::version_header},
    {"mcp.version_kept", should, "The client kept to the revision that was negotiated.",
     "No session was initialized and used yet.",
     "MCP 2025-11-25, Transports, Protocol Version Header",
     MCP_2025 "transports#protocol-version-header", &rules::version_kept},
    {"mcp.method_header", must, "Mcp-Method named the method of the body.",
     "Nobody has spoken revision 2026-07-28 yet.",
     "MCP 2026-07-28, Streamable HTTP, Standard Request Headers",
     MCP_2026 "transports/streamable-http#standard-request-headers", &rules::method_header},
    {"mcp.name_header", must, "Mcp-Name named the tool, prompt or resource of the body.",
     "Nobody has called by name in revision 2026-07-28 yet.",
     "MCP 2026-07-28, Streamable HTTP, Standard Request Headers",
     MCP_2026 "transports/streamable-http#standard-request-headers", &rules::name_header},
    {"mcp.cancelled", must, "Only requests that were running were cancelled.",
     "Nothing was cancelled yet.", "MCP 2025-11-25, Cancellation, Behavior Requirements",
     MCP_2025 "utilities/cancellation#behavior-requirements", &rules::cancelled_is_running},
    {"session.dead", must, "A session that was gone was not used any more.",
     "No session was lost yet.", "MCP 2025-11-25, Transports, Session Management",
     MCP_2025 "transports#session-management", &rules::dead_session_used},
};

constexpr rule retry_rules[] = {
    {"challenge.followed", must, "A 401 led to a login or a refresh.", "No 401 was answered yet.",
     "MCP 2025-11-25, Authorization, Protected Resource Metadata Discovery Requirements",
     MCP_2025 "authorization#protected-resource-metadata-discovery-requirements",
     &rules::challenge_followed},
    {"storm.authorize", should, "People were asked to log in a few times at most.",
     "Nobody has logged in yet.", "MCP 2025-11-25, Authorization, Step-Up Authorization Flow",
     MCP_2025 "authorization#step-up-authorization-flow", &rules::authorize_storm},
    {"storm.register", should, "The client did not register again and again.",
     "Nobody has registered yet.", "MCP 2025-11-25, Authorization, Client Registration Approaches",
     MCP_2025 "authorization#client-registration-approaches", &rules::registration_storm},
    {"storm.token", should, "Refused token requests were not repeated again and again.",
     "No token was asked for yet.", "MCP 2025-11-25, Authorization, Step-Up Authorization Flow",
     MCP_2025 "authorization#step-up-authorization-flow", &rules::token_storm},
    {"canary.fetched", should,
     "No URL was fetched that stood in metadata to be looked at by people.",
     "No metadata with such URLs were read yet.",
     "MCP, Security Best Practices, Server-Side Request Forgery",
     "https://modelcontextprotocol.io/docs/tutorials/security/security_best_practices"
     "#server-side-request-forgery-ssrf",
     &rules::canary_fetched},
};

#undef MCP_2025
#undef MCP_2026
#undef RFC

std::vector<rule> joined() {
    std::vector<rule> all;
    for (auto const& part :
         {std::span<rule const>(login_rules), std::span<rule const>(client_rules),
          std::span<rule const>(token_rules), std::span<rule const>(mcp_rules),
          std::span<rule const>(retry_rules)})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace

std::span<rule const> all_rules() noexcept {
    static std::vector<rule> const all = joined();
    return all;
}

}  // namespace tollgate::control
