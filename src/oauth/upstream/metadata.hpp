// Provider metadata: what is known of it, configured or published by it. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "http/message/problem.hpp"
#include "oauth/model/provider_options.hpp"

namespace tollgate::oauth {

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

// The secret goes into the body: the provider takes it there and not by Basic, which is what it
// takes when it says nothing (RFC 8414 §2).
bool takes_secret_in_body(provider_metadata const& m);

}  // namespace tollgate::oauth
