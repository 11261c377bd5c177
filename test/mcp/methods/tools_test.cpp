// tools/list, tools/call and the tools themselves.
#include <set>

#include "mcp/offerings/tools/toolbox.hpp"
#include "mcp/server/fixture.hpp"

using test::error_of;
using test::result_of;
using test::text_of;

namespace json = boost::json;
namespace mcp = tollgate::mcp;

namespace {

// Under the policy that nobody changed, in the order of the list.
std::vector<std::string> const always_offered{
    "whoami", "echo", "echo_tool", "add", "needs_scope", "show_auth_token", "slow"};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_tools, test::stateless_fixture)

BOOST_AUTO_TEST_CASE(lists_every_tool_with_name_description_and_schema) {
    auto const list = result_of(post(request("tools/list"))).at("tools").as_array();
    std::vector<std::string> names;
    for (auto const& t : list) {
        names.emplace_back(t.at("name").as_string());
        BOOST_TEST(!t.at("description").as_string().empty());
        BOOST_TEST(t.at("inputSchema").at("type").as_string() == "object");
    }
    BOOST_TEST(names == always_offered, boost::test_tools::per_element());
}

// MCP 2025-03-26, Server Features, Tools, "Tool": annotations are new here.
// MCP 2025-06-18, Server Features, Tools, "Tool": outputSchema is new here.
// MCP 2025-11-25, Server Features, Tools, "Tool": icons are new here.
BOOST_AUTO_TEST_CASE(lists_only_fields_that_the_revision_knows) {
    auto const first = [this](char const* version) {
        auto const a = post(request("tools/list"), {{"MCP-Protocol-Version", version}});
        return result_of(a).at("tools").at(0).as_object();
    };
    auto const fields = [&](char const* version) {
        std::set<std::string> names;
        for (auto const& member : first(version))
            names.emplace(member.key());
        return names;
    };
    using set = std::set<std::string>;
    set const v2024{"name", "description", "inputSchema"};
    set const v2025_03{"name", "description", "inputSchema", "annotations"};
    set const v2025_06{"name", "description", "inputSchema", "outputSchema", "annotations"};
    set v2025_11 = v2025_06;
    v2025_11.insert("icons");
    BOOST_TEST((fields("2024-11-05") == v2024));
    BOOST_TEST((fields("2025-03-26") == v2025_03));
    BOOST_TEST((fields("2025-06-18") == v2025_06));
    BOOST_TEST((fields("2025-11-25") == v2025_11));
    auto const icon = first("2025-11-25").at("icons").at(0);
    BOOST_TEST(icon.at("src").as_string().starts_with("data:image/svg+xml;base64,"));
    BOOST_TEST(icon.at("mimeType") == "image/svg+xml");
}

// MCP 2025-03-26, Server Features, Tools, "Tool": a title is an annotation.
// MCP 2025-06-18, Server Features, Tools, "Tool": title is a member of its own.
BOOST_AUTO_TEST_CASE(has_titles_where_the_revision_knows_them) {
    with_fixtures();
    auto const titled = [this](char const* version) {
        auto const list = result_of(ask("tools/list", "", version)).at("tools").as_array();
        for (auto const& t : list)
            if (t.at("name") == "test_simple_text") return t.as_object();
        BOOST_FAIL("no test_simple_text");
        return json::object();
    };
    BOOST_TEST(!titled("2024-11-05").contains("title"));
    BOOST_TEST(!titled("2025-03-26").contains("title"));
    BOOST_TEST(titled("2025-03-26").at("annotations").at("title") == "Simple text");
    BOOST_TEST(titled("2025-06-18").at("title") == "Simple text");
    BOOST_TEST(!titled("2025-06-18").at("annotations").as_object().contains("title"));
}

