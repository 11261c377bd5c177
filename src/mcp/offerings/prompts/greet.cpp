// The prompt that is always there.
#include "mcp/offerings/prompts/prompt.hpp"
#include "mcp/protocol/content.hpp"

namespace tollgate::mcp {

namespace {

std::vector<std::string> styles() {
    return {"formal", "friendly", "terse"};
}

constexpr prompt_argument greet_arguments[] = {
    {.name = "name", .title = "Name", .description = "Who is to be greeted", .required = true},
    {.name = "style",
     .title = "Style",
     .description = "formal, friendly or terse",
     .suggest = &styles},
};

task<outcome<prompt_result>> get_greet(call const& c, prompt_arguments const& given) {
    std::string text = "Write a greeting for " + given.at("name") + '.';
    auto const style = given.find("style");
    if (style != given.end()) text += " The style is " + style->second + '.';
    prompt_result r(c);
    r.add(text_block(text, c.memory));
    co_return r;
}

}  // namespace

prompt const greet{
    .name = "greet",
    .title = "Greet somebody",
    .description = "Asks for a greeting, for trying prompts and their completion.",
    .arguments = greet_arguments,
    .icon = true,
    .get = &get_greet,
};

}  // namespace tollgate::mcp
