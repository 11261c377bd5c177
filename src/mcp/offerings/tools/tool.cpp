#include "mcp/offerings/tools/tool.hpp"

#include <utility>

#include <boost/json/serialize.hpp>

namespace tollgate::mcp {

tool_result text_result(call const& c, std::string_view text) {
    tool_result r(c);
    json::object block(c.memory);
    block.reserve(2);
    block["type"] = "text";
    block["text"] = json::string_view(text.data(), text.size());
    r.content.push_back(std::move(block));
    return r;
}

tool_result error_result(call const& c, std::string_view text) {
    auto r = text_result(c, text);
    r.is_error = true;
    return r;
}

tool_result stopped_result(call const& c, other_answer why) {
    auto const* const error = std::get_if<rpc_error>(&why);
    if (error != nullptr && !is_modern(c.revision)) return error_result(c, error->message);
    tool_result r(c);
    r.instead = std::move(why);
    return r;
}

tool_result structured_result(call const& c, json::object value) {
    auto r = text_result(c, json::serialize(value));
    r.structured.emplace(std::move(value));
    return r;
}

tool_result refused_result(call const& c, rpc_error error) {
    tool_result r(c);
    r.instead.emplace(std::move(error));
    return r;
}

}  // namespace tollgate::mcp
