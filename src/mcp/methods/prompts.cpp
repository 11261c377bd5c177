// prompts/list and prompts/get.
#include "base/text.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/offerings/prompts/prompt_book.hpp"
#include "mcp/protocol/content.hpp"
#include "mcp/server/builtin.hpp"

namespace tollgate::mcp {

namespace {

// "Servers SHOULD validate prompt arguments before processing."
boost::system::result<prompt_arguments, rpc_error> arguments_of(call const& c, prompt const& p) {
    prompt_arguments out;
    auto const* const given = c.request.params->if_contains("arguments");
    if (given != nullptr && !given->is_object()) {
        return invalid_params("params.arguments must be an object");
    }
    if (given != nullptr) {
        for (auto const& [name, value] : given->get_object()) {
            auto const shown = tollgate::printable(name, 60);
            if (p.find(name) == nullptr) return invalid_params("Unknown argument: " + shown);
            if (!value.is_string()) {
                return invalid_params("params.arguments." + shown + " must be a string");
            }
            out.emplace(name, value.get_string());
        }
    }
    for (auto const& a : p.arguments) {
        if (a.required && !out.contains(a.name)) {
            return invalid_params("Missing required argument: " + std::string(a.name));
        }
    }
    return out;
}

method_result finished(call const& c, prompt const& p, prompt_result r) {
    if (r.instead) {
        return std::visit([](auto& other) { return method_result(std::move(other)); }, *r.instead);
    }
    json::object result(c.memory);
    result["description"] = view(p.description);
    result["messages"] = std::move(r.messages);
    return result;
}

}  // namespace

task<outcome<method_result>> list_prompts(call const& c) {
    co_return listed(c, builtin_prompts().list());
}

task<outcome<method_result>> get_prompt(call const& c) {
    auto const* const params = c.request.params;
    auto const* const name = params != nullptr ? params->if_contains("name") : nullptr;
    if (name == nullptr || !name->is_string()) {
        co_return method_result(invalid_params("params.name must be a string"));
    }
    auto const* const found = builtin_prompts().find(c, name->get_string());
    if (found == nullptr) {
        auto const shown = tollgate::printable(name->get_string(), 60);
        co_return method_result(invalid_params("Unknown prompt: " + shown));
    }
    c.http.note("prompt", std::string(found->name));
    auto const given = arguments_of(c, *found);
    if (!given) co_return method_result(given.error());
    auto made = co_await found->get(c, *given);
    if (!made) co_return made.error();
    co_return finished(c, *found, std::move(*made));
}

}  // namespace tollgate::mcp
