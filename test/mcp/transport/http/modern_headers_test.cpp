// What a request of 2026-07-28 says of itself, in its body and in its headers.
#include "mcp/server/modern_fixture.hpp"

using test::capabilities_key;
using test::error_of;
using test::text_of;
using test::version_key;
namespace http = tollgate::http;
namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

constexpr char client_info[] = "io.modelcontextprotocol/clientInfo";
constexpr char log_level[] = "io.modelcontextprotocol/logLevel";

struct fixture : test::modern {
    // The request with one more header line.
    test::answer with(std::string const& name, std::string const& value) {
        auto h = all_headers();
        h.emplace_back(name, value);
        return post(body(), h);
    }
    void refused_as_mismatch(test::answer const& a) {
        BOOST_TEST(a.status == 400u);
        BOOST_TEST(error_of(a) == -32020);
        BOOST_TEST(a.json().at("id") == id);
    }
    void calls_mirrored(json::object arguments) {
        with_fixtures();
        calls("test_mirrored_parameters", std::move(arguments));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_modern_headers, fixture)

// MCP 2026-07-28, Base Protocol, "Per-request protocol fields": clientInfo is an Implementation.
BOOST_AUTO_TEST_CASE(client_info_may_be_absent_but_must_be_whole) {
    for (auto const* wrong :
         {"null", "7", R"("name")", "[]", "{}", R"({"name":"n"})", R"({"version":"1"})",
          R"({"name":1,"version":"1"})", R"({"name":"n","version":1})"}) {
        (*meta)[client_info] = json::parse(wrong);
        refused(-32602);
    }
    (*meta)[client_info] = json::parse(R"({"name":"n","version":"1","title":"more"})");
    BOOST_TEST(send().status == 200u);
}

// MCP 2026-07-28, Utilities, Progress, "Progress Flow": a token is a string or an integer.
BOOST_AUTO_TEST_CASE(a_progress_token_is_a_string_or_an_integer) {
    for (auto const* wrong : {"null", "1.5", "true", "{}", R"(["a"])"}) {
        (*meta)["progressToken"] = json::parse(wrong);
        refused(-32602);
    }
    for (auto const* fine : {"0", "-7", "18446744073709551615", R"("")", R"("a")"}) {
        (*meta)["progressToken"] = json::parse(fine);
        BOOST_TEST(send().status == 200u, fine);
    }
}

// MCP 2026-07-28, Utilities, Logging, "Error Handling": the server SHOULD reject a level that it
// does not recognize.
BOOST_AUTO_TEST_CASE(a_log_level_is_one_of_rfc_5424) {
    for (auto const* wrong : {R"("")", R"("INFO")", R"("verbose")", R"("warn")", "7", "null"}) {
        (*meta)[log_level] = json::parse(wrong);
        refused(-32602);
    }
    for (auto const* fine :
         {"debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"}) {
        (*meta)[log_level] = fine;
        BOOST_TEST(send().status == 200u, fine);
    }
}

// An intermediary may have read the other one of two lines.
BOOST_AUTO_TEST_CASE(a_header_that_comes_twice_matches_nothing) {
    refused_as_mismatch(with("MCP-Protocol-Version", "2026-07-28"));
    refused_as_mismatch(with("mcp-method", method));
    calls("echo", {{"message", "hi"}});
    refused_as_mismatch(with("Mcp-Name", "echo"));
    BOOST_TEST(text_of(send()) == "hi");
}

// MCP 2026-07-28, Transports, "Standard Request Headers": Mcp-Name is for the methods that have
// one.
BOOST_AUTO_TEST_CASE(a_name_header_says_nothing_where_the_method_mirrors_nothing) {
    for (auto const* name : {"echo", "", "=?base64?!!?="}) {
        headers = {{"MCP-Protocol-Version", "2026-07-28"}, {"Mcp-Name", name}};
        BOOST_TEST(send().status == 200u, name);
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_the_body_lacks_or_has_in_another_type_matches_nothing) {
    for (auto const* wrong :
         {"{}", R"({"name":null})", R"({"name":7})", R"({"name":["echo"]})", R"({"uri":"echo"})"}) {
        calls("echo");
        params = json::parse(wrong).as_object();
        refused(-32020);
    }
    calls("7");
    params["name"] = 7;
    refused(-32020);
}

// MCP 2026-07-28, Transports, "Value Encoding": half a marker is no marker.
BOOST_AUTO_TEST_CASE(a_name_that_looks_like_base64_is_compared_as_what_it_is) {
    calls("=?base64?ZWNobw==");
    headers["Mcp-Name"] = "=?base64?ZWNobw==";
    BOOST_TEST(error_of(send()) == -32602);  // the header matches: there is no such tool
    calls("=?base64?ZWNobw==?=");
    headers["Mcp-Name"] = "=?base64?ZWNobw==?=";  // stands for "echo"
    refused(-32020);
}

// The order of the rules: what the request is at all, then whether that is spoken, then its
// details.
BOOST_AUTO_TEST_CASE(of_several_faults_the_first_in_order_is_told) {
    struct row {
        char const* version;
        char const* header;
        char const* capabilities;
        char const* method_header;
        int code;
    };
    constexpr row rows[] = {
        {"2026-07-28", "2025-11-25", "7", "wrong", -32020},
        {"1999-01-01", "1999-01-01", "7", "wrong", -32022},
        {"2026-07-28", "2026-07-28", "7", "wrong", -32602},
        {"2026-07-28", "2026-07-28", "{}", "wrong", -32020},
    };
    for (auto const& r : rows) {
        (*meta)[version_key] = r.version;
        (*meta)[capabilities_key] = json::parse(r.capabilities);
        headers = {{"MCP-Protocol-Version", r.header}, {"Mcp-Method", r.method_header}};
        refused(r.code);
    }
}

// MCP 2026-07-28, Transports, "Server Behavior for Custom Headers": each must say what the
// arguments say.
BOOST_AUTO_TEST_CASE(mirrored_arguments_are_checked_wherever_they_stand) {
    calls_mirrored({{"region", "eu"}, {"dry_run", true}, {"limits", {{"count", 3}}}});
    refused(-32020);
    headers["Mcp-Param-Region"] = "eu";
    headers["Mcp-Param-Dry-Run"] = "true";
    refused(-32020);
    headers["Mcp-Param-Count"] = "4";
    refused(-32020);
    headers["Mcp-Param-Count"] = "3";
    BOOST_TEST(text_of(send()).find("\"eu\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_mirrored_header_without_an_argument_is_a_mismatch) {
    calls_mirrored({});
    BOOST_TEST(send().status == 200u);
    headers["Mcp-Param-Region"] = "eu";
    refused(-32020);
    params.erase("arguments");
    refused(-32020);
}

BOOST_AUTO_TEST_CASE(mirrored_headers_of_a_tool_that_is_not_offered_are_not_looked_at) {
    calls("test_mirrored_parameters", {{"region", "eu"}});
    auto const a = send();
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(error_of(a) == -32602);  // an unknown tool
}

BOOST_AUTO_TEST_CASE(headers_that_mirror_nothing_are_not_looked_at) {
    calls("echo", {{"message", "hi"}});
    headers["Mcp-Param-Message"] = "something else";
    BOOST_TEST(text_of(send()) == "hi");
}

// MCP 2026-07-28, Tools, "Error Handling": what does not fit the schema is for the schema to say.
BOOST_AUTO_TEST_CASE(a_mirrored_argument_of_another_type_is_left_to_the_schema) {
    calls_mirrored({{"region", 7}});
    auto const a = send();
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(test::result_of(a).at("isError").as_bool());
}

BOOST_AUTO_TEST_SUITE_END()
