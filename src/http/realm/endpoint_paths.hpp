// Endpoint paths of the authorization server, below a realm's base.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tollgate::http {

struct endpoint_paths {
    std::string authorize = "/authorize";
    std::string token = "/token";
    std::string registration = "/register";  // and, below it, the client configuration endpoints
    std::string introspect = "/introspect";
    std::string revoke = "/revoke";
    std::string userinfo = "/userinfo";
    std::string device_authorization = "/device_authorization";
    std::string device = "/device";
    std::string jwks = "/.well-known/jwks.json";

    bool operator==(endpoint_paths const&) const = default;

    // The path of what stands at `standard` ("/register/{client_id}") unless it was moved.
    std::string moved(std::string_view standard) const;
    // True when it stands there.
    bool is_standard(std::string_view standard) const { return moved(standard) == standard; }
};

using endpoint_path = std::string endpoint_paths::*;
// By the names that configuration and faults have for them.
inline constexpr std::array<std::pair<std::string_view, endpoint_path>, 9> named_endpoint_paths{{
    {"authorize", &endpoint_paths::authorize},
    {"token", &endpoint_paths::token},
    {"register", &endpoint_paths::registration},
    {"introspect", &endpoint_paths::introspect},
    {"revoke", &endpoint_paths::revoke},
    {"userinfo", &endpoint_paths::userinfo},
    {"device_authorization", &endpoint_paths::device_authorization},
    {"device", &endpoint_paths::device},
    {"jwks", &endpoint_paths::jwks},
}};

// One for all places that have them where they always are. Never null.
std::shared_ptr<endpoint_paths const> const& standard_endpoint_paths();

}  // namespace tollgate::http
