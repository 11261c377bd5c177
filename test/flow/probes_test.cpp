// Authorization stands in front of every probe: who has no token learns where to get one, and
// nothing of sessions, revisions, methods or what is wrong with a body.
#include <map>

#include <boost/test/unit_test.hpp>

#include "flow/program.hpp"

namespace {

using namespace test;

struct probe {
    std::string method;
    std::string path;
    fields headers;
    std::string body;
};

std::string message(std::string const& method, std::string const& params = "{}") {
    return R"({"jsonrpc":"2.0","id":1,"method":")" + method + R"(","params":)" + params + '}';
}

std::vector<probe> probes(std::string const& session) {
    fields const json{{"Content-Type", "application/json"},
                      {"Accept", "application/json, text/event-stream"}};
    auto const with = [&](std::string const& name, std::string const& value) {
        auto h = json;
        h.emplace_back(name, value);
        return h;
    };
    std::vector<probe> all;
    for (auto const* method : {"initialize", "ping", "tools/list", "server/discover", "nonsense"})
        all.push_back({"POST", "/mcp", json, message(method)});
    for (auto const* body : {"", "{", "[]", "7", "\xff"})
        all.push_back({"POST", "/mcp", json, body});
    all.push_back({"POST", "/mcp", {{"Content-Type", "text/plain"}}, "x"});
    all.push_back({"POST", "/mcp", with("Accept", "text/html"), message("ping")});
    for (auto const& id : {session, std::string("never-was")}) {
        all.push_back({"POST", "/mcp", with("Mcp-Session-Id", id), message("ping")});
        all.push_back(
            {"GET", "/mcp", {{"Accept", "text/event-stream"}, {"Mcp-Session-Id", id}}, ""});
        all.push_back({"DELETE", "/mcp", {{"Mcp-Session-Id", id}}, ""});
        all.push_back({"POST", "/messages?sessionId=" + id, json, message("ping")});
    }
    for (auto const* version :
         {"1999-01-01", "2024-11-05", "2025-11-25", "2026-07-28", "2099-01-01"})
        all.push_back({"POST", "/mcp", with("MCP-Protocol-Version", version), message("ping")});
    all.push_back({"GET", "/mcp", {}, ""});
    all.push_back({"HEAD", "/mcp", {}, ""});
    all.push_back({"GET", "/sse", {}, ""});
    all.push_back({"POST", "/messages", json, message("ping")});
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(probes_flow)

// MCP 2025-11-25, Authorization, "Protected Resource Metadata Discovery Requirements": 401 with
// resource_metadata.
BOOST_AUTO_TEST_CASE(without_a_token_every_probe_is_the_same_challenge) {
    program const p;
    login const me(p.mcp());
    auto const session = open_session(p.mcp(), me.now.access);
    std::map<std::string, std::string> challenges;  // by path: each endpoint names its own document
    for (auto const& one : probes(session)) {
        BOOST_TEST_CONTEXT(one.method << ' ' << one.path << ' ' << one.body) {
            auto const a = call(one.method, p.mcp_origin() + one.path, one.headers, one.body);
            BOOST_TEST(a.status == 401u);
            std::string const challenge(a.header("WWW-Authenticate"));
            BOOST_TEST(challenge.starts_with("Bearer resource_metadata=\""), challenge);
            BOOST_TEST(challenge.find("error") == std::string::npos, challenge);
            auto const path = one.path.substr(0, one.path.find('?'));
            BOOST_TEST(challenges.try_emplace(path, challenge).first->second == challenge);
            BOOST_TEST(a.body.find("jsonrpc") == std::string::npos, a.body);
        }
    }
    // The session of the one who has a token has noticed nothing.
    auto const still = call_tool(p.mcp(), me.now.access, session, "echo", R"({"message":"m"})");
    BOOST_TEST(still.status == 200u);
}

BOOST_AUTO_TEST_CASE(with_a_dead_token_every_probe_says_invalid_token) {
    program const p;
    for (auto const& one : probes("never-was")) {
        BOOST_TEST_CONTEXT(one.method << ' ' << one.path << ' ' << one.body) {
            auto h = one.headers;
            h.emplace_back("Authorization", "Bearer nobody-issued-it");
            auto const a = call(one.method, p.mcp_origin() + one.path, h, one.body);
            BOOST_TEST(a.status == 401u);
            BOOST_TEST(a.header("WWW-Authenticate").find("error=\"invalid_token\"") !=
                       std::string_view::npos);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_body_too_large_is_413_whoever_sends_it) {
    program const p({"server.max_body=1000"});
    login const me(p.mcp());
    auto const big = message("ping", R"({"x":")" + std::string(2'000, 'x') + "\"}");
    BOOST_TEST(post_json(p.mcp(), big).status == 413u);
    BOOST_TEST(post_json(p.mcp(), big, bearer(me.now.access)).status == 413u);
    BOOST_TEST(
        post_json(p.mcp_origin() + "/messages?sessionId=x", big, bearer(me.now.access)).status ==
        413u);
}

BOOST_AUTO_TEST_SUITE_END()
