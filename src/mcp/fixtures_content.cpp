// Fixtures of the official conformance suite: kinds of content, errors, and a tool whose schema
// uses what JSON Schema 2020-12 has. Texts are those that the suite prescribes.
#include "mcp/content.hpp"
#include "mcp/fixtures.hpp"

namespace tollgate::mcp {

namespace {

tool_result one_block(call const& c, json::object block) {
    tool_result r(c);
    r.content.push_back(std::move(block));
    return r;
}

task<outcome<tool_result>> run_text(call const& c, json::object const&) {
    co_return text_result(c, "This is a simple text response for testing.");
}

task<outcome<tool_result>> run_image(call const& c, json::object const&) {
    co_return one_block(c, image_block(samples::png, "image/png"));
}

task<outcome<tool_result>> run_audio(call const& c, json::object const&) {
    co_return one_block(c, audio_block(samples::wav, "audio/wav"));
}

task<outcome<tool_result>> run_embedded(call const& c, json::object const&) {
    auto contents = text_contents("test://embedded-resource", "text/plain",
                                  "This is an embedded resource content.");
    co_return one_block(c, resource_block(std::move(contents)));
}

task<outcome<tool_result>> run_link(call const& c, json::object const&) {
    co_return one_block(
        c, link_block("test://static-text", "static-text", "A link to a resource.", "text/plain"));
}

task<outcome<tool_result>> run_mixed(call const& c, json::object const&) {
    auto r = text_result(c, "Multiple content types test:");
    r.content.push_back(image_block(samples::png, "image/png"));
    auto contents = text_contents("test://mixed-content-resource", "application/json",
                                  R"({"test":"data","value":123})");
    r.content.push_back(resource_block(std::move(contents)));
    co_return r;
}

task<outcome<tool_result>> run_error(call const& c, json::object const&) {
    co_return error_result(c, "This tool intentionally returns an error for testing");
}

task<outcome<tool_result>> run_schema(call const& c, json::object const& arguments) {
    std::string text = "The arguments fit the schema:";
    for (auto const& member : arguments) {
        text += ' ';
        text += member.key();
    }
    co_return text_result(c, text);
}

constexpr std::string_view full_schema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "$defs": {
    "address": {
      "$anchor": "addressDef",
      "type": "object",
      "properties": {"street": {"type": "string"}, "city": {"type": "string"}}
    }
  },
  "properties": {
    "name": {"type": "string"},
    "address": {"$ref": "#/$defs/address"},
    "contactMethod": {"type": "string", "enum": ["phone", "email"]},
    "phone": {"type": "string"},
    "email": {"type": "string"}
  },
  "allOf": [{"anyOf": [{"required": ["phone"]}, {"required": ["email"]}]}],
  "if": {"properties": {"contactMethod": {"const": "phone"}}, "required": ["contactMethod"]},
  "then": {"required": ["phone"]},
  "else": {"required": ["email"]},
  "additionalProperties": false
})";

tool const simple_text{
    .name = "test_simple_text",
    .title = "Simple text",
    .description = "Returns one text.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_text,
    .quick = true,
};

tool const image_content{
    .name = "test_image_content",
    .title = "Image content",
    .description = "Returns an image.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_image,
    .quick = true,
};

tool const audio_content{
    .name = "test_audio_content",
    .title = "Audio content",
    .description = "Returns a sound.",
    .input_schema = no_parameters,
    .when = {.fixture = true, .since = revision::v2025_03_26},
    .run = &run_audio,
    .quick = true,
};

tool const embedded_resource{
    .name = "test_embedded_resource",
    .title = "Embedded resource",
    .description = "Returns a resource.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_embedded,
    .quick = true,
};

tool const resource_link{
    .name = "test_resource_link",
    .title = "Resource link",
    .description = "Returns a link to a resource.",
    .input_schema = no_parameters,
    .when = {.fixture = true, .since = revision::v2025_06_18},
    .run = &run_link,
    .quick = true,
};

tool const mixed_content{
    .name = "test_multiple_content_types",
    .title = "Several kinds of content",
    .description = "Returns a text, an image and a resource.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_mixed,
    .quick = true,
};

tool const error_handling{
    .name = "test_error_handling",
    .title = "Error",
    .description = "Returns an error as its result.",
    .input_schema = no_parameters,
    .when = as_fixture,
    .run = &run_error,
    .quick = true,
};

tool const json_schema{
    .name = "json_schema_2020_12_tool",
    .title = "JSON Schema 2020-12",
    .description = "A tool whose input schema uses what JSON Schema 2020-12 has.",
    .input_schema = full_schema,
    .when = as_fixture,
    .run = &run_schema,
    .quick = true,
};

}  // namespace

std::span<tool const* const> content_fixtures() {
    static constexpr tool const* all[] = {&simple_text,       &image_content, &audio_content,
                                          &embedded_resource, &resource_link, &mixed_content,
                                          &error_handling,    &json_schema};
    return all;
}

}  // namespace tollgate::mcp
