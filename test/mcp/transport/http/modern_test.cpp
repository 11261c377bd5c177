// Streamable HTTP, revision 2026-07-28.
#include "mcp/server/modern_fixture.hpp"

using test::capabilities_key;
using test::error_of;
using test::info_key;
using test::modern;
using test::result_of;
using test::text_of;
using test::version_key;
namespace http = tollgate::http;
namespace mcp = tollgate::mcp;
namespace json = boost::json;

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

// "If the server does not implement the requested protocol version": wherever a version that nobody
// here knows may have its place.
BOOST_AUTO_TEST_CASE(refuses_an_unknown_version_in_the_header_also_where_meta_has_none) {
    for (auto const* version : {"2027-01-01", "2026-07-29"}) {
        headers["MCP-Protocol-Version"] = version;
        for (auto const& without : {std::optional<json::object>(), std::optional(json::object())}) {
            meta = without;
            refused(-32022);
            auto const data = send().json().at("error").at("data");
            BOOST_TEST(data.at("requested").as_string() == version);
            BOOST_TEST(data.at("supported").at(0).as_string() == "2026-07-28");
        }
    }
    headers["MCP-Protocol-Version"] = "2026-07-28";
    refused(-32602);
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

// MCP 2026-07-28, Streamable HTTP, "Server Validation": a value with invalid characters is refused,
// be it what the body says.
BOOST_AUTO_TEST_CASE(refuses_a_name_header_that_is_no_ascii) {
    calls("n\xc3\xb6");
    refused(-32020);
    headers["Mcp-Name"] = "=?base64?bsO2?=";
    BOOST_TEST(error_of(send()) == -32602);
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

BOOST_AUTO_TEST_SUITE_END()
