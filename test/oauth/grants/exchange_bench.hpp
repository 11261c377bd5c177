// An authorization server with clients that may exchange tokens (RFC 8693), and the requests.
#pragma once

#include <string>

#include "base/crypto.hpp"
#include "oauth/server/authorization_bench.hpp"

namespace test {

inline std::string const exchange_type = "urn:ietf:params:oauth:grant-type:token-exchange";
inline std::string const access_type = "urn:ietf:params:oauth:token-type:access_token";
inline std::string const jwt_type = "urn:ietf:params:oauth:token-type:jwt";
inline std::string const id_type = "urn:ietf:params:oauth:token-type:id_token";

// "app" logs people in; "api" may exchange, and "gateway" for another audience as well.
struct exchange_bench : authorization_bench {
    exchange_bench() : authorization_bench(configured()) {}

    json::value tokens = login("app", "openid mcp:tools mcp:admin");
    std::string subject = text(tokens, "access_token");

    static oauth::server_options configured() {
        oauth::server_options o;
        oauth::configured_client app;
        app.client_id = "app";
        app.redirect_uris = {callback};
        oauth::configured_client api;
        api.client_id = "api";
        api.client_secret = "secret";
        api.redirect_uris = {callback};
        api.grant_types = {"authorization_code", "refresh_token", "client_credentials",
                           exchange_type};
        auto limited = api;
        limited.client_id = "limited";
        limited.scope = "mcp:tools";
        auto gateway = api;
        gateway.client_id = "gateway";
        gateway.exchange_audience = {"https://down.example/", "reports"};
        auto open = api;
        open.client_id = "open";
        open.client_secret = "";
        o.clients = {app, api, limited, gateway, open};
        o.configured.resource_list = {"https://down.example/", "reports"};
        // Strangers may exchange here: what keeps them within bounds must be something else.
        o.configured.registration_grant_types = o.configured.grant_types;
        return o;
    }

    // A client that is in the store and not in the configuration, with the secret "secret" and the
    // registration access token "manage".
    void add_stranger(std::string const& id) {
        oauth::client c;
        c.id = id;
        c.secret_digest = tollgate::digest_of("secret");
        c.registration_digest = tollgate::digest_of("manage");
        c.metadata["redirect_uris"] = json::array{callback};
        c.metadata["grant_types"] =
            json::array{"authorization_code", "refresh_token", "client_credentials", exchange_type};
        c.metadata["token_endpoint_auth_method"] = "client_secret_basic";
        BOOST_REQUIRE(
            bool(run(server.records().add_client("default", c, tollgate::time_point::max()))));
    }
    answer remove_stranger(std::string const& id) {
        return web.send(http::verb::delete_, "/register/" + id, "",
                        {{"Authorization", "Bearer manage"}});
    }

    fields request() const { return request(subject); }
    static fields request(std::string const& token, std::string const& type = access_type) {
        return {
            {"grant_type", exchange_type}, {"subject_token", token}, {"subject_token_type", type}};
    }
    answer by(std::string const& id, fields const& f) {
        return token(f, basic(tollgate::to_base64(id + ":secret")));
    }
    answer ask(fields const& more = {}) {
        auto f = request();
        for (auto const& [name, value] : more)
            f.emplace_back(name, value);
        return by("api", f);
    }
    // The tokens of a request that must succeed.
    json::value got(std::string const& id, fields const& f) {
        auto const a = by(id, f);
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
    json::value exchanged(fields const& more = {}) {
        auto const a = ask(more);
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
    std::string exchanged_by(std::string const& id, std::string const& token) {
        return text(got(id, request(token)), "access_token");
    }
    std::string own_token(std::string const& id) {
        return text(by(id, {{"grant_type", "client_credentials"}}).json(), "access_token");
    }
    // A login by a client that authenticates; `more` replaces parameters of the request.
    json::value login_of(std::string const& id, std::string const& scope, fields const& more = {}) {
        auto r = with(authorize_request(id), "scope", scope);
        for (auto const& [name, value] : more)
            r.emplace_back(name, value);
        return got(id, with(code_request(id, code_for(r)), "client_id", ""));
    }
    answer revoke(std::string const& id, std::string const& token) {
        return web.post_form("/revoke", {{"token", token}},
                             basic(tollgate::to_base64(id + ":secret")));
    }
    std::string audience_of(std::string const& token) {
        return json::serialize(introspect(token).at("aud"));
    }
};

}  // namespace test
