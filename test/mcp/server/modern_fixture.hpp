// A well-formed request of 2026-07-28, to be bent by each case.
#pragma once

#include "mcp/server/fixture.hpp"

namespace test {

inline constexpr char version_key[] = "io.modelcontextprotocol/protocolVersion";
inline constexpr char capabilities_key[] = "io.modelcontextprotocol/clientCapabilities";
inline constexpr char info_key[] = "io.modelcontextprotocol/serverInfo";
inline constexpr char subscription_key[] = "io.modelcontextprotocol/subscriptionId";
inline constexpr char tasks_extension[] = "io.modelcontextprotocol/tasks";

struct modern : mcp_fixture {
    std::string method = "server/discover";
    json::object params;
    json::value id = 7;
    std::optional<json::object> meta =
        json::object{{version_key, "2026-07-28"}, {capabilities_key, json::object()}};
    std::map<std::string, std::string> headers{{"MCP-Protocol-Version", "2026-07-28"}};

    void calls(std::string const& tool, json::object arguments = {}) {
        method = "tools/call";
        params = {{"name", tool}, {"arguments", std::move(arguments)}};
        headers = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Name", tool}};
    }
    void gets(std::string const& prompt) {
        method = "prompts/get";
        params = {{"name", prompt}};
        headers = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Name", prompt}};
    }
    // tasks/get, tasks/update or tasks/cancel.
    void asks_task(std::string const& what, std::string const& task, json::object more = {}) {
        method = what;
        params = std::move(more);
        params["taskId"] = task;
        headers = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Name", task}};
    }
    void declares(json::object capabilities) {
        (*meta)[capabilities_key] = std::move(capabilities);
    }
    void with_fixtures() {
        change_policy([](mcp::policy& p) { p.fixtures = true; });
    }

    std::string body() const {
        auto p = params;
        if (meta) p["_meta"] = *meta;
        json::object const m{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", p}};
        return json::serialize(m);
    }
    fields all_headers() {
        headers.emplace("Mcp-Method", method);
        return {headers.begin(), headers.end()};
    }
    answer send() { return post(body(), all_headers()); }
    // The result, which must have that type.
    json::object result(std::string const& type = "complete") {
        auto const r = result_of(send());
        BOOST_TEST(r.at("resultType").as_string() == type);
        return r.as_object();
    }
    http::reply stream() {
        auto h = with_token(all_headers());
        h.emplace_back("Content-Type", "application/json");
        h.emplace_back("Accept", both);
        return b.raw(http::verb::post, "/mcp", body(), std::move(h));
    }
    // HTTP 400 with that JSON-RPC code and the id of the request.
    void refused(int code) {
        auto const a = send();
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(error_of(a) == code);
        BOOST_TEST(a.json().at("id") == id);
    }
};

}  // namespace test
