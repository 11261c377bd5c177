// The route table of mode "proxy": what clients of an authorization server look for, and no more.
#include <array>

#include "http/pipeline/moved_routes.hpp"
#include "oauth/proxy/proxy.hpp"
#include "oauth/server/routes.hpp"
#include "oauth/tokens/echo_api.hpp"

namespace tollgate::oauth {

namespace {

using result = task<outcome<http::reply>>;
using row = http::route<proxy>;
using http::verb;

constexpr forwarded_endpoint token{.name = "token request",
                                   .place = "token endpoint",
                                   .key = "token_endpoint",
                                   .address = &provider_metadata::token_endpoint,
                                   .authenticates = true};
constexpr forwarded_endpoint userinfo{.name = "userinfo request",
                                      .place = "userinfo endpoint",
                                      .key = "userinfo_endpoint",
                                      .address = &provider_metadata::userinfo_endpoint};
constexpr forwarded_endpoint registration{.name = "registration",
                                          .place = "registration endpoint",
                                          .key = "issuer",
                                          .address = &provider_metadata::registration_endpoint};
// Whoever may ask about tokens has credentials of its own (RFC 7662 §4): ours are not lent.
constexpr forwarded_endpoint introspection{.name = "introspection request",
                                           .place = "introspection endpoint",
                                           .key = "introspection_endpoint",
                                           .address = &provider_metadata::introspection_endpoint};
constexpr forwarded_endpoint revocation{.name = "revocation",
                                        .place = "revocation endpoint",
                                        .key = "issuer",
                                        .address = &provider_metadata::revocation_endpoint,
                                        .authenticates = true,
                                        .body_is_ignored = true};
constexpr forwarded_endpoint key_set{.name = "key set request",
                                     .place = "key set",
                                     .key = "jwks_uri",
                                     .address = &provider_metadata::jwks_uri};

result metadata(proxy& p, http::context& c) {
    return p.describe(c);
}

result authorize(proxy& p, http::context& c) {
    return p.send_to_login(c);
}

template <forwarded_endpoint const& To>
result forward(proxy& p, http::context& c) {
    return p.forward(c, To);
}

// The API behind the MCP server takes what the MCP server takes: the guard has judged the token.
result anything(proxy&, http::context& c) {
    std::vector<std::string> const no_scopes;
    if (!c.who()) co_return http::challenge::missing_token(c, no_scopes);
    co_return echo(c, c.who()->who.subject);
}

constexpr unsigned page = http::navigation | http::no_cors;
constexpr unsigned document = http::opens_realm | http::public_document;

// Endpoint names as those of the built-in server have, so that the same faults fit.
constexpr std::array rows{
    row{"/.well-known/oauth-authorization-server", verb::get, "as_metadata", &metadata, document},
    row{"/.well-known/openid-configuration", verb::get, "openid_configuration", &metadata,
        document},
    row{"/.well-known/jwks.json", verb::get, "jwks", &forward<key_set>, http::public_document},
    row{"/register", verb::post, "register", &forward<registration>, http::opens_realm},
    row{"/authorize", verb::get, "authorize", &authorize, page},
    row{"/token", verb::post, "token", &forward<token>},
    row{"/introspect", verb::post, "introspect", &forward<introspection>},
    row{"/revoke", verb::post, "revoke", &forward<revocation>},
    row{"/userinfo", verb::get, "userinfo", &forward<userinfo>},
    row{"/userinfo", verb::post, "userinfo", &forward<userinfo>},
    row{"/anything", verb::get, "anything", &anything, http::guarded},
};

}  // namespace

void add_proxy_routes(http::router& table, proxy& p, http::endpoint_paths const& paths) {
    http::add_moved(table, p, std::span<row const>(rows), paths);
    add_other_paths(table, paths);
}

}  // namespace tollgate::oauth
