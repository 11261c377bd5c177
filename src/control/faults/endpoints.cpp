#include "control/faults/endpoints.hpp"

#include "control/faults/fault.hpp"

namespace tollgate::control {

namespace {

constexpr endpoint_name endpoints[] = {
    {"as_metadata", as_side},
    {"openid_configuration", as_side},
    {"jwks", as_side},
    {"authorize", as_side},
    {"token", as_side},
    {"register", as_side},
    {"introspect", as_side},
    {"revoke", as_side},
    {"userinfo", as_side},
    {"anything", as_side},
    {"device_authorization", as_side},
    {"device", as_side},
    {"callback", as_side},
    {"resource_metadata", mcp_side},
    {"mcp", mcp_side},
    {"sse", mcp_side},
    {"messages", mcp_side},
    {"test_page", mcp_side},
    {"test_page_login", mcp_side},
    {"test_page_callback", mcp_side},
};

}  // namespace

std::span<endpoint_name const> known_endpoints() noexcept {
    return endpoints;
}

unsigned side_of(std::string_view endpoint) noexcept {
    for (auto const& e : endpoints) {
        if (e.name == endpoint) return e.side;
    }
    return 0;
}

}  // namespace tollgate::control
