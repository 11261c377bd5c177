// completion/complete and prompts/get beyond the happy path: eras, spelling, and what a refusal
// says.
#include "mcp/methods/dispatch_bench.hpp"

using test::legacy_revisions;
namespace mcp = tollgate::mcp;
namespace json = boost::json;
using mcp::revision;

namespace {

struct completing : test::dispatch_bench {
    static json::object style(char const* typed) {
        return {{"ref", {{"type", "ref/prompt"}, {"name", "greet"}}},
                {"argument", {{"name", "style"}, {"value", typed}}}};
    }
    static json::object of_template(char const* uri, char const* argument) {
        return {{"ref", {{"type", "ref/resource"}, {"uri", uri}}},
                {"argument", {{"name", argument}, {"value", ""}}}};
    }
    json::object completion(json::object params) {
        return result("completion/complete", std::move(params)).at("completion").as_object();
    }
    // The sentence of a -32602.
    std::string refusal(std::string const& method, char const* params) {
        auto const e = error(method, json::parse(params).as_object());
        BOOST_TEST(e.at("code") == -32602);
        return std::string(e.at("message").as_string());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_completion, completing)

// MCP 2024-11-05, Utilities, Completion: there was the method before there was its capability.
BOOST_AUTO_TEST_CASE(every_revision_completes_alike) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        auto const c = completion(style("f"));
        BOOST_TEST(c == json::parse(R"({"values":["formal","friendly"],"total":2,
            "hasMore":false})"));
    }
}

BOOST_AUTO_TEST_CASE(a_value_is_proposed_for_its_beginning_and_for_nothing_longer) {
    struct row {
        char const* typed;
        std::size_t found;
    };
    row const rows[] = {{"", 3},        {"terse", 1}, {"TERSE", 1},  {"terse ", 0},
                        {"tersely", 0}, {"erse", 0},  {" terse", 0}, {"\xc3\xa4", 0}};
    for (auto const& r : rows) {
        auto const c = completion(style(r.typed));
        BOOST_TEST(c.at("values").as_array().size() == r.found, r.typed);
        BOOST_TEST(c.at("total") == r.found, r.typed);
    }
}

