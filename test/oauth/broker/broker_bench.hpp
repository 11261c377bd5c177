// An authorization server in broker mode, a scripted provider behind it, and a login through both.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "oauth/authorize/browser.hpp"
#include "oauth/jose/jws_manner.hpp"
#include "oauth/upstream/broker/broker.hpp"
#include "oauth/upstream/provider_peer.hpp"

namespace test {

inline std::string const our_client_id = "tollgate-at-provider";
inline std::string const our_secret = "our-secret-at-the-provider-0123456789";

// Answers as a provider does, unless the test says otherwise. Members are set before it is asked.
class scripted_provider {
public:
    provider_peer peer;
    json::object document;  // published; see also silent
    bool silent = false;    // publishes nothing
    std::function<http::reply(http::form const&)> on_token;
    std::function<http::reply(heard const&)> on_userinfo;
    std::string nonce;       // of the ID Token
    json::object id_claims;  // what differs in it; null takes a claim out
    json::object token_members;
    std::function<std::string(json::object const&)> sign;  // the ID Token; unset: with shared_key()
    std::vector<oauth::signing_key> keys{shared_key()};    // published
    unsigned keys_status = 200;
    tollgate::clock const* time = nullptr;

    scripted_provider() {
        auto const at = peer.url();
        document["issuer"] = at;
        document["authorization_endpoint"] = at + "/authorize?tenant=a%26b";
        document["token_endpoint"] = at + "/token";
        document["userinfo_endpoint"] = at + "/userinfo";
        document["jwks_uri"] = at + "/jwks";
        document["authorization_response_iss_parameter_supported"] = true;
        peer.script = [this](heard const& h) { return answer(h); };
    }

    static http::reply say(json::object const& o, unsigned status = 200) {
        return http::reply(status, "application/json", json::serialize(o));
    }
    static http::reply refuse(std::string const& error, unsigned status = 400,
                              std::string const& description = "") {
        json::object o;
        o["error"] = error;
        if (!description.empty()) o["error_description"] = description;
        return say(o, status);
    }
    // The n-th pair of tokens: "upstream-access-n", "upstream-refresh-n".
    json::object tokens(bool with_id_token) {
        auto const n = std::to_string(++given_);
        json::object o;
        o["access_token"] = "upstream-access-" + n;
        o["token_type"] = "bearer";
        o["expires_in"] = 3600;
        o["refresh_token"] = "upstream-refresh-" + n;
        if (with_id_token) o["id_token"] = id_token();
        for (auto const& [name, value] : token_members) {
            o[name] = value;
            if (value.is_null()) o.erase(name);
        }
        return o;
    }
    std::string id_token() const {
        auto const now = oauth::to_epoch(time->now());
        json::object claims;
        claims["iss"] = peer.url();
        claims["sub"] = "alice";
        claims["aud"] = our_client_id;
        claims["iat"] = now;
        claims["exp"] = now + 300;
        claims["nonce"] = nonce;
        for (auto const& [name, value] : id_claims) {
            claims[name] = value;
            if (value.is_null()) claims.erase(name);
        }
        return sign ? sign(claims) : oauth::sign_jwt(shared_key(), "JWT", claims);
    }
    // The forms that its token endpoint was sent.
    std::vector<http::form> token_requests() {
        std::vector<http::form> all;
        for (auto const& h : peer.asked())
            if (h.target == "/token") all.push_back(*http::form::parse(h.body));
        return all;
    }
    std::size_t refreshes() {
        std::size_t n = 0;
        for (auto const& f : token_requests())
            n += f.one("grant_type") == "refresh_token" ? 1 : 0;
        return n;
    }

private:
    http::reply answer(heard const& h) {
        if (h.target == "/.well-known/openid-configuration" && !silent) return say(document);
        if (h.target == "/jwks") {
            json::array all;
            for (auto const& key : keys)
                all.push_back(key.public_jwk());
            json::object set;
            set["keys"] = std::move(all);
            return say(set, keys_status);
        }
        if (h.target == "/userinfo") {
            if (on_userinfo) return on_userinfo(h);
            json::object o;
            o["sub"] = "bob";
            return say(o);
        }
        if (h.target != "/token") return http::reply(404, "text/html", "<p>no</p>");
        auto const f = http::form::parse(h.body);
        if (on_token) return on_token(*f);
        return say(tokens(f->one("grant_type") == "authorization_code"));
    }

