// Provider options: how somebody else's authorization server is reached.
#pragma once

#include <chrono>
#include <string>
#include <vector>

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
    std::vector<std::string> scopes{"openid", "profile"};  // what a login asks for
    std::chrono::milliseconds timeout{10'000};
    bool allow_insecure_http = false;  // its metadata may name plain http on other machines

    // There is one: an issuer or an endpoint is named.
    bool configured() const noexcept;
    bool operator==(provider_options const&) const = default;
};

}  // namespace tollgate::oauth
