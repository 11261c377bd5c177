// Results of tools: structured content, its schema, and what each revision gets to see of them.
#include "mcp/methods/dispatch_bench.hpp"
#include "mcp/offerings/tools/toolbox.hpp"

using test::legacy_revisions;
namespace mcp = tollgate::mcp;
namespace json = boost::json;
using mcp::revision;
using tollgate::outcome;
using tollgate::task;

namespace {

constexpr char any_object[] = R"({"type":"object"})";
constexpr char counted[] = R"({"type":"object","properties":{"n":{"type":"integer"}},
    "required":["n"]})";
constexpr char list_of_numbers[] = R"({"type":"array","items":{"type":"number"}})";

// What the argument "structured" holds, if there is one.
task<outcome<mcp::tool_result>> show(mcp::call const& c, json::object const& arguments) {
    auto r = mcp::text_result(c, "text");
    if (auto const* const given = arguments.if_contains("structured")) r.structured = *given;
    r.is_error = arguments.contains("fail");
    co_return r;
}

task<outcome<mcp::tool_result>> refuse(mcp::call const& c, json::object const&) {
    mcp::rpc_error e(-32042, "first something else", json::object{{"why", "because"}});
    co_return mcp::refused_result(c, std::move(e));
}

task<outcome<mcp::tool_result>> stop(mcp::call const& c, json::object const&) {
    mcp::other_answer why = mcp::rpc_error(-32021, "a capability is missing");
    co_return mcp::stopped_result(c, std::move(why));
}

template <class Run>
mcp::tool make(std::string_view name, Run run, std::string_view output = {}) {
    mcp::tool t{};
    t.name = t.description = name;
    t.input_schema = any_object;
    t.output_schema = output;
    t.run = run;
    t.quick = true;
    return t;
}

mcp::toolbox const& tools_that_show() {
    static mcp::tool const anything = make("free", &show);
    static mcp::tool const checked = make("checked", &show, counted);
    static mcp::tool const numbers = make("numbers", &show, list_of_numbers);
    static mcp::tool const refuses = make("refuses", &refuse);
    static mcp::tool const stops = make("stops", &stop);
    static mcp::tool const* const all[] = {&anything, &checked, &numbers, &refuses, &stops};
    static mcp::toolbox const box(all);
    return box;
}

struct structured : test::dispatch_bench {
    structured() { tools = &tools_that_show(); }

    json::object call_of(char const* tool, char const* arguments) {
        return {{"name", tool}, {"arguments", json::parse(arguments)}};
    }
    json::object shown(char const* tool, char const* arguments) {
        return result("tools/call", call_of(tool, arguments));
    }
    int fails(char const* tool, char const* arguments) {
        return test::dispatch_bench::outcome("tools/call", call_of(tool, arguments));
    }
};

constexpr char forty_two[] = R"({"structured":{"n":42}})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_structured_results, structured)

// MCP 2025-06-18, Server Features, Tools, "Structured Content": new in this revision, an object.
BOOST_AUTO_TEST_CASE(an_object_is_sent_from_the_revision_on_that_knows_it) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        auto const got = shown("checked", forty_two);
        BOOST_TEST(got.contains("structuredContent") == (r >= revision::v2025_06_18), r);
        BOOST_TEST(got.at("content").at(0).at("text") == "text", r);
        BOOST_TEST(!got.contains("isError"), r);
    }
}

// MCP 2026-07-28, Server Features, Tools, "Structured Content": any JSON value since this revision.
BOOST_AUTO_TEST_CASE(what_is_no_object_is_sent_to_modern_clients_alone) {
    for (auto const* value : {"[1,2.5]", "7", R"("x")", "true", "null", "[]"}) {
        auto const arguments = std::string(R"({"structured":)") + value + '}';
        for (auto const r : legacy_revisions) {
            revision = r;
            BOOST_TEST(!shown("free", arguments.c_str()).contains("structuredContent"), value);
        }
        revision = revision::v2026_07_28;
        BOOST_TEST(shown("free", arguments.c_str()).at("structuredContent") == json::parse(value));
    }
}

