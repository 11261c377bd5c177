// What a realm's authorization server is configured to do. Not its faults.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

namespace tollgate::oauth {

using seconds = std::chrono::seconds;
using milliseconds = std::chrono::milliseconds;

enum class consent_mode { automatic, deny };  // page and login come with their pages
enum class token_format { opaque, jwt };      // RFC 9068
enum class refresh_rotation { public_clients, always, never };
enum class refresh_reuse { revoke_family, reject };
enum class introspection_access { protected_, open };
enum class strategy { introspection, userinfo, jwt, local };

struct user {
    std::string name;
    boost::json::object claims;
};

// A plain value; replaced as a whole (realm_state::set_policy), read once per request.
struct policy {
    consent_mode consent = consent_mode::automatic;
    introspection_access introspection = introspection_access::protected_;
    std::vector<std::string> scopes{"openid",         "profile",   "email",
                                    "offline_access", "mcp:tools", "mcp:admin"};
    bool any_resource = false;               // authorization_server.resources = "any"
    std::vector<std::string> resource_list;  // further resources besides our own

    token_format format = token_format::opaque;
    milliseconds access_ttl{3'600'000};
    milliseconds refresh_ttl{2'592'000'000};
    milliseconds code_ttl{120'000};
    refresh_rotation rotation = refresh_rotation::public_clients;
    refresh_reuse reuse = refresh_reuse::revoke_family;

    // Granted when a client asks for none, and what the MCP server requires.
    std::vector<std::string> default_scopes{"mcp:tools"};

    bool dynamic_registration = true;
    std::string default_auth_method = "client_secret_basic";
    std::vector<std::string> redirect_hosts{"*"};

    std::vector<user> users{{"demo", {}}};  // the first is who approves automatically

    oauth::strategy validation = oauth::strategy::introspection;
};

}  // namespace tollgate::oauth
