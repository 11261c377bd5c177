// completion/complete: values for the arguments of prompts and resource templates.
#include <algorithm>

#include "base/text.hpp"
#include "mcp/methods/dispatch.hpp"
#include "mcp/offerings/prompts/prompt_book.hpp"
#include "mcp/offerings/resources/resource_book.hpp"
#include "mcp/server/builtin.hpp"

namespace tollgate::mcp {

namespace {

template <class T>
using found = boost::system::result<T, rpc_error>;

json::object const* object_at(json::object const* in, char const* name) {
    auto const* const value = in != nullptr ? in->if_contains(name) : nullptr;
    return value != nullptr ? value->if_object() : nullptr;
}

found<std::string> text_at(json::object const* in, char const* name, char const* path) {
    auto const* const value = in != nullptr ? in->if_contains(name) : nullptr;
    if (value == nullptr || !value->is_string()) {
        return invalid_params(std::string(path) + " must be a string");
    }
    return std::string(value->get_string());
}

using values = std::vector<std::string>;

found<values> values_of_prompt(call const& c, json::object const& ref, std::string const& name) {
    auto const which = text_at(&ref, "name", "params.ref.name");
    if (!which) return which.error();
    auto const* const p = builtin_prompts().find(c, *which);
    if (p == nullptr) return invalid_params("Unknown prompt: " + tollgate::printable(*which, 60));
    auto const* const argument = p->find(name);
    if (argument == nullptr) {
        return invalid_params("Unknown argument: " + tollgate::printable(name, 60));
    }
    return argument->suggest != nullptr ? argument->suggest() : values();
}

// Without a template's variables a URI has nothing to complete.
found<values> values_of_resource(call const& c, json::object const& ref, std::string const& name) {
    auto const uri = text_at(&ref, "uri", "params.ref.uri");
    if (!uri) return uri.error();
    auto const* const t = builtin_resources().find_template(c, *uri);
    if (t == nullptr) {
        return invalid_params("Unknown resource template: " + tollgate::printable(*uri, 100));
    }
    auto const names = t->form.names();
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        return invalid_params("Unknown argument: " + tollgate::printable(name, 60));
    }
    return t->resource_template->suggest != nullptr ? t->resource_template->suggest(name)
                                                    : values();
}

found<values> values_for(call const& c, std::string const& argument) {
    auto const* const ref = object_at(c.request.params, "ref");
    auto const type = text_at(ref, "type", "params.ref.type");
    if (!type) return type.error();
    if (*type == "ref/prompt") return values_of_prompt(c, *ref, argument);
    if (*type == "ref/resource") return values_of_resource(c, *ref, argument);
    return invalid_params("params.ref.type must be \"ref/prompt\" or \"ref/resource\"");
}

// 2025-06-18, CompleteRequest: context.arguments maps names to strings. Nothing depends on it
// here, but what has the wrong form is refused.
bool is_context(call const& c) {
    auto const* const context =
        c.request.params != nullptr ? c.request.params->if_contains("context") : nullptr;
    if (context == nullptr || c.revision < revision::v2025_06_18) return true;
    if (!context->is_object()) return false;
    auto const* const arguments = context->get_object().if_contains("arguments");
    if (arguments == nullptr) return true;
    auto const* const known = arguments->if_object();
    return known != nullptr && std::all_of(known->begin(), known->end(), [](auto const& member) {
               return member.value().is_string();
           });
}

bool begins_with(std::string_view text, std::string_view start) {
    return to_lower(text.substr(0, start.size())) == to_lower(start);
}

// "Completion Results": at most 100 of them.
json::object completion_of(call const& c, values const& known, std::string const& typed) {
    constexpr std::size_t most = 100;
    json::array shown(c.memory);
    std::size_t total = 0;
    for (auto const& v : known) {
        if (!begins_with(v, typed)) continue;
        if (++total <= most) shown.emplace_back(v);
    }
    json::object out(c.memory);
    out["values"] = std::move(shown);
    out["total"] = total;
    out["hasMore"] = total > most;
    return out;
}

}  // namespace

task<outcome<method_result>> complete(call const& c) {
    auto const* const argument = object_at(c.request.params, "argument");
    auto const name = text_at(argument, "name", "params.argument.name");
    if (!name) co_return method_result(name.error());
    auto const typed = text_at(argument, "value", "params.argument.value");
    if (!typed) co_return method_result(typed.error());
    if (!is_context(c)) {
        co_return method_result(invalid_params("params.context.arguments must hold strings"));
    }
    auto const known = values_for(c, *name);
    if (!known) co_return method_result(known.error());
    json::object result(c.memory);
    result["completion"] = completion_of(c, *known, *typed);
    co_return method_result(std::move(result));
}

}  // namespace tollgate::mcp