// MCP 2025-06-18, Server Features, Tools, "Output Schema": servers MUST provide structured results
// that conform. One that does not is a bug of the tool and reaches nobody.
BOOST_AUTO_TEST_CASE(a_result_that_does_not_fit_its_schema_is_an_internal_error) {
    for (auto const* arguments : {R"({"structured":{"n":"secret"}})", R"({"structured":{}})",
                                  R"({"structured":[]})", R"({"structured":null})", "{}"}) {
        for (auto const r : {revision::v2025_06_18, revision::v2025_11_25, revision::v2026_07_28}) {
            revision = r;
            auto const text = dispatched("tools/call", call_of("checked", arguments)).text;
            BOOST_TEST(json::parse(text).at("error").at("code") == -32603, arguments);
            BOOST_TEST(text.find("secret") == std::string::npos, text);
        }
    }
}

BOOST_AUTO_TEST_CASE(revisions_without_output_schemas_get_the_text_of_it) {
    for (auto const r : {revision::v2024_11_05, revision::v2025_03_26}) {
        revision = r;
        BOOST_TEST(shown("checked", "{}").at("content").at(0).at("text") == "text", r);
    }
}

// MCP 2025-11-25, Server Features, Tools, "Error Handling": an error is for the model to read, and
// has no result that could conform.
BOOST_AUTO_TEST_CASE(an_error_of_the_tool_needs_no_structured_content) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        auto const got = shown("checked", R"({"fail":1})");
        BOOST_TEST(got.at("isError") == true, r);
        BOOST_TEST(!got.contains("structuredContent"), r);
    }
}

// MCP 2025-11-25, Schema, Tool: the root of an output schema is an object until 2026-07-28.
BOOST_AUTO_TEST_CASE(an_output_schema_is_listed_where_the_revision_knows_its_form) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        auto const list = result("tools/list");
        for (auto const& t : list.at("tools").as_array()) {
            bool const has = t.as_object().contains("outputSchema");
            if (t.at("name") == "checked") BOOST_TEST(has == (r >= revision::v2025_06_18), r);
            if (t.at("name") == "numbers") BOOST_TEST(has == mcp::is_modern(r), r);
            if (t.at("name") == "free") BOOST_TEST(!has, r);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_list_is_checked_by_its_schema_as_well) {
    revision = revision::v2026_07_28;
    BOOST_TEST(shown("numbers", R"({"structured":[1,2.5]})").at("structuredContent") ==
               json::parse("[1,2.5]"));
    BOOST_TEST(fails("numbers", R"({"structured":[1,"2"]})") == -32603);
}

BOOST_AUTO_TEST_CASE(a_tool_may_end_its_call_with_an_error_of_the_protocol) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        auto const e = error("tools/call", call_of("refuses", "{}"));
        BOOST_TEST(e == json::parse(R"({"code":-32042,"message":"first something else",
            "data":{"why":"because"}})"));
    }
}

// MCP 2026-07-28, Basic, "_meta": -32021 is of this revision; before, the model reads the sentence.
BOOST_AUTO_TEST_CASE(a_call_that_had_to_stop_says_so_in_the_way_of_its_era) {
    for (auto const r : legacy_revisions) {
        revision = r;
        auto const got = shown("stops", "{}");
        BOOST_TEST(got.at("isError") == true);
        BOOST_TEST(got.at("content").at(0).at("text") == "a capability is missing");
    }
    revision = revision::v2026_07_28;
    BOOST_TEST(fails("stops", "{}") == -32021);
}

// MCP 2025-11-25, Schema, CallToolRequest: arguments are an object, or absent.
BOOST_AUTO_TEST_CASE(arguments_of_another_type_are_a_protocol_error_in_every_revision) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        for (auto const* arguments : {"null", "[]", "7", R"("{}")"}) {
            BOOST_TEST(fails("free", arguments) == -32602, arguments);
        }
    }
}

BOOST_AUTO_TEST_CASE(the_name_of_a_tool_is_spelled_exactly) {
    for (auto const* name : {"Free", "free ", "fre", "free\x01", ""})
        BOOST_TEST(fails(name, "{}") == -32602, name);
}

BOOST_AUTO_TEST_SUITE_END()
