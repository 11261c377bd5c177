// Story: a journal built by hand, exchange by exchange, for rules and expectations.
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "control/conversation/conversation.hpp"
#include "control/journal/event.hpp"
#include "http/message/form.hpp"

namespace test {

namespace control = tollgate::control;
using namespace std::chrono_literals;
using pairs = std::vector<std::pair<std::string, std::string>>;

inline std::string const state_1 = "state-one-state-one";
// RFC 7636 Appendix B.
inline std::string const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
inline std::string const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
inline std::string const resource = "http://localhost:9101/mcp";
inline std::string const redirect = "http://localhost:8765/callback";

// One exchange; the defaults are those of a client that is named "c".
struct exchange {
    std::string endpoint;
    std::string method = "POST";
    std::string target;  // "" = "/" + endpoint
    pairs sent;
    std::string body;
    unsigned status = 200;
    pairs got;
    std::string answer;  // JSON
    std::string client_id = "c";
    std::string error;
    std::vector<std::string> faults;
    bool cut = false;
    std::chrono::milliseconds takes{10};
};

class story {
public:
    // Time goes on by a second before each exchange, unless `gap` says something else.
    story& add(exchange x, std::chrono::milliseconds gap = 1s) {
        now_ += gap;
        auto r = std::make_shared<control::recorded_exchange>();
        r->arrived = now_;
        r->peer = "127.0.0.1";
        r->how = x.cut ? control::delivery::cut : control::delivery::delivered;
        auto const target = x.target.empty() ? '/' + x.endpoint : x.target;
        r->request.start = x.method + ' ' + target;
        pairs sent{{"Host", host}, {"User-Agent", "test"}};
        sent.insert(sent.end(), x.sent.begin(), x.sent.end());
        fill(r->request, sent, x.body);
        r->response.start = std::to_string(x.status);
        pairs got = x.got;
        if (!x.answer.empty()) got.emplace_back("Content-Type", "application/json");
        fill(r->response, got, x.answer);
        control::event e;
        e.endpoint = x.endpoint;
        e.facts.client_id = x.client_id;
        e.facts.error = x.error;
        e.facts.faults = x.faults;
        e.time = now_ + x.takes;
        e.exchange = std::move(r);
        record(std::move(e));
        auto const of = events_.back()->seq;
        for (auto const& fault : x.faults)
            note(control::event_type::fault, fault, of);
        return *this;
    }
    story& note(control::event_type type, std::string outcome, std::uint64_t of = 0) {
        control::event e;
        e.type = type;
        e.time = now_;
        e.outcome = std::move(outcome);
        e.of = of;
        record(std::move(e));
        return *this;
    }

