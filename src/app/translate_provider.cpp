#include "app/translate.hpp"

namespace tollgate {

oauth::validator_options validator_options(config const& c, std::string internal_credential) {
    oauth::validator_options o;
    o.endpoint = c.validation.endpoint;
    o.client_id = c.validation.client_id;
    o.client_secret = c.validation.client_secret;
    bool const foreign = c.has_foreign_tokens();
    // Our own secret goes to our own AS and nowhere else, and the provider's to the provider.
    if (o.endpoint.empty() && !foreign) o.internal_credential = std::move(internal_credential);
    if (o.endpoint.empty() && foreign && o.client_id.empty()) {
        o.client_id = c.upstream.client_id;
        o.client_secret = c.upstream.client_secret;
    }
    if (foreign) o.issuer = c.upstream.issuer;
    o.plain_jwts = c.validation.jwt_type == "jwt";
    o.timeout = c.validation.timeout;
    o.cache_ttl = c.validation.cache_ttl;
    return o;
}

std::string validation_limits(config const& c) {
    bool const own = c.validation.endpoint.empty() && !c.has_foreign_tokens();
    if (own || c.mcp.auth == mcp::auth_mode::none) return {};
    switch (c.oauth.validation) {
        case oauth::strategy::userinfo:
            return "userinfo says whose a token is, and neither whom it is meant for nor what it "
                   "may do: audience and scopes are not checked, and any token of this provider "
                   "that has the scope openid is let in";
        case oauth::strategy::introspection:
            return "audience and scopes are checked where the provider's answer names them (aud "
                   "and scope are optional, RFC 7662 section 2.2)";
        case oauth::strategy::jwt:
            return "a revoked token is let in until it expires; audience and scopes are checked, "
                   "and a token without the claim scope has none";
        case oauth::strategy::local:
            break;
    }
    return {};
}

oauth::broker_options broker_options(config const& c) {
    oauth::broker_options o;
    o.token_key = c.upstream.token_key;
    o.redirect_path = c.upstream.redirect_path;
    return o;
}

}  // namespace tollgate
