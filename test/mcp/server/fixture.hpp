// A realm with an MCP server behind a stand-in for the bearer guard.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "http/pipeline/layer.hpp"
#include "http/pipeline/principal.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/server/builtin.hpp"
#include "mcp/server/server.hpp"
#include "sse/decoder.hpp"
#include "support/exchange.hpp"

namespace test {

namespace json = boost::json;
namespace mcp = tollgate::mcp;
namespace sse = tollgate::sse;

// Tokens are "SUBJECT", "SUBJECT@CLIENT" or "SUBJECT@CLIENT#N"; whoever sends none is anonymous.
struct fake_guard {
    std::set<std::string> dead;        // tokens that recheck refuses
    std::set<std::string> unknowable;  // that recheck cannot tell about
    std::optional<std::vector<std::string>> scopes{{"mcp:tools"}};

    http::credential credential_for(std::string const& token) {
        http::credential c;
        c.token = token;
        c.digest = "digest of " + token;
        auto const numbered = token.substr(0, token.find('#'));
        auto const at = numbered.find('@');
        c.who.subject = numbered.substr(0, at);
        if (at != std::string::npos) c.who.client_id = numbered.substr(at + 1);
        c.who.scopes = scopes;
        c.who.audience = {"http://localhost:9101/mcp"};
        c.who.issuer = "http://localhost:9100";
        c.who.strategy = "local";
        c.recheck = [this, token](http::context const&) {
            return http::credential::question([this, token] { return recheck(this, token); });
        };
        return c;
    }

    static tollgate::task<tollgate::outcome<http::principal>> recheck(fake_guard* self,
                                                                      std::string token) {
        if (self->dead.contains(token)) {
            co_return tollgate::problem(401, "invalid_token", "it is over");
        }
        if (self->unknowable.contains(token)) {
            co_return tollgate::problem(503, "temporarily_unavailable", "nobody answers");
        }
        http::principal who;
        co_return who;
    }

    http::layer layer() {
        return [this](http::context& c, http::handler const& next) {
            auto const header = c.request().header("Authorization");
            if (header.starts_with("Bearer ") && c.guarded()) {
                c.authenticate(credential_for(std::string(header.substr(7))));
            }
            return next(c);
        };
    }
};

inline json::value parsed(std::string const& text) {
    boost::system::error_code ec;
    auto value = json::parse(text, ec);
    BOOST_REQUIRE_MESSAGE(!ec, "not JSON: " << text);
    return value;
}

struct mcp_fixture {
    mcp::policy policy = make_policy();
    fake_guard guard;
    http::router routes;
    bench b{routes, http::stack({guard.layer()}, &run_matched)};
    mcp::server server;
    std::string token = "alice";  // of the next request; empty: none

    static constexpr char both[] = "application/json, text/event-stream";

    explicit mcp_fixture(mcp::toolbox const& tools = mcp::builtin_tools())
        : server(policy, b.clock, mcp::known_methods(), tools) {
        http::mcp_paths const paths;
        mcp::add_routes(routes, server, paths);
        server.open(*b.realm);
        b.where.at = http::site::mcp_server;
        b.records_messages = true;
    }

    static mcp::policy make_policy() {
        mcp::policy p;
        p.grantable_scopes = {"openid", "mcp:tools", "mcp:admin"};
        p.recheck = std::chrono::milliseconds(2);
        return p;
    }
    static tollgate::task<tollgate::outcome<http::reply>> run_matched(http::context& c) {
        return (*c.route().run)(c);
    }

    template <class Change>
    void change_policy(Change change) {
        auto p = *server.current_policy(*b.realm);
        change(p);
        server.set_policy(*b.realm, p);
    }
    void stateless() {
        change_policy([](mcp::policy& p) { p.sessions = mcp::session_mode::stateless; });
    }

    fields with_token(fields headers) const {
        if (!token.empty()) headers.emplace_back("Authorization", "Bearer " + token);
        return headers;
    }
    // A POST on /mcp as a well-behaved legacy client sends it.
    answer post(std::string const& body, fields headers = {}) {
        headers = with_token(std::move(headers));
        bool accept = false;
        for (auto const& [name, value] : headers)
            accept = accept || name == "Accept";
        if (!accept) headers.emplace_back("Accept", both);
        return b.post_json("/mcp", body, std::move(headers));
    }
    static std::string request(std::string const& method, std::string const& params = "",
                               std::string const& id = "1") {
        auto body = R"({"jsonrpc":"2.0","id":)" + id + R"(,"method":")" + method + '"';
        if (!params.empty()) body += R"(,"params":)" + params;
        return body + '}';
    }
    static std::string tool_call(std::string const& name, std::string const& arguments) {
        return request("tools/call", R"({"name":")" + name + R"(","arguments":)" + arguments + '}');
    }
    static std::string initialize(std::string const& version = "2025-11-25") {
        return request("initialize",
                       R"({"protocolVersion":")" + version +
                           R"(","capabilities":{},"clientInfo":{"name":"t","version":"1"}})");
    }
    // The id of a new session.
    std::string begin(std::string const& version = "2025-11-25") {
        auto const a = post(initialize(version));
        BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
        return std::string(a.header("Mcp-Session-Id"));
    }
    static fields in(std::string const& session, std::string const& version = "") {
        fields headers{{"Mcp-Session-Id", session}};
        if (!version.empty()) headers.emplace_back("MCP-Protocol-Version", version);
        return headers;
    }

    // The next events of a stream.
    std::vector<sse::received> events(http::body_stream& s) {
        sse::decoder d;
        for (;;) {
            auto const chunk = run(b.io(), s.next());
            if (!chunk) return {};
            auto got = d.feed(*chunk);
            if (!got.empty()) return got;
        }
    }
    bool ends(http::body_stream& s) {
        for (int i = 0; i < 50; ++i) {
            if (!run(b.io(), s.next())) return true;
        }
        return false;
    }
};

// 2025 revisions without a session.
struct stateless_fixture : mcp_fixture {
    stateless_fixture() { stateless(); }

    void with_fixtures() {
        change_policy([](mcp::policy& p) { p.fixtures = true; });
    }
    answer ask(std::string const& method, std::string const& params = "",
               std::string const& version = "2025-11-25") {
        return post(request(method, params), {{"MCP-Protocol-Version", version}});
    }
    answer call(std::string const& name, std::string const& arguments = "{}",
                std::string const& version = "2025-11-25") {
        return post(tool_call(name, arguments), {{"MCP-Protocol-Version", version}});
    }
};

inline json::value result_of(answer const& a) {
    auto const body = a.json();
    BOOST_REQUIRE_MESSAGE(body.as_object().contains("result"), a.body);
    return body.at("result");
}
inline std::string text_of(answer const& a) {
    return std::string(result_of(a).at("content").at(0).at("text").as_string());
}
inline std::int64_t error_of(answer const& a) {
    auto const body = a.json();
    BOOST_REQUIRE_MESSAGE(body.as_object().contains("error"), a.body);
    return body.at("error").at("code").as_int64();
}

}  // namespace test
