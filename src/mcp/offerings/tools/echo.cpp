// echo and echo_tool: the message comes back.
#include "mcp/offerings/tools/tool.hpp"

namespace tollgate::mcp {

namespace {

constexpr std::string_view message_schema =
    R"({"type":"object","properties":{"message":{"type":"string","description":"Text to return"}},)"
    R"("required":["message"]})";

task<outcome<tool_result>> run_echo(call const& c, json::object const& arguments) {
    co_return text_result(c, arguments.at("message").get_string());
}

task<outcome<tool_result>> run_echo_tool(call const& c, json::object const& arguments) {
    std::string text = "Server received via ";
    text += title(c.via);
    text += ": ";
    text += arguments.at("message").get_string();
    co_return text_result(c, text);
}

}  // namespace

tool const echo{
    .name = "echo",
    .description = "Returns the message unchanged.",
    .input_schema = message_schema,
    .run = &run_echo,
    .quick = true,
};

tool const echo_tool{
    .name = "echo_tool",
    .description = "Returns the message and names the transport it came by.",
    .input_schema = message_schema,
    .run = &run_echo_tool,
    .quick = true,
};

}  // namespace tollgate::mcp
