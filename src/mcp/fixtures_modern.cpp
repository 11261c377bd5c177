// Fixtures of the official conformance suite for 2026-07-28: capabilities, changes, headers.
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "mcp/ask.hpp"
#include "mcp/changes.hpp"
#include "mcp/content.hpp"
#include "mcp/fixtures.hpp"

namespace tollgate::mcp {

namespace {

std::vector<input_request> just(input_request one) {
    std::vector<input_request> out;
    out.push_back(std::move(one));
    return out;
}

task<outcome<tool_result>> run_missing_capability(call const& c, json::object const&) {
    auto wanted = just(sample("anything", "Say anything.", 50));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    co_return text_result(c, sampled_text(got.answers.at("anything")));
}

task<outcome<tool_result>> run_streaming_elicitation(call const& c, json::object const&) {
    auto schema = json::parse(R"({"type":"object","properties":{"name":{"type":"string"}}})");
    auto wanted = just(elicit_form("user_name", "What is your name?", schema.as_object()));
    auto got = co_await ask_client(c, std::move(wanted));
    if (got.stopped) co_return stopped_result(c, std::move(*got.stopped));
    co_return text_result(c, "Thank you.");
}

change_hub const& changes_of(call const& c) {
    return c.http.realm().get<change_hub>();
}

task<outcome<tool_result>> run_tool_change(call const& c, json::object const&) {
    changes_of(c).tools_changed();
    co_return text_result(c, "Announced a change of the tools.");
}

task<outcome<tool_result>> run_prompt_change(call const& c, json::object const&) {
    changes_of(c).prompts_changed();
    co_return text_result(c, "Announced a change of the prompts.");
}

task<outcome<tool_result>> run_resource_change(call const& c, json::object const& arguments) {
    auto const* const uri = arguments.if_contains("uri");
    if (uri == nullptr) {
        changes_of(c).resources_changed();
    } else {
        changes_of(c).resource_updated(uri->get_string());
    }
    co_return text_result(c, "Announced a change of the resources.");
}

task<outcome<tool_result>> run_mirrored(call const& c, json::object const& arguments) {
    auto const text = "The headers said so, too: " + json::serialize(arguments);
    co_return text_result(c, text);
}

constexpr offer modern{.fixture = true, .since = revision::v2026_07_28};

tool const needs_sampling{
    .name = "test_missing_capability",
    .title = "Missing capability",
    .description = "Requires a client that declares sampling.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_missing_capability,
    .quick = true,
};
tool const streaming_elicitation{
    .name = "test_streaming_elicitation",
    .title = "Elicitation without requests",
    .description = "Asks for a name without ever sending a request.",
    .input_schema = no_parameters,
    .when = modern,
    .run = &run_streaming_elicitation,
    .quick = true,
};
tool const trigger_tool_change{
    .name = "test_trigger_tool_change",
    .title = "Change the tools",
    .description = "Announces to everybody who listens that the list of tools has changed.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_tool_change,
    .quick = true,
};
tool const trigger_prompt_change{
    .name = "test_trigger_prompt_change",
    .title = "Change the prompts",
    .description = "Announces to everybody who listens that the list of prompts has changed.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_prompt_change,
    .quick = true,
};
tool const trigger_resource_change{
    .name = "test_trigger_resource_change",
    .title = "Change the resources",
    .description = "Announces that the list of resources has changed, or that one was updated.",
    .input_schema = R"({"type":"object","properties":{"uri":{"type":"string",)"
                    R"("description":"The updated resource; absent: the list"}}})",
    .when = as_fixture,
    .run = &run_resource_change,
    .quick = true,
};
tool const mirrored{
    .name = "test_mirrored_parameters",
    .title = "Mirrored parameters",
    .description = "Its arguments are mirrored into Mcp-Param-Region, -Count and -Dry-Run.",
    .input_schema = R"({"type":"object","properties":{)"
                    R"("region":{"type":"string","x-mcp-header":"Region"},)"
                    R"("dry_run":{"type":"boolean","x-mcp-header":"Dry-Run"},)"
                    R"("limits":{"type":"object","properties":{)"
                    R"("count":{"type":"integer","x-mcp-header":"Count"}}}}})",
    .when = modern,
    .run = &run_mirrored,
    .quick = true,
};

}  // namespace

std::span<tool const* const> modern_fixtures() {
    static constexpr tool const* all[] = {&needs_sampling,          &streaming_elicitation,
                                          &trigger_tool_change,     &trigger_prompt_change,
                                          &trigger_resource_change, &mirrored};
    return all;
}

}  // namespace tollgate::mcp
