#include "oauth/server/routes.hpp"

#include <array>

#include "http/pipeline/moved_routes.hpp"
#include "oauth/server/endpoints.hpp"

namespace tollgate::oauth {

namespace {

using row = http::route<server>;
using http::verb;

constexpr unsigned page = http::navigation | http::no_cors;
// What a GET makes here (a code, a login) a HEAD must not.
constexpr unsigned acting = page | http::once;
constexpr unsigned metadata = http::opens_realm | http::public_document;

// RFC 7592: the client configuration endpoint.
constexpr std::string_view client_path = "/register/{client_id}";

// Metadata and registration are what a client begins with, so they may create a realm.
constexpr std::array rows{
    row{"/.well-known/oauth-authorization-server", verb::get, "as_metadata", &metadata_endpoint,
        metadata},
    row{"/.well-known/openid-configuration", verb::get, "openid_configuration", &metadata_endpoint,
        metadata},
    row{"/.well-known/jwks.json", verb::get, "jwks", &jwks_endpoint, http::public_document},
    row{"/register", verb::post, "register", &register_endpoint, http::opens_realm},
    row{client_path, verb::get, "register", &read_client_endpoint},
    row{client_path, verb::put, "register", &update_client_endpoint},
    row{client_path, verb::delete_, "register", &delete_client_endpoint},
    row{"/authorize", verb::get, "authorize", &authorize_endpoint, acting},
    row{"/authorize", verb::post, "authorize", &authorize_endpoint, page},
    row{"/token", verb::post, "token", &token_endpoint},
    row{"/device_authorization", verb::post, "device_authorization",
        &device_authorization_endpoint},
    row{"/device", verb::get, "device", &device_endpoint, acting},
    row{"/device", verb::post, "device", &device_endpoint, page},
    row{"/introspect", verb::post, "introspect", &introspect_endpoint},
    row{"/introspect", verb::get, "introspect", &introspect_by_get_endpoint},
    row{"/revoke", verb::post, "revoke", &revoke_endpoint},
    row{"/userinfo", verb::get, "userinfo", &userinfo_endpoint},
    row{"/userinfo", verb::post, "userinfo", &userinfo_endpoint},
    row{"/anything", verb::get, "anything", &anything_endpoint},
};

// Broker mode: where the provider sends the browser back to. No `opens_realm`: the login began
// here.
constexpr std::array broker_rows{
    row{"/callback", verb::get, "callback", &callback_endpoint, acting},
};

struct other_path {
    std::string_view path;
    std::string_view existing;
};

// Where clients look that were written against servers with these paths.
constexpr std::array other_paths{
    other_path{"/oauth/authorize", "/authorize"}, other_path{"/oauth/token", "/token"},
    other_path{"/oauth/register", "/register"},   other_path{"/api/authorize", "/authorize"},
    other_path{"/api/token", "/token"},           other_path{"/api/register", "/register"},
};

}  // namespace

std::span<http::route<server> const> endpoint_rows() noexcept {
    return rows;
}

// A client that ignores the metadata and guesses must not find what was moved away.
void add_other_paths(http::router& table, http::endpoint_paths const& paths) {
    for (auto const& other : other_paths) {
        if (paths.is_standard(other.existing)) table.alias(other.path, other.existing);
    }
}

void add_routes(http::router& table, server& s, http::endpoint_paths const& paths) {
    http::add_moved(table, s, std::span<row const>(rows), paths);
    add_other_paths(table, paths);
    if (!s.upstream()) return;
    table.add(s, std::span<row const>(broker_rows));
    table.alias("/api/callback", "/callback");
}

}  // namespace tollgate::oauth
