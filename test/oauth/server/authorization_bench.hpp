// An authorization server of one realm without a socket, and the steps of a login in short words.
#pragma once

#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "http/message/form.hpp"
#include "oauth/server/routes.hpp"
#include "oauth/server/server.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "support/exchange.hpp"
#include "support/folder.hpp"

namespace test {

namespace oauth = tollgate::oauth;
namespace json = boost::json;

// RFC 7636 Appendix B.
inline std::string const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline std::string const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
inline std::string const callback = "http://localhost:6274/oauth/callback";
inline std::string const mcp_url = "http://localhost:9101/mcp";
inline std::string const secret_of_internal = "known-to-this-process-only";

// One key for all tests: making one takes longer than most of them.
inline oauth::signing_key const& shared_key() {
    static auto const key = oauth::signing_key::generate_rsa();
    return key;
}

inline std::string text(json::value const& v, std::string_view name) {
    auto const* member = v.as_object().if_contains(name);
    if (!member || !member->is_string()) return "(none)";
    return std::string(member->as_string());
}

// The value of `name`, replaced or added; "" takes it out.
inline fields with(fields all, std::string const& name, std::string const& value) {
    std::erase_if(all, [&](auto const& f) { return f.first == name; });
    if (!value.empty()) all.emplace_back(name, value);
    return all;
}

// A query parameter of a redirect; "(none)" when it is not there exactly once.
inline std::string parameter(answer const& redirect, std::string_view name) {
    std::string const location(redirect.header("Location"));
    auto const question = location.find('?');
    if (question == std::string::npos) return "(none)";
    auto const f = http::form::parse(std::string_view(location).substr(question + 1));
    BOOST_REQUIRE(bool(f));
    auto const value = f->one(name);
    return value ? std::string(*value) : "(none)";
}

// With TOLLGATE_TEST_STORE=sqlite the records are in a file: every test holds there, too.
struct backend_of_tests {
    std::unique_ptr<folder> place;

    std::unique_ptr<oauth::store> open(tollgate::clock const& time) {
        auto const* wanted = std::getenv("TOLLGATE_TEST_STORE");
        if (wanted == nullptr || std::string_view(wanted) != "sqlite")
            return oauth::make_memory_store(time);
        place = std::make_unique<folder>();
        oauth::sqlite_options o{(place->path() / "store.db").string()};
        return oauth::open_sqlite_store(std::move(o), time).store;
    }
};

struct authorization_bench {
    oauth::server_options options;
    backend_of_tests backend;
    http::router routes;
    bench web{routes};
    std::unique_ptr<oauth::store> kept;
    boost::asio::thread_pool pool{1};
    oauth::server server;

    using decorator = std::function<std::unique_ptr<oauth::store>(std::unique_ptr<oauth::store>)>;
    using broker_maker = std::function<oauth::broker*(oauth::store&, tollgate::clock const&)>;

    // `wrap` may put something between the server and the store; `broker` makes it one of broker
    // mode.
    explicit authorization_bench(oauth::server_options o = {}, decorator const& wrap = {},
                                 broker_maker const& broker = {})
        : options(complete(std::move(o))),
          kept(wrapped(backend.open(web.clock), wrap)),
          server(brokered(options, broker), web.clock, *kept, pool) {
        oauth::add_routes(routes, server);
        server.open(*web.realm);
    }

    static std::unique_ptr<oauth::store> wrapped(std::unique_ptr<oauth::store> s,
                                                 decorator const& wrap) {
        return wrap ? wrap(std::move(s)) : std::move(s);
    }
    static oauth::server_options complete(oauth::server_options o) {
        if (!o.key) o.key = shared_key();
        if (o.internal_credential.empty()) o.internal_credential = secret_of_internal;
        return o;
    }

    oauth::server_options brokered(oauth::server_options o, broker_maker const& broker) {
        if (broker) o.broker = broker(*kept, web.clock);
        return o;
    }

    // The server as the control plane sees it.
    oauth::administration& control() noexcept { return server; }

    // Changes the realm's policy: `change` gets it to write on.
    template <class Change>
    void policy(Change change) {
        auto p = *control().current_policy(*web.realm);
        change(p);
        server.set_policy(*web.realm, std::move(p));
    }
    void later(std::chrono::milliseconds by) { web.clock.advance(by); }

    // A public client with both grants, unless `metadata` says otherwise.
    json::value register_client(json::object metadata = {}) {
        json::object all;
        all["redirect_uris"] = json::array{callback};
        all["token_endpoint_auth_method"] = "none";
        all["grant_types"] = json::array{"authorization_code", "refresh_token"};
        for (auto& [name, value] : metadata)
            all[name] = value;
        auto const a = web.post_json("/register", json::serialize(all));
        BOOST_REQUIRE_MESSAGE(a.status == 201, a.body);
        return a.json();
    }
    std::string public_client() { return text(register_client(), "client_id"); }

    static fields authorize_request(std::string const& client_id) {
        return {{"response_type", "code"},     {"client_id", client_id},
                {"redirect_uri", callback},    {"state", "xyz&=\xc3\xa9"},
                {"code_challenge", challenge}, {"code_challenge_method", "S256"}};
    }
    answer authorize(fields const& parameters) {
        return web.get("/authorize?" + encode(parameters));
    }
    std::string code_for(fields const& parameters) {
        auto const a = authorize(parameters);
        BOOST_REQUIRE_MESSAGE(a.status == 302, a.body);
        BOOST_REQUIRE_MESSAGE(parameter(a, "code") != "(none)", a.header("Location"));
        return parameter(a, "code");
    }
    std::string code_for(std::string const& client_id) {
        return code_for(authorize_request(client_id));
    }

    static fields code_request(std::string const& client_id, std::string const& code) {
        return {{"grant_type", "authorization_code"},
                {"code", code},
                {"redirect_uri", callback},
                {"client_id", client_id},
                {"code_verifier", verifier}};
    }
    static fields refresh_request(std::string const& client_id, std::string const& token) {
        return {
            {"grant_type", "refresh_token"}, {"refresh_token", token}, {"client_id", client_id}};
    }
    answer token(fields const& parameters, fields headers = {}) {
        return web.post_form("/token", parameters, std::move(headers));
    }
    // The tokens of a login by a public client that asks for `scope` ("" = for none).
    json::value login(std::string const& client_id, std::string const& scope = "") {
        auto const code = code_for(with(authorize_request(client_id), "scope", scope));
        auto const a = token(code_request(client_id, code));
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
    // What introspection says to somebody who may ask.
    json::value introspect(std::string const& secret) {
        auto const a = web.post_form("/introspect", {{"token", secret}},
                                     {{"Tollgate-Internal", secret_of_internal}});
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
    bool is_active(std::string const& secret) { return introspect(secret).at("active").as_bool(); }
    template <class T>
    T run(tollgate::task<T> work) {
        return test::run(web.io(), std::move(work));
    }
};

// "400 invalid_grant": status and error code of a JSON refusal, which must not be cached.
inline std::string refusal(answer const& a) {
    BOOST_TEST(a.header("Cache-Control") == "no-store");
    return std::to_string(a.status) + ' ' + text(a.json(), "error");
}

inline fields basic(std::string const& credentials_base64) {
    return {{"Authorization", "Basic " + credentials_base64}};
}

}  // namespace test
