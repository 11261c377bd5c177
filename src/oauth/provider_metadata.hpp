// What is known of somebody else's authorization server: configured, or published by it. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "http/problem.hpp"

namespace tollgate::oauth {

// [upstream] of the configuration. An endpoint that is named here counts for more than what the
// issuer publishes.
struct provider_options {
    std::string issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string userinfo_endpoint;
    std::string introspection_endpoint;
    std::string jwks_uri;
    std::string client_id;
    std::string client_secret;
    std::vector<std::string> scopes;  // what a login asks for
    std::chrono::milliseconds timeout{10'000};
    bool allow_insecure_http = false;  // its metadata may name plain http on other machines

    // There is one: an issuer or an endpoint is named.
    bool configured() const noexcept;
};

// RFC 8414 §2, OpenID Connect Discovery §3. Empty: not known, or the provider has none.
struct provider_metadata {
    std::string issuer;
    std::string authorization_endpoint;
    std::string token_endpoint;
    std::string userinfo_endpoint;
    std::string introspection_endpoint;
    std::string revocation_endpoint;
    std::string registration_endpoint;
    std::string jwks_uri;
    // Every answer of its authorization endpoint carries `iss` (RFC 9207 §3).
    bool sends_issuer = false;
    // How clients may authenticate at the token endpoint; empty: client_secret_basic (RFC 8414 §2).
    std::vector<std::string> token_auth_methods;
    boost::json::object document;  // as published; empty without discovery
};

// Where the document may be, in the order of asking: OpenID Connect Discovery §4 appends, RFC 8414
// §3.1 inserts. None for an issuer that is no http or https URL.
std::vector<std::string> discovery_urls(std::string_view issuer);

// A document that was found at `url`. Problem 502 when it is not that of `issuer` (RFC 8414 §3.3,
// OpenID Connect Discovery §4.3: identical, to the byte), a member has a wrong type, an https
// issuer names an endpoint that is not (RFC 8414 §2), or an endpoint is plain http on another
// machine without `allow_insecure_http` (RFC 6749 §3.1, §3.2).
outcome<provider_metadata> read_discovery(boost::json::object document, std::string_view issuer,
                                          std::string_view url, bool allow_insecure_http = false);

// What is configured, over what was published.
provider_metadata merged(provider_options const& configured, provider_metadata published);

}  // namespace tollgate::oauth