// MCP 2025-06-18, Schema, CompleteRequest: context is new in this revision; before, it is one of
// the members that mean nothing.
BOOST_AUTO_TEST_CASE(a_context_is_looked_at_where_the_revision_knows_it) {
    for (auto const& context :
         {json::value(7), json::value(nullptr), json::value(json::array()),
          json::parse(R"({"arguments":{"name":7}})"), json::parse(R"({"arguments":null})")}) {
        for (auto const r : mcp::all_revisions) {
            revision = r;
            auto p = style("f");
            p["context"] = context;
            auto const expected = r >= revision::v2025_06_18 ? -32602 : 0;
            BOOST_TEST(outcome("completion/complete", p) == expected, r << ' ' << context);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_template_without_proposals_has_none_and_one_that_is_hidden_is_unknown) {
    auto const params = of_template("test://template/{id}/data", "id");
    BOOST_TEST(code("completion/complete", params) == -32602);
    with_fixtures();
    BOOST_TEST(completion(params) == json::parse(R"({"values":[],"total":0,"hasMore":false})"));
}

// MCP 2025-11-25, Schema, ResourceTemplateReference: the template itself, not what it expands to.
BOOST_AUTO_TEST_CASE(only_a_template_has_something_to_complete) {
    for (auto const* uri : {"tollgate://text", "tollgate://greeting/Ada", "tollgate://greeting/{x}",
                            "TOLLGATE://greeting/{name}", ""}) {
        BOOST_TEST(code("completion/complete", of_template(uri, "name")) == -32602, uri);
    }
}

// MCP 2025-11-25, Utilities, Completion, "Error Handling": invalid params are -32602.
BOOST_AUTO_TEST_CASE(a_refusal_names_the_member_that_is_wrong) {
    struct row {
        char const* params;
        char const* sentence;
    };
    row const rows[] = {
        {"{}", "params.argument.name must be a string"},
        {R"({"argument":[]})", "params.argument.name must be a string"},
        {R"({"argument":{"name":7}})", "params.argument.name must be a string"},
        {R"({"argument":{"name":"style","value":null}})", "params.argument.value must be a string"},
        {R"({"argument":{"name":"style","value":""}})", "params.ref.type must be a string"},
        {R"({"argument":{"name":"style","value":""},"ref":{"type":7}})",
         "params.ref.type must be a string"},
        {R"({"argument":{"name":"style","value":""},"ref":{"type":"ref/prompt"}})",
         "params.ref.name must be a string"},
        {R"({"argument":{"name":"name","value":""},"ref":{"type":"ref/resource","name":"x"}})",
         "params.ref.uri must be a string"},
        {R"({"argument":{"name":"style","value":""},"ref":{"type":"ref/prompt","name":"x\ny"}})",
         "Unknown prompt: x?y"},
        {R"({"argument":{"name":"colour","value":""},"ref":{"type":"ref/prompt","name":"greet"}})",
         "Unknown argument: colour"},
    };
    for (auto const& r : rows)
        BOOST_TEST(refusal("completion/complete", r.params) == r.sentence);
}

// MCP 2025-11-25, Server Features, Prompts, "Error Handling": -32602 for a wrong name and for
// missing arguments.
BOOST_AUTO_TEST_CASE(a_prompt_says_which_argument_is_wrong) {
    with_fixtures();
    struct row {
        char const* params;
        char const* sentence;
    };
    row const rows[] = {
        {"{}", "params.name must be a string"},
        {R"({"name":null})", "params.name must be a string"},
        {R"({"name":"Greet"})", "Unknown prompt: Greet"},
        {R"({"name":"greet"})", "Missing required argument: name"},
        {R"({"name":"greet","arguments":null})", "params.arguments must be an object"},
        {R"({"name":"greet","arguments":{"name":null}})", "params.arguments.name must be a string"},
        {R"({"name":"greet","arguments":{"name":["A"]}})",
         "params.arguments.name must be a string"},
        {R"({"name":"greet","arguments":{"Name":"A"}})", "Unknown argument: Name"},
        {R"({"name":"test_prompt_with_arguments","arguments":{"arg1":"a"}})",
         "Missing required argument: arg2"},
        {R"({"name":"test_simple_prompt","arguments":{"x":"y"}})", "Unknown argument: x"},
    };
    for (auto const& r : rows)
        BOOST_TEST(refusal("prompts/get", r.params) == r.sentence);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_echoed_is_short_and_printable) {
    auto const params = R"({"name":")" + std::string(5'000, 'n') + "\"}";
    BOOST_TEST(refusal("prompts/get", params.c_str()).size() < 100u);
    auto const odd = refusal("prompts/get", R"({"name":"\u001b[31m\u00e4"})");
    for (char const c : odd)
        BOOST_TEST((c >= 0x20 && c < 0x7F), odd);
}

// MCP 2025-11-25, Schema, GetPromptResult: description and messages, each with a role and content.
BOOST_AUTO_TEST_CASE(a_prompt_comes_with_its_description_in_every_revision) {
    for (auto const r : mcp::all_revisions) {
        revision = r;
        auto const got = result("prompts/get", {{"name", "greet"}, {"arguments", {{"name", ""}}}});
        BOOST_TEST(!got.at("description").as_string().empty(), r);
        BOOST_REQUIRE(got.at("messages").as_array().size() == 1u);
        BOOST_TEST(got.at("messages").at(0).at("role") == "user");
        BOOST_TEST(got.at("messages").at(0).at("content").at("type") == "text");
    }
}

// MCP 2026-07-28, Multi Round-Trip Requests: no legacy prompt can ask.
BOOST_AUTO_TEST_CASE(a_prompt_that_asks_exists_in_the_modern_era_alone) {
    with_fixtures();
    json::object const params{{"name", "test_input_required_result_prompt"}};
    for (auto const r : legacy_revisions) {
        revision = r;
        BOOST_TEST(code("prompts/get", params) == -32602, r);
    }
    revision = revision::v2026_07_28;
    BOOST_TEST(code("prompts/get", params) == -32021);
    declares(R"({"elicitation":{}})");
    BOOST_TEST(result("prompts/get", params).at("resultType") == "input_required");
}

BOOST_AUTO_TEST_SUITE_END()
