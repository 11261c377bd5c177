// tools/list and tools/call.
#include "base/text.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/offerings/tools/toolbox.hpp"

namespace tollgate::mcp {

namespace {

json::value const& no_arguments() {
    static json::value const none = json::object();
    return none;
}

json::object to_result(call const& c, tool_result r) {
    json::object out(c.memory);
    out.reserve(5);
    out["content"] = std::move(r.content);
    // Anything but an object exists since 2026-07-28.
    if (r.structured && c.revision >= revision::v2025_06_18 &&
        (r.structured->is_object() || is_modern(c.revision))) {
        out["structuredContent"] = std::move(*r.structured);
    }
    if (r.is_error) out["isError"] = true;
    return out;
}

// "Output Schema": structured results MUST fit it. A result that does not is a bug of the tool,
// told to the log and not to the client.
bool fits_output(call const& c, toolbox::entry const& tool, tool_result const& r) {
    if (!tool.output || r.is_error || c.revision < revision::v2025_06_18) return true;
    if (!r.structured) {
        c.http.note("why", "the tool returned no structured content");
        return false;
    }
    auto const wrong = tool.output->mismatch(*r.structured, "structuredContent");
    if (wrong) c.http.note("why", *wrong);
    return !wrong;
}

method_result finished(call const& c, toolbox::entry const& tool, tool_result r) {
    if (r.instead) {
        return std::visit([](auto& other) { return method_result(std::move(other)); }, *r.instead);
    }
    if (!fits_output(c, tool, r)) {
        return rpc_error(error_code::internal, "The tool's result does not fit its schema");
    }
    return to_result(c, std::move(r));
}

// Until 2025-06-18 "Invalid arguments" are a protocol error; from 2025-11-25 on they are a tool
// execution error, so that the model reads what to do better ("Tools", Error Handling).
method_result wrong_arguments(call const& c, std::string const& sentence) {
    if (c.revision < revision::v2025_11_25) return invalid_params(sentence);
    return to_result(c, error_result(c, "Invalid arguments: " + sentence));
}

}  // namespace

task<outcome<method_result>> list_tools(call const& c) {
    co_return listed(c, c.tools.list());
}

task<outcome<method_result>> call_tool(call const& c) {
    auto const* const params = c.request.params;
    auto const* const name = params != nullptr ? params->if_contains("name") : nullptr;
    if (name == nullptr || !name->is_string()) {
        co_return method_result(invalid_params("params.name must be a string"));
    }
    auto const* arguments = params->if_contains("arguments");
    if (arguments == nullptr) arguments = &no_arguments();
    if (!arguments->is_object()) {
        co_return method_result(invalid_params("params.arguments must be an object"));
    }
    auto const tool_name = std::string_view(name->get_string());
    auto const* const found = c.tools.find(tool_name, c);
    if (found == nullptr) {
        co_return method_result(
            invalid_params("Unknown tool: " + tollgate::printable(tool_name, 60)));
    }
    c.http.facts().tool = tool_name;
    if (auto const wrong = found->input.mismatch(*arguments)) {
        co_return wrong_arguments(c, *wrong);
    }
    auto result = co_await found->tool->run(c, arguments->get_object());
    if (!result) co_return result.error();
    co_return finished(c, *found, std::move(*result));
}

}  // namespace tollgate::mcp
