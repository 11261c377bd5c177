// Tools by name, and what their list says of them.
#include "mcp/offerings/tools/toolbox.hpp"

#include "mcp/server/call_bench.hpp"

namespace json = boost::json;
namespace mcp = tollgate::mcp;
using mcp::revision;

namespace {

tollgate::task<tollgate::outcome<mcp::tool_result>> silent(mcp::call const& c,
                                                           json::object const&) {
    co_return mcp::tool_result(c);
}

mcp::tool named(std::string_view name) {
    mcp::tool t{};
    t.name = name;
    t.description = "d";
    t.input_schema = R"({"type":"object"})";
    t.run = &silent;
    return t;
}

bool refuses(mcp::tool const& t) {
    mcp::tool const* const all[] = {&t};
    try {
        mcp::toolbox const box{all};
    } catch (std::logic_error const&) {
        return true;
    }
    return false;
}

struct fixture : test::call_bench {
    json::object described(mcp::tool const& t, revision r) {
        mcp::tool const* const all[] = {&t};
        mcp::toolbox const box{all};
        auto const page = box.list().page(call(r, box));
        BOOST_REQUIRE(page.has_value());
        return json::parse(*page).at("tools").at(0).as_object();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_toolbox, fixture)

BOOST_AUTO_TEST_CASE(knows_tools_that_nobody_may_see_but_finds_them_for_no_call) {
    auto visible = named("visible");
    auto hidden = named("hidden");
    hidden.available = mcp::modern_fixture;
    mcp::tool const* const all[] = {&visible, &hidden};
    mcp::toolbox const box{all};
    std::vector<std::string_view> const names{"visible", "hidden"};
    BOOST_TEST(box.names() == names, boost::test_tools::per_element());
    BOOST_TEST((box.find("hidden") != nullptr));
    BOOST_TEST((box.find("hidden", call(revision::v2026_07_28, box)) == nullptr));
    BOOST_TEST((box.find("Visible") == nullptr));
    policy.fixtures = true;
    BOOST_TEST((box.find("hidden", call(revision::v2026_07_28, box)) != nullptr));
    BOOST_TEST((box.find("hidden", call(revision::v2025_11_25, box)) == nullptr));
}

// MCP 2025-11-25, Server Features, Tools, "Tool Names": A-Z, a-z, 0-9, underscore, hyphen and dot.
BOOST_AUTO_TEST_CASE(takes_the_characters_that_a_name_may_have_and_no_others) {
    for (auto const* name : {"a", "Z", "0", "getUser", "DATA_EXPORT_v2", "admin.tools.list", "-_."})
        BOOST_TEST(!refuses(named(name)), name);
    for (auto const* name : {"a b", "a,b", "a/b", "a@b", "a:b", "\xc3\xa4", "a\n", " a", "a\t"})
        BOOST_TEST(refuses(named(name)), name);
}

// MCP 2025-11-25, Schema, ToolAnnotations: destructiveHint and idempotentHint are meaningful only
// when readOnlyHint is false.
BOOST_AUTO_TEST_CASE(says_of_a_tool_that_only_reads_no_more_than_that) {
    auto t = named("t");
    BOOST_TEST(described(t, revision::v2025_11_25).at("annotations") ==
               json::parse(R"({"readOnlyHint":true,"openWorldHint":false})"));
    t.hints = {.read_only = false, .destructive = true, .idempotent = false, .open_world = true};
    BOOST_TEST(described(t, revision::v2025_11_25).at("annotations") ==
               json::parse(R"({"readOnlyHint":false,"destructiveHint":true,
                               "idempotentHint":false,"openWorldHint":true})"));
}

// MCP 2025-11-25, Schema, Tool: the root of an outputSchema is an object.
// MCP 2026-07-28, Server Features, Tools, "Output Schema": it may be anything.
BOOST_AUTO_TEST_CASE(an_output_that_is_no_object_is_described_in_the_modern_era_alone) {
    auto t = named("t");
    t.output_schema = R"({"type":"array","items":{"type":"string"}})";
    BOOST_TEST(!described(t, revision::v2025_06_18).contains("outputSchema"));
    BOOST_TEST(!described(t, revision::v2025_11_25).contains("outputSchema"));
    BOOST_TEST(described(t, revision::v2026_07_28).at("outputSchema").at("type").as_string() ==
               "array");
    t.output_schema = R"({"type":"object"})";
    BOOST_TEST(described(t, revision::v2025_06_18).contains("outputSchema"));
    BOOST_TEST(!described(t, revision::v2025_03_26).contains("outputSchema"));
}

// MCP 2026-07-28, Transports, "Schema Extension": clients drop a tool whose annotation is broken.
BOOST_AUTO_TEST_CASE(a_broken_annotation_of_a_header_is_a_bug_found_at_start) {
    auto const mirrors = [](std::string_view schema) {
        auto t = named("t");
        t.input_schema = schema;
        return refuses(t);
    };
    BOOST_TEST(
        !mirrors(R"({"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}})"));
    BOOST_TEST(
        mirrors(R"({"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A B"}}})"));
    BOOST_TEST(
        mirrors(R"({"type":"object","properties":{"a":{"type":"object","x-mcp-header":"A"}}})"));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_with_a_schema_is_said_with_the_name_of_its_tool) {
    auto t = named("the-tool");
    t.input_schema = "[";
    mcp::tool const* const all[] = {&t};
    BOOST_CHECK_EXCEPTION(mcp::toolbox{all}, std::logic_error, [](std::logic_error const& e) {
        return std::string_view(e.what()).find("the-tool") != std::string_view::npos;
    });
}

// MCP 2025-11-25, Server Features, Tools, "Structured Content": SHOULD also return the serialized
// JSON in a text block.
BOOST_AUTO_TEST_CASE(a_structured_result_is_readable_without_knowing_of_structure) {
    auto const r = mcp::structured_result(call(revision::v2025_11_25), {{"sum", 5}});
    BOOST_REQUIRE(r.structured.has_value());
    BOOST_TEST(json::parse(r.content.at(0).at("text").as_string()) == *r.structured);
    BOOST_TEST(!r.is_error);
}

BOOST_AUTO_TEST_CASE(a_refused_call_ends_with_the_error_in_every_revision) {
    for (auto const era : {revision::v2025_11_25, revision::v2026_07_28}) {
        auto const r = mcp::refused_result(call(era), mcp::rpc_error(-32042, "visit"));
        BOOST_REQUIRE(r.instead.has_value());
        BOOST_TEST(std::get<mcp::rpc_error>(*r.instead).code == -32042);
    }
}

// MCP 2025-11-25, Schema, ToolAnnotations: readOnlyHint and openWorldHint.
BOOST_AUTO_TEST_CASE(a_tool_that_calls_another_api_says_that_it_reaches_out) {
    for (auto const* box :
         {&mcp::tools_with_authenticated_request(), &mcp::tools_with_request_by_login()}) {
        auto const* const found = box->find("make_authenticated_request");
        BOOST_REQUIRE(found != nullptr);
        BOOST_TEST(!found->tool->hints.read_only);
        BOOST_TEST(found->tool->hints.open_world);
    }
}

// docs/mcp.md, "Tools": only the configuration file offers it.
BOOST_AUTO_TEST_CASE(the_tool_that_calls_another_api_is_in_no_box_by_itself) {
    BOOST_TEST((mcp::builtin_tools().find("make_authenticated_request") == nullptr));
    auto const* const passing =
        mcp::tools_with_authenticated_request().find("make_authenticated_request");
    auto const* const by_login =
        mcp::tools_with_request_by_login().find("make_authenticated_request");
    BOOST_REQUIRE((passing != nullptr && by_login != nullptr));
    BOOST_TEST(passing->tool->description.find("passthrough") != std::string_view::npos);
    BOOST_TEST(by_login->tool->description.find("passthrough") == std::string_view::npos);
}

BOOST_AUTO_TEST_SUITE_END()
