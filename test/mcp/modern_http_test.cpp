// Streamable HTTP, revision 2026-07-28.
#include "fixture.hpp"

using test::error_of;
using test::result_of;
using test::text_of;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace json = boost::json;

namespace {

constexpr char version_key[] = "io.modelcontextprotocol/protocolVersion";
constexpr char capabilities_key[] = "io.modelcontextprotocol/clientCapabilities";
constexpr char info_key[] = "io.modelcontextprotocol/serverInfo";
constexpr char subscription_key[] = "io.modelcontextprotocol/subscriptionId";

// A well-formed request, to be bent by each case.
struct modern : test::mcp_fixture {
    std::string method = "server/discover";
    json::object params;
    json::value id = 7;
    std::optional<json::object> meta =
        json::object{{version_key, "2026-07-28"}, {capabilities_key, json::object()}};
    std::map<std::string, std::string> headers{{"MCP-Protocol-Version", "2026-07-28"}};

    void calls(std::string const& tool, json::object arguments = {}) {
        method = "tools/call";
        params = {{"name", tool}, {"arguments", std::move(arguments)}};
        headers["Mcp-Name"] = tool;
    }
    std::string body() const {
        auto p = params;
        if (meta) p["_meta"] = *meta;
        json::object const m{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", p}};
        return json::serialize(m);
    }
    test::fields all_headers() {
        headers.emplace("Mcp-Method", method);
        return {headers.begin(), headers.end()};
    }
    test::answer send() { return post(body(), all_headers()); }
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

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_modern_http, modern)

BOOST_AUTO_TEST_CASE(discover_says_what_is_spoken_and_who_answers) {
    auto const a = send();
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(a.header("Mcp-Session-Id").empty());
    auto const r = result_of(a);
    BOOST_TEST(r.at("supportedVersions").at(0).as_string() == "2026-07-28");
    BOOST_TEST(r.at("supportedVersions").as_array().size() == 5u);
    BOOST_TEST(r.at("capabilities").as_object().contains("tools"));
    BOOST_TEST(r.at("capabilities").at("tools").at("listChanged").as_bool());
    BOOST_TEST(r.at("resultType").as_string() == "complete");
    BOOST_TEST(r.at("_meta").at(info_key).at("name").as_string() == "tollgate");
    BOOST_TEST(!r.at("_meta").at(info_key).at("version").as_string().empty());
    // "Caching": MUST include caching hints.
    BOOST_TEST(r.at("ttlMs").as_int64() >= 0);
    BOOST_TEST(r.at("cacheScope").as_string() == "public");
}

BOOST_AUTO_TEST_CASE(every_result_is_complete_and_says_who_answered) {
    calls("echo", {{"message", "hi"}});
    auto const a = send();
    BOOST_TEST(text_of(a) == "hi");
    BOOST_TEST(result_of(a).at("resultType").as_string() == "complete");
    BOOST_TEST(result_of(a).at("_meta").at(info_key).at("name").as_string() == "tollgate");
    method = "tools/list";
    params.clear();
    headers = {{"MCP-Protocol-Version", "2026-07-28"}};
    auto const list = result_of(send());
    BOOST_TEST(list.at("resultType").as_string() == "complete");
    BOOST_TEST(list.at("ttlMs").as_int64() >= 0);
    BOOST_TEST(list.at("cacheScope").as_string() == "public");
    BOOST_TEST(list.at("_meta").at(info_key).at("name").as_string() == "tollgate");
}

BOOST_AUTO_TEST_CASE(wants_no_client_info_and_no_session) {
    headers["Mcp-Session-Id"] = "ignored";
    BOOST_TEST(send().status == 200u);
}

// "Per-request protocol fields": missing required fields MUST be -32602 and 400.
BOOST_AUTO_TEST_CASE(refuses_a_request_without_meta) {
    meta.reset();
    refused(-32602);
}

BOOST_AUTO_TEST_CASE(refuses_meta_without_version_or_capabilities_or_of_the_wrong_type) {
    meta->erase(version_key);
    refused(-32602);
    (*meta)[version_key] = 20260728;
    refused(-32602);
    (*meta)[version_key] = "2026-07-28";
    (*meta)[capabilities_key] = "all";
    refused(-32602);
    meta->erase(capabilities_key);
    refused(-32602);
}

// "Protocol Version Negotiation": MUST be -32022 with the versions, 400 on HTTP.
BOOST_AUTO_TEST_CASE(refuses_an_unknown_version_and_names_the_supported_ones) {
    for (auto const* version : {"v999.0.0", "1900-01-01", "2027-01-01"}) {
        (*meta)[version_key] = version;
        headers["MCP-Protocol-Version"] = version;
        refused(-32022);
        auto const data = send().json().at("error").at("data");
        BOOST_TEST(data.at("requested").as_string() == version);
        BOOST_TEST(data.at("supported").at(0).as_string() == "2026-07-28");
    }
}

// "Protocol Version Header": MUST match the body.
BOOST_AUTO_TEST_CASE(refuses_a_version_header_that_is_missing_or_says_something_else) {
    (*meta)[version_key] = "v999.0.0";
    refused(-32020);
    (*meta)[version_key] = "2026-07-28";
    headers["MCP-Protocol-Version"] = "2025-11-25";
    refused(-32020);
    headers.erase("MCP-Protocol-Version");
    refused(-32020);
}

// "Standard Request Headers": REQUIRED; values are case-sensitive.
BOOST_AUTO_TEST_CASE(refuses_a_method_header_that_is_missing_or_says_something_else) {
    for (auto const* value : {"", "tools/list", "SERVER/DISCOVER"}) {
        headers["Mcp-Method"] = value;
        refused(-32020);
    }
}

BOOST_AUTO_TEST_CASE(refuses_a_name_header_that_is_missing_or_says_something_else) {
    calls("echo", {{"message", "hi"}});
    for (auto const* value : {"add", "ECHO", "", "=?base64?YWRk?=", "=?base64?!!!!?="}) {
        headers["Mcp-Name"] = value;
        refused(-32020);
    }
    headers.erase("Mcp-Name");
    refused(-32020);
}

BOOST_AUTO_TEST_CASE(checks_the_name_of_other_methods_that_have_one) {
    method = "resources/read";
    params = {{"uri", "test://x"}};
    refused(-32020);
    headers["Mcp-Name"] = "test://x";
    // MCP 2026-07-28, Server Features, Resources, "Error Handling": not found is -32602.
    auto const a = send();
    BOOST_TEST(error_of(a) == -32602);
    BOOST_TEST(a.json().at("error").at("data").at("uri") == "test://x");
}

// "Value Encoding": servers MUST decode before they compare. Names of headers ignore case.
BOOST_AUTO_TEST_CASE(takes_a_name_in_base64_and_headers_in_any_case) {
    calls("echo", {{"message", "hi"}});
    headers = {{"mcp-protocol-version", "2026-07-28"},
               {"MCP-NAME", "=?base64?ZWNobw==?="},
               {"Mcp-Method", "tools/call"}};
    BOOST_TEST(text_of(send()) == "hi");
}

// "Protocol Version Header": unknown methods MUST be 404 with -32601.
BOOST_AUTO_TEST_CASE(an_unknown_or_removed_method_is_404) {
    for (auto const* m : {"initialize", "ping", "logging/setLevel", "resources/subscribe",
                          "resources/unsubscribe", "unknown/method"}) {
        method = m;
        headers = {{"MCP-Protocol-Version", "2026-07-28"}};
        auto const a = send();
        BOOST_TEST(a.status == 404u);
        BOOST_TEST(error_of(a) == -32601);
        BOOST_TEST(a.json().at("id") == id);
    }
}

BOOST_AUTO_TEST_CASE(errors_of_a_tool_call_travel_inside_200) {
    calls("nonsense");
    auto const unknown = send();
    BOOST_TEST(unknown.status == 200u);
    BOOST_TEST(error_of(unknown) == -32602);
    calls("add");
    auto const wrong = send();
    BOOST_TEST(wrong.status == 200u);
    BOOST_TEST(result_of(wrong).at("isError").as_bool());
    BOOST_TEST(result_of(wrong).at("resultType").as_string() == "complete");
}

BOOST_AUTO_TEST_CASE(a_missing_scope_is_a_challenge_of_http) {
    calls("needs_scope", {{"scope", "mcp:admin"}});
    auto const a = send();
    BOOST_TEST(a.status == 403u);
    BOOST_TEST(!a.header("WWW-Authenticate").empty());
}

// "Sending Messages": notifications are 202, the client MUST NOT send responses.
BOOST_AUTO_TEST_CASE(takes_notifications_and_refuses_responses_and_batches) {
    test::fields const modern_headers{{"MCP-Protocol-Version", "2026-07-28"}};
    auto const n = post(R"({"jsonrpc":"2.0","method":"notifications/x"})", modern_headers);
    BOOST_TEST(n.status == 202u);
    BOOST_TEST(n.body.empty());
    auto const r = post(R"({"jsonrpc":"2.0","id":1,"result":{}})", modern_headers);
    BOOST_TEST(r.status == 400u);
    BOOST_TEST(error_of(r) == -32600);
    // "a JSON-RPC error response that has no id"
    BOOST_TEST(!r.json().as_object().contains("id"));
    BOOST_TEST(post('[' + body() + ']', modern_headers).status == 400u);
    BOOST_TEST(!post("{", modern_headers).json().as_object().contains("id"));
}

BOOST_AUTO_TEST_CASE(a_realm_without_legacy_revisions_tells_initialize_what_it_speaks) {
    change_policy([](mcp::policy& p) { p.versions = {"2026-07-28"}; });
    auto const a = post(initialize("2025-11-25"));
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(error_of(a) == -32022);
    BOOST_TEST(a.json().at("error").at("data").at("requested").as_string() == "2025-11-25");
    // "Compatibility Matrix": a legacy client is rejected per server validation.
    auto const bare = post(request("tools/list"));
    BOOST_TEST(bare.status == 400u);
    BOOST_TEST(error_of(bare) == -32020);
    BOOST_TEST(b.get("/mcp", with_token({{"Accept", both}})).status == 405u);
    BOOST_TEST(b.get("/sse", with_token({})).status == 404u);
}

BOOST_AUTO_TEST_CASE(a_realm_without_the_revision_answers_in_a_way_that_clients_fall_back_on) {
    change_policy([](mcp::policy& p) { p.versions = {"2025-06-18"}; });
    auto const a = send();
    BOOST_TEST(a.status == 400u);
    BOOST_TEST(error_of(a) == -32600);
}

// "Subscriptions": the acknowledgement MUST be the first message and carry the id.
BOOST_AUTO_TEST_CASE(listen_acknowledges_first_and_then_stays_open) {
    change_policy([](mcp::policy& p) { p.heartbeat = std::chrono::milliseconds(3); });
    method = "subscriptions/listen";
    params["notifications"] = {{"toolsListChanged", true}, {"promptsListChanged", true}};
    id = "listen:0";
    auto const r = stream();
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.headers.get("Content-Type") == "text/event-stream");
    BOOST_TEST(r.headers.get("X-Accel-Buffering") == "no");
    auto const first = test::parsed(events(*r.stream).at(0).data);
    BOOST_TEST(first.at("method").as_string() == "notifications/subscriptions/acknowledged");
    BOOST_TEST(first.at("params").at("_meta").at(subscription_key).as_string() == "listen:0");
    auto const& honoured = first.at("params").at("notifications").as_object();
    BOOST_TEST(honoured.at("toolsListChanged").as_bool());
    BOOST_TEST(honoured.at("promptsListChanged").as_bool());
    BOOST_TEST(!honoured.contains("resourcesListChanged"));
    BOOST_TEST(test::run(b.io(), r.stream->next()).value() == ":\n\n");
}

// "Graceful Closure": SHOULD respond to the request before closing the stream.
BOOST_AUTO_TEST_CASE(listen_ends_with_its_result_when_the_server_ends_it) {
    method = "subscriptions/listen";
    params["notifications"] = json::object();
    auto const r = stream();
    events(*r.stream);
    server.end_sessions(*b.realm);
    auto const last = test::parsed(events(*r.stream).at(0).data);
    BOOST_TEST(last.at("id") == id);
    BOOST_TEST(last.at("result").at("resultType").as_string() == "complete");
    BOOST_TEST(last.at("result").at("_meta").at(subscription_key) == id);
    BOOST_TEST(ends(*r.stream));
}

BOOST_AUTO_TEST_CASE(listen_ends_when_its_token_dies) {
    method = "subscriptions/listen";
    params["notifications"] = json::object();
    auto const r = stream();
    guard.dead.insert("alice");
    BOOST_TEST(ends(*r.stream));
}

BOOST_AUTO_TEST_CASE(listen_wants_a_filter_and_has_a_limit) {
    method = "subscriptions/listen";
    BOOST_TEST(error_of(send()) == -32602);
    change_policy([](mcp::policy& p) { p.max_sessions = 1; });
    params["notifications"] = json::object();
    auto const one = stream();
    BOOST_TEST(one.status == 200u);
    BOOST_TEST(stream().status == 503u);
}

BOOST_AUTO_TEST_SUITE_END()