    // GET /authorize that comes back with `code`.
    story& login(std::string const& code = "code-1", pairs other = {}, pairs drop = {}) {
        pairs query{{"response_type", "code"},     {"client_id", "c"},
                    {"redirect_uri", redirect},    {"state", state_1},
                    {"code_challenge", challenge}, {"code_challenge_method", "S256"},
                    {"resource", resource}};
        exchange x;
        x.endpoint = "authorize";
        x.method = "GET";
        x.target = "/authorize?" + encoded(changed(query, other, drop));
        x.status = 302;
        x.got = {{"Location", redirect + "?code=" + code +
                                  "&state=" + value(changed(query, other, drop), "state")}};
        return add(std::move(x));
    }
    static exchange redemption(std::string const& code = "code-1", pairs other = {},
                               pairs drop = {}) {
        pairs form{{"grant_type", "authorization_code"},
                   {"client_id", "c"},
                   {"code", code},
                   {"redirect_uri", redirect},
                   {"code_verifier", verifier},
                   {"resource", resource}};
        return token(changed(form, other, drop), "at-1", "rt-1");
    }
    static exchange refresh(std::string const& with, std::string const& access,
                            std::string const& refresh_token, pairs other = {}, pairs drop = {}) {
        pairs form{{"grant_type", "refresh_token"},
                   {"client_id", "c"},
                   {"refresh_token", with},
                   {"resource", resource}};
        return token(changed(form, other, drop), access, refresh_token);
    }
    static exchange registration(std::string const& uri = redirect) {
        exchange x;
        x.endpoint = "register";
        x.status = 201;
        x.sent = {{"Content-Type", "application/json"}};
        x.body = R"({"client_name":"t","redirect_uris":[")" + uri + R"("]})";
        x.answer = R"({"client_id":"c"})";
        return x;
    }
    // A JSON-RPC message to /mcp in the session "s-1".
    static exchange rpc(std::string const& message, std::string const& access = "at-1",
                        pairs other = {}) {
        exchange x;
        x.endpoint = "mcp";
        x.sent = {{"Content-Type", "application/json"},
                  {"Mcp-Session-Id", "session-one"},
                  {"MCP-Protocol-Version", "2025-11-25"}};
        if (!access.empty()) x.sent.emplace_back("Authorization", "Bearer " + access);
        x.sent = changed(x.sent, other, {});
        x.body = message;
        x.answer = R"({"jsonrpc":"2.0","id":1,"result":{}})";
        return x;
    }
    static exchange initialize(std::string const& revision = "2025-11-25") {
        auto x =
            rpc(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
                revision + R"("}})");
        std::erase_if(x.sent, [](auto const& h) { return h.first.starts_with("M"); });
        x.got = {{"Mcp-Session-Id", "session-one"}};
        x.answer = R"({"jsonrpc":"2.0","id":0,"result":{"protocolVersion":")" + revision + R"("}})";
        return x;
    }
    static exchange initialized() {
        auto x = rpc(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
        x.status = 202;
        x.answer = "";
        return x;
    }
    static exchange call(std::string const& access = "at-1", int id = 1) {
        return rpc(R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
                       R"(,"method":"tools/call","params":{"name":"echo"}})",
                   access);
    }
    // What a right client does from its registration to its first tool call.
    story& good() {
        add(registration());
        login();
        add(redemption());
        add(initialize());
        add(initialized());
        return add(call());
    }

    std::vector<control::event_ptr> const& events() const { return events_; }
    tollgate::time_point now() const { return now_; }
    std::string host = "localhost:9100";

    static std::string encoded(pairs const& p) {
        std::string out;
        for (auto const& [name, text] : p)
            out += (out.empty() ? "" : "&") + name + '=' + tollgate::http::percent_encode(text);
        return out;
    }
    // `other` replaces or adds; the names of `drop` go.
    static pairs changed(pairs of, pairs const& other, pairs const& drop) {
        for (auto const& [name, text] : other) {
            std::erase_if(of, [&](auto const& p) { return p.first == name; });
            of.emplace_back(name, text);
        }
        for (auto const& [name, text] : drop)
            std::erase_if(of, [&](auto const& p) { return p.first == name; });
        return of;
    }

private:
    static exchange token(pairs const& form, std::string const& access,
                          std::string const& refresh_token) {
        exchange x;
        x.endpoint = "token";
        x.sent = {{"Content-Type", "application/x-www-form-urlencoded"}};
        x.body = encoded(form);
        x.answer =
            R"({"access_token":")" + access + R"(","token_type":"Bearer","expires_in":3600)" +
            (refresh_token.empty() ? "" : R"(,"refresh_token":")" + refresh_token + '"') + '}';
        return x;
    }
    static std::string value(pairs const& p, std::string const& name) {
        for (auto const& [n, v] : p)
            if (n == name) return v;
        return {};
    }
    static void fill(control::recorded_message& m, pairs const& fields, std::string const& body) {
        for (auto const& [name, text] : fields)
            m.fields += name + ": " + text + "\r\n";
        m.body = body;
        m.body_size = body.size();
    }
    void record(control::event e) {
        e.seq = events_.size() + 1;
        events_.push_back(std::make_shared<control::event const>(std::move(e)));
    }

    std::vector<control::event_ptr> events_;
    tollgate::time_point now_{std::chrono::seconds(1'800'000'000)};
};

}  // namespace test
