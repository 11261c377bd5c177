// The test page, a provider that says what the test wants, and a browser with one cookie.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/crypto.hpp"
#include "oauth/authorize/browser.hpp"
#include "oauth/clients/test_page_client.hpp"
#include "oauth/server/authorization_bench.hpp"
#include "oauth/test_page/test_page.hpp"
#include "oauth/upstream/provider_peer.hpp"

namespace test {

struct test_page_bench {
    http::client client{http::client::options()};
    oauth::provider_options configured;
    std::string mode = "builtin";
    bool offered = true;
    oauth::test_page_transports transports;
    authorization_bench as{options()};
    std::string cookie;

    // What the peer answers.
    json::object document;
    std::string token_body = R"({"access_token":"tok-1","token_type":"Bearer"})";
    unsigned token_status = 200;
    std::string token_type = "application/json";
    std::string userinfo_body = R"({"sub":"alice"})";
    unsigned userinfo_status = 200;
    provider_peer peer;  // ends first: its script reads what stands above

    test_page_bench() {
        as.web.where.at = http::site::mcp_server;
        as.web.where.internal_issuer = peer.url() + "/own";
        configured.issuer = peer.url();
        configured.client_id = "us";
        configured.client_secret = "hush-hush";
        configured.scopes = {"openid", "profile"};
        configured.timeout = std::chrono::seconds(2);
        document["issuer"] = peer.url();
        document["authorization_endpoint"] = peer.url() + "/authorize";
        document["token_endpoint"] = peer.url() + "/token";
        document["userinfo_endpoint"] = peer.url() + "/userinfo";
        peer.script = [this](heard const& h) { return answer_to(h); };
    }

    // Nothing is made before the first request, so that a test may configure it.
    answer get(std::string const& target, bool with_cookie = true) {
        if (!page_) make();
        fields headers;
        if (with_cookie && !cookie.empty()) headers.emplace_back("Cookie", cookie);
        return as.web.get(target, headers);
    }
    // Begins a login; the parameters that the browser is sent away with.
    answer login(std::string const& query = "") {
        auto const a = get("/oauth/login" + query);
        BOOST_REQUIRE_MESSAGE(a.status == 302, a.body);
        std::string const set(a.header("Set-Cookie"));
        cookie = set.substr(0, set.find(';'));
        return a;
    }
    // Comes back with the state of `sent` and these parameters.
    answer come_back(answer const& sent, fields more = {{"code", "the-code"}}) {
        more.emplace_back("state", parameter(sent, "state"));
        return get("/oauth/callback?" + encode(more));
    }
    answer whole_login(std::string const& query = "") { return come_back(login(query)); }

    // The last request that the peer heard at that path.
    std::optional<heard> asked(std::string const& path) {
        std::optional<heard> last;
        for (auto const& h : peer.asked())
            if (h.target == path) last = h;
        return last;
    }
    http::form sent_to(std::string const& path) {
        auto const h = asked(path);
        BOOST_REQUIRE(h.has_value());
        auto const f = http::form::parse(h->body);
        BOOST_REQUIRE(bool(f));
        return *f;
    }
    // An id_token that nobody signed, with these claims over good ones.
    std::string id_token(answer const& sent, json::object const& claims = {}) {
        json::object all;
        all["iss"] = configured.issuer;
        all["aud"] = configured.client_id;
        all["sub"] = "alice";
        all["exp"] = 4'000'000'000;
        all["nonce"] = parameter(sent, "nonce");
        for (auto const& [name, value] : claims)
            all[name] = value;
        return "e30." + tollgate::base64url(json::serialize(all)) + ".c2ln";
    }
    // The token endpoint answers with that id_token.
    void gives(std::string const& id_token) {
        json::object o;
        o["access_token"] = "tok-1";
        o["token_type"] = "Bearer";
        o["id_token"] = id_token;
        token_body = json::serialize(o);
    }

private:
    oauth::server_options options() {
        oauth::server_options o;
        o.test_page_client = [this] { return offered; };
        o.parts = {oauth::test_page_part()};
        return o;
    }
    http::reply answer_to(heard const& h) {
        if (h.target == "/.well-known/openid-configuration")
            return http::reply(200, "application/json", json::serialize(document));
        if (h.target == "/token" || h.target == "/own/token")
            return http::reply(token_status, token_type, token_body);
        if (h.target == "/userinfo" || h.target == "/own/userinfo")
            return http::reply(userinfo_status, "application/json", userinfo_body);
        return http::reply(404, "text/html", "<p>no</p>");
    }
    void make() {
        upstream_ = std::make_unique<oauth::provider>(client, configured, as.web.clock);
        oauth::test_page_options o;
        o.mode = mode;
        o.offered = [this] { return offered; };
        o.transports = [this](http::realm const&) { return transports; };
        page_ = std::make_unique<oauth::test_page>(as.server, *upstream_, client, o);
        oauth::add_test_page_routes(as.routes, *page_);
    }

    std::unique_ptr<oauth::provider> upstream_;
    std::unique_ptr<oauth::test_page> page_;
};

// The text of a <dd> after <dt>name</dt>; "(none)" where there is none.
inline std::string fact(answer const& page, std::string const& name) {
    auto const at = page.body.find("<dt>" + name + "</dt><dd><bdi>");
    if (at == std::string::npos) return "(none)";
    auto const begin = page.body.find("<bdi>", at) + 5;
    return unescaped(page.body.substr(begin, page.body.find("</bdi>", begin) - begin));
}

// What would be copied.
inline std::string copied(answer const& page, std::string const& id) {
    auto const at = page.body.find("<pre id=\"" + id + "\">");
    if (at == std::string::npos) return "(none)";
    auto const begin = page.body.find('>', at) + 1;
    return unescaped(page.body.substr(begin, page.body.find("</pre>", begin) - begin));
}

inline std::string title(answer const& page) {
    auto const begin = page.body.find("<h1>") + 4;
    return page.body.substr(begin, page.body.find("</h1>") - begin);
}

}  // namespace test