    std::atomic<int> given_{0};
};

struct provider_side {
    scripted_provider upstream;
    http::client client{http::client::options()};
    std::unique_ptr<oauth::provider> provider;
    std::unique_ptr<oauth::broker> broker;

    oauth::broker* make(oauth::store& s, tollgate::clock const& time, oauth::provider_options o) {
        upstream.time = &time;
        provider = std::make_unique<oauth::provider>(client, std::move(o), time);
        oauth::broker_options b;
        b.token_key = "a key of more than thirty-two bytes for tests";
        broker = std::make_unique<oauth::broker>(*provider, b, s);
        return broker.get();
    }
    static oauth::server_options options_for(http::client& c) {
        oauth::server_options o;
        o.outbound = &c;
        o.configured.consent = oauth::consent_mode::page;
        o.configured.test_buttons = false;
        return o;
    }
    oauth::provider_options by_issuer() const {
        oauth::provider_options o;
        o.issuer = upstream.peer.url();
        o.client_id = our_client_id;
        o.client_secret = our_secret;
        o.scopes = {"openid", "profile"};
        o.timeout = std::chrono::seconds(5);
        return o;
    }
};

// What `change` makes of the provider's options counts.
struct broker_bench : provider_side, authorization_bench {
    std::string id = public_client();
    browser person{*this};

    explicit broker_bench(std::function<void(oauth::provider_options&)> const& change = {},
                          decorator const& wrap = {})
        : authorization_bench(options_for(client), wrap,
                              [&](oauth::store& s, tollgate::clock const& time) {
                                  auto o = by_issuer();
                                  if (change) change(o);
                                  return make(s, time, std::move(o));
                              }) {}

    fields request() const { return authorize_request(id); }
    // Approves our page; the redirect to the provider.
    answer leave(browser& b, fields const& r) {
        auto const page = b.open(r);
        BOOST_REQUIRE_MESSAGE(page.status == 200, page.body);
        auto const sent = b.press(page, "approve");
        BOOST_REQUIRE_MESSAGE(sent.status == 303, sent.body);
        upstream.nonce = parameter(sent, "nonce");
        return sent;
    }
    answer leave(fields const& r) { return leave(person, r); }
    answer leave() { return leave(request()); }
    // What the provider sends the browser back with, by default.
    fields good_answer(answer const& sent) const {
        return {{"code", "upstream-code-1"},
                {"state", parameter(sent, "state")},
                {"iss", upstream.peer.url()}};
    }
    answer come_back(browser& b, fields const& f) { return b.visit("/callback?" + encode(f)); }
    answer come_back(fields const& f) { return come_back(person, f); }
    answer log_in(fields const& r) { return come_back(good_answer(leave(r))); }

    // Our tokens for the code of a login.
    json::value redeem(answer const& home) {
        BOOST_REQUIRE_MESSAGE(parameter(home, "code") != "(none)", home.header("Location")
                                                                       << home.body);
        auto const a = token(code_request(id, parameter(home, "code")));
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return a.json();
    }
    json::value brokered_tokens() { return redeem(log_in(request())); }
    answer refresh(json::value const& tokens) {
        return token(refresh_request(id, text(tokens, "refresh_token")));
    }
    std::string alice() const { return "alice@" + upstream.peer.url().substr(7); }
    std::string family_of(json::value const& tokens) {
        auto const secret = text(tokens, "access_token");
        auto const found = run(server.records().find_access("default", secret));
        BOOST_REQUIRE(found.has_value());
        return found->grant.family;
    }
    tollgate::outcome<oauth::provider_access> access(json::value const& tokens,
                                                     std::string refused = "") {
        return run(broker->access("default", text(tokens, "access_token"), std::move(refused)));
    }
};

}  // namespace test