// MCP 2025-06-18, Server Features, Tools, "Tool": title is optional. MCP Inspector 1.x shows it and
// not the name, and people look for echo_tool.
BOOST_AUTO_TEST_CASE(puts_no_title_before_a_name_that_people_look_for) {
    for (auto const* version : {"2025-03-26", "2025-06-18", "2025-11-25"}) {
        auto const list = result_of(ask("tools/list", "", version)).at("tools").as_array();
        for (auto const& t : list) {
            BOOST_TEST(!t.as_object().contains("title"), t);
            BOOST_TEST(!t.at("annotations").as_object().contains("title"), t);
        }
    }
}

// MCP 2025-11-25, Utilities, Pagination, "Response Format": nextCursor while more is to come.
BOOST_AUTO_TEST_CASE(lists_in_pages_that_a_cursor_joins_without_gap_or_repetition) {
    change_policy([](mcp::policy& p) { p.page_size = 2; });
    std::vector<std::string> names;
    std::string params;
    int pages = 0;
    for (bool more = true; more && pages < 10; ++pages) {
        auto const page = result_of(post(request("tools/list", params))).as_object();
        BOOST_TEST(page.at("tools").as_array().size() <= 2u);
        for (auto const& t : page.at("tools").as_array())
            names.emplace_back(t.at("name").as_string());
        more = page.contains("nextCursor");
        if (more) params = R"({"cursor":)" + json::serialize(page.at("nextCursor")) + '}';
    }
    BOOST_TEST(pages == static_cast<int>((always_offered.size() + 1) / 2));
    BOOST_TEST(names == always_offered, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_last_page_that_is_full_names_no_next_one) {
    change_policy([](mcp::policy& p) { p.page_size = always_offered.size(); });
    BOOST_TEST(!result_of(post(request("tools/list"))).as_object().contains("nextCursor"));
}

// MCP 2025-11-25, Utilities, Pagination, "Error Handling": invalid cursors SHOULD be -32602.
BOOST_AUTO_TEST_CASE(refuses_a_cursor_that_it_never_gave_out) {
    change_policy([](mcp::policy& p) { p.page_size = 1; });
    auto const cursor = result_of(post(request("tools/list"))).at("nextCursor");
    auto const good = json::serialize(cursor);
    for (auto const& wrong : {std::string(R"("2")"), std::string(R"("")"), std::string("2"),
                              std::string("null"), good.substr(0, good.size() - 2) + '"'}) {
        auto const a = post(request("tools/list", R"({"cursor":)" + wrong + '}'));
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(error_of(a) == -32602, wrong);
    }
}

BOOST_AUTO_TEST_CASE(echo_returns_the_message_unchanged) {
    BOOST_TEST(text_of(call("echo", R"({"message":"héllo \"you\"\n"})")) == "héllo \"you\"\n");
    BOOST_TEST(!result_of(call("echo", R"({"message":""})")).as_object().contains("isError"));
}

BOOST_AUTO_TEST_CASE(echo_tool_names_the_transport) {
    BOOST_TEST(text_of(call("echo_tool", R"({"message":"Hello from Inspector!"})")) ==
               "Server received via Streamable HTTP: Hello from Inspector!");
}

BOOST_AUTO_TEST_CASE(add_prints_integers_as_integers_and_fractions_as_short_as_possible) {
    BOOST_TEST(text_of(call("add", R"({"a":2,"b":3})")) == "5");
    BOOST_TEST(text_of(call("add", R"({"a":2.5,"b":2.5})")) == "5");
    BOOST_TEST(text_of(call("add", R"({"a":-1,"b":0.5})")) == "-0.5");
    BOOST_TEST(text_of(call("add", R"({"a":9223372036854775807,"b":1})")) == "9223372036854775808");
    BOOST_TEST(result_of(call("add", R"({"a":2,"b":3})")).at("structuredContent").at("sum") == 5);
}

BOOST_AUTO_TEST_CASE(add_says_so_when_the_sum_is_no_number_any_more) {
    auto const r = result_of(call("add", R"({"a":1e308,"b":1e308})"));
    BOOST_TEST(r.at("isError").as_bool());
}

// MCP 2025-06-18, Server Features, Tools, "Structured Content": new in this revision.
BOOST_AUTO_TEST_CASE(leaves_structured_content_out_where_it_does_not_exist_yet) {
    auto const r = result_of(call("add", R"({"a":2,"b":3})", "2025-03-26"));
    BOOST_TEST(!r.as_object().contains("structuredContent"));
    auto const later = result_of(call("add", R"({"a":2,"b":3})", "2025-06-18"));
    BOOST_TEST(later.at("structuredContent").at("sum") == 5);
}

BOOST_AUTO_TEST_CASE(whoami_tells_who_calls_and_never_the_token) {
    token = "alice@desktop#secret-part";
    auto const a = call("whoami", "{}");
    auto const who = result_of(a).at("structuredContent").as_object();
    BOOST_TEST(who.at("subject").as_string() == "alice");
    BOOST_TEST(who.at("client_id").as_string() == "desktop");
    BOOST_TEST(who.at("scopes").at(0).as_string() == "mcp:tools");
    BOOST_TEST(who.at("audience").at(0).as_string() == "http://localhost:9101/mcp");
    BOOST_TEST(who.at("issuer").as_string() == "http://localhost:9100");
    BOOST_TEST(who.at("strategy").as_string() == "local");
    BOOST_TEST(who.at("transport").as_string() == "streamable-http");
    BOOST_TEST(who.at("protocol_version").as_string() == "2025-11-25");
    BOOST_TEST(who.at("session").is_null());
    BOOST_TEST(test::parsed(text_of(a)).as_object() == who);
    BOOST_TEST(a.body.find("secret-part") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(whoami_says_null_for_what_the_strategy_does_not_reveal) {
    guard.scopes.reset();
    auto const who = result_of(call("whoami", "{}")).at("structuredContent").as_object();
    BOOST_TEST(who.at("scopes").is_null());
    BOOST_TEST(who.at("client_id").is_null());
    token.clear();
    auto const nobody = result_of(call("whoami", "{}")).at("structuredContent").as_object();
    BOOST_TEST(nobody.at("subject").is_null());
    BOOST_TEST(nobody.at("strategy").as_string() == "none");
}

BOOST_AUTO_TEST_CASE(needs_scope_succeeds_with_the_scope) {
    guard.scopes = {{"mcp:tools", "mcp:admin"}};
    auto const a = call("needs_scope", R"({"scope":"mcp:admin"})");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(text_of(a) == "You have the scope \"mcp:admin\".");
}

// MCP authorization, "Scope Challenge Handling": 403 with all that the operation needs.
BOOST_AUTO_TEST_CASE(needs_scope_challenges_for_the_union_when_the_scope_is_missing) {
    auto const a = call("needs_scope", R"({"scope":"mcp:admin"})");
    BOOST_TEST(a.status == 403u);
    auto const challenge = std::string(a.header("WWW-Authenticate"));
    BOOST_TEST(challenge.find(R"(error="insufficient_scope")") != std::string::npos, challenge);
    BOOST_TEST(challenge.find(R"(scope="mcp:tools mcp:admin")") != std::string::npos, challenge);
    BOOST_TEST(challenge.find("resource_metadata=") != std::string::npos, challenge);
}

BOOST_AUTO_TEST_CASE(needs_scope_names_the_grantable_scopes_for_one_that_is_not) {
    auto const a = call("needs_scope", R"({"scope":"root"})");
    BOOST_TEST(a.status == 200u);
    BOOST_TEST(result_of(a).at("isError").as_bool());
    BOOST_TEST(text_of(a).find("openid mcp:tools mcp:admin") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(needs_scope_fails_politely_without_authorization) {
    token.clear();
    BOOST_TEST(result_of(call("needs_scope", R"({"scope":"mcp:admin"})")).at("isError").as_bool());
}

BOOST_AUTO_TEST_CASE(show_auth_token_shows_both_ends_of_the_token_and_no_more) {
    token = "alice@desktop#a-secret-of-26-chars";
    auto const a = call("show_auth_token", "{}");
    BOOST_TEST(text_of(a) == "alic…hars");
    BOOST_TEST(result_of(a).at("structuredContent").at("token").as_string() == "alic…hars");
    BOOST_TEST(a.body.find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(show_auth_token_shows_nothing_of_a_short_one) {
    token = "alice";
    BOOST_TEST(text_of(call("show_auth_token", "{}")) == "…");
    token.clear();
    BOOST_TEST(result_of(call("show_auth_token", "{}")).at("isError").as_bool());
}

// MCP 2025-11-25, Server Features, Tools, "Error Handling": an unknown tool is a protocol error in
// every revision.
BOOST_AUTO_TEST_CASE(an_unknown_tool_is_a_protocol_error) {
    for (auto const* version : {"2025-03-26", "2025-11-25"}) {
        auto const a = call("nonsense", "{}", version);
        BOOST_TEST(a.status == 200u);
        BOOST_TEST(error_of(a) == -32602);
        BOOST_TEST(a.json().at("error").at("message").as_string() == "Unknown tool: nonsense");
    }
}

// MCP 2025-06-18, Server Features, Tools, "Error Handling": invalid arguments are -32602.
// MCP 2025-11-25, Server Features, Tools, "Error Handling": they are tool execution errors.
BOOST_AUTO_TEST_CASE(wrong_arguments_are_answered_as_the_revision_wants) {
    BOOST_TEST(error_of(call("echo", R"({"message":7})", "2025-06-18")) == -32602);
    BOOST_TEST(error_of(call("add", R"({"a":1})", "2024-11-05")) == -32602);
    auto const a = call("add", R"({"a":1})", "2025-11-25");
    BOOST_TEST(result_of(a).at("isError").as_bool());
    BOOST_TEST(text_of(a) == "Invalid arguments: /b: is missing");
}

BOOST_AUTO_TEST_CASE(a_malformed_call_is_a_protocol_error) {
    BOOST_TEST(error_of(post(request("tools/call"))) == -32602);
    BOOST_TEST(error_of(post(request("tools/call", R"({"name":7})"))) == -32602);
    BOOST_TEST(error_of(post(request("tools/call", R"({"name":"echo","arguments":[]})"))) ==
               -32602);
}

BOOST_AUTO_TEST_CASE(arguments_may_be_left_out_and_extra_ones_are_ignored) {
    BOOST_TEST(post(request("tools/call", R"({"name":"whoami"})")).status == 200u);
    BOOST_TEST(text_of(call("echo", R"({"message":"m","extra":{"x":[1]}})")) == "m");
}

// MCP 2025-11-25, Server Features, Tools, "Tool Names": 1 to 64 of A-Z a-z 0-9 _ - . and unique.
BOOST_AUTO_TEST_CASE(a_wrong_name_or_schema_of_a_tool_is_a_bug_found_at_start) {
    auto const refuses = [](mcp::tool first, mcp::tool second) {
        mcp::tool const* const all[] = {&first, &second};
        try {
            mcp::toolbox const box{all};
        } catch (std::logic_error const&) {
            return true;
        }
        return false;
    };
    auto other = mcp::add;
    BOOST_TEST(!refuses(mcp::echo, other));
    BOOST_TEST(refuses(mcp::echo, mcp::echo));
    other.name = "has space";
    BOOST_TEST(refuses(mcp::echo, other));
    other.name = "";
    BOOST_TEST(refuses(mcp::echo, other));
    other = mcp::add;
    other.input_schema = R"({"type":"object","dependentSchemas":{}})";
    BOOST_TEST(refuses(mcp::echo, other));
    other = mcp::add;
    other.output_schema = R"({"$ref":"https://example.com/schema"})";
    BOOST_TEST(refuses(mcp::echo, other));
    other.output_schema = "{";
    BOOST_TEST(refuses(mcp::echo, other));
}

BOOST_AUTO_TEST_SUITE_END()
