// The prompts that the official conformance suite expects.
#include "mcp/content.hpp"
#include "mcp/prompt.hpp"

namespace tollgate::mcp {

namespace {

constexpr prompt_argument two_arguments[] = {
    {.name = "arg1", .title = "First", .description = "First test argument", .required = true},
    {.name = "arg2", .title = "Second", .description = "Second test argument", .required = true},
};

constexpr prompt_argument resource_argument[] = {
    {.name = "resourceUri",
     .title = "Resource",
     .description = "URI of the resource to embed",
     .required = true},
};

task<outcome<prompt_result>> get_simple(call const& c, prompt_arguments const&) {
    prompt_result r(c);
    r.add(text_block("This is a simple prompt for testing.", c.memory));
    co_return r;
}

task<outcome<prompt_result>> get_arguments(call const& c, prompt_arguments const& given) {
    auto const text =
        "Prompt with arguments: arg1='" + given.at("arg1") + "', arg2='" + given.at("arg2") + '\'';
    prompt_result r(c);
    r.add(text_block(text, c.memory));
    co_return r;
}

task<outcome<prompt_result>> get_resource(call const& c, prompt_arguments const& given) {
    prompt_result r(c);
    r.add(resource_block(text_contents(given.at("resourceUri"), "text/plain",
                                       "Embedded resource content for testing.")));
    r.add(text_block("Please process the embedded resource above.", c.memory));
    co_return r;
}

task<outcome<prompt_result>> get_image(call const& c, prompt_arguments const&) {
    prompt_result r(c);
    r.add(image_block(samples::png, "image/png"));
    r.add(text_block("Please analyze the image above.", c.memory));
    co_return r;
}

}  // namespace

prompt const simple_prompt_fixture{
    .name = "test_simple_prompt",
    .title = "Simple prompt",
    .description = "A prompt without arguments.",
    .when = as_fixture,
    .get = &get_simple,
};

prompt const arguments_prompt_fixture{
    .name = "test_prompt_with_arguments",
    .title = "Prompt with arguments",
    .description = "A prompt with two required arguments.",
    .arguments = two_arguments,
    .when = as_fixture,
    .get = &get_arguments,
};

prompt const resource_prompt_fixture{
    .name = "test_prompt_with_embedded_resource",
    .title = "Prompt with a resource",
    .description = "A prompt that embeds a resource.",
    .arguments = resource_argument,
    .when = as_fixture,
    .get = &get_resource,
};

prompt const image_prompt_fixture{
    .name = "test_prompt_with_image",
    .title = "Prompt with an image",
    .description = "A prompt that holds an image.",
    .when = as_fixture,
    .get = &get_image,
};

}  // namespace tollgate::mcp
