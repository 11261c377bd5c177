// echo and echo_tool: the message comes back.
#include "mcp/tool.hpp"

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

tool const echo{"echo",    "Echo", "Returns the message unchanged.", message_schema, true,
                &run_echo, true};

tool const echo_tool{"echo_tool",
                     "Echo with transport",
                     "Returns the message and names the transport it came by.",
                     message_schema,
                     true,
                     &run_echo_tool,
                     true};

}  // namespace tollgate::mcp
