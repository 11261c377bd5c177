// A proxy in front of a provider that the test scripts.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "http/pipeline/dispatcher.hpp"
#include "oauth/proxy/proxy.hpp"
#include "oauth/server/realm_state.hpp"
#include "oauth/upstream/provider_peer.hpp"

namespace test {

namespace oauth = tollgate::oauth;
namespace json = boost::json;

struct proxy_bench {
    http::client client{http::client::options()};
    tollgate::manual_clock time;
    oauth::provider_options configured;
    json::object document;
    // What everything but the document answers.
    http::reply says{200, "application/json", "{}"};
    std::unique_ptr<oauth::provider> provider;
    std::unique_ptr<oauth::proxy> proxy;
    http::router routes;
    std::unique_ptr<bench> web;
    provider_peer peer;  // ends first: its script reads what stands above

    proxy_bench() {
        configured.issuer = peer.url();
        configured.client_id = "us";
        configured.client_secret = "top:secret";
        configured.timeout = std::chrono::seconds(2);
        document["issuer"] = peer.url();
        publishes("authorization_endpoint", "/authorize");
        publishes("token_endpoint", "/t");
        publishes("userinfo_endpoint", "/me");
        publishes("registration_endpoint", "/clients");
        publishes("introspection_endpoint", "/ask");
        publishes("revocation_endpoint", "/forget");
        publishes("jwks_uri", "/certs");
        peer.script = [this](heard const& h) {
            if (h.target.starts_with("/.well-known/"))
                return http::reply(200, "application/json", json::serialize(document));
            http::reply r(says.status);
            r.headers = says.headers;
            r.body = says.body;
            return r;
        };
    }
    void publishes(std::string_view name, std::string_view path) {
        document[name] = peer.url() + std::string(path);
    }
    void answers(unsigned status, std::string type, std::string body) {
        says = http::reply(status, std::move(type), std::move(body));
    }

    bench& at() {
        if (web) return *web;
        provider = std::make_unique<oauth::provider>(client, configured, time);
        proxy = std::make_unique<oauth::proxy>(*provider, client,
                                               std::vector<std::string>{"openid", "api"});
        oauth::add_proxy_routes(routes, *proxy);
        std::vector<http::layer> layers{http::error_boundary()};
        web = std::make_unique<bench>(routes, http::stack(std::move(layers), &http::run_route));
        auto keys = std::make_shared<oauth::key_source>(std::vector<oauth::signing_key>());
        web->realm->attach(std::make_shared<oauth::realm_state>(
            oauth::policy(), std::vector<std::string>(), std::move(keys)));
        return *web;
    }
    answer token(fields parameters, fields headers = {}) {
        return at().post_form("/token", parameters, std::move(headers));
    }
    // The last question that was no question for the document.
    heard last() {
        auto const all = peer.asked();
        BOOST_REQUIRE(!all.empty());
        BOOST_REQUIRE(!all.back().target.starts_with("/.well-known/"));
        return all.back();
    }
};

inline std::string error_of(answer const& a) {
    return std::string(a.json().at("error").as_string());
}
inline std::string sentence_of(answer const& a) {
    return std::string(a.json().at("error_description").as_string());
}
inline bool has_part(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace test
