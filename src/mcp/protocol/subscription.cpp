#include "mcp/protocol/subscription.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "mcp/protocol/meta.hpp"
#include "mcp/protocol/uri_template.hpp"

namespace tollgate::mcp {

namespace {

rpc_error wrong_field(char const* name, char const* how) {
    return rpc_error(error_code::invalid_params,
                     std::string("params.notifications.") + name + " must be " + how);
}

std::optional<rpc_error> read_flag(json::object const& from, char const* name, bool& into) {
    auto const* const value = from.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_bool()) return wrong_field(name, "true or false");
    into = value->get_bool();
    return std::nullopt;
}

std::optional<rpc_error> read_names(json::object const& from, char const* name,
                                    std::set<std::string>& into) {
    auto const* const value = from.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (!value->is_array()) return wrong_field(name, "an array of strings");
    if (value->get_array().size() > max_subscribed_names) {
        return wrong_field(name, "at most 1000 strings");
    }
    for (auto const& one : value->get_array()) {
        if (!one.is_string()) return wrong_field(name, "an array of strings");
        into.emplace(one.get_string());
    }
    return std::nullopt;
}

json::array list_of(std::set<std::string> const& names) {
    json::array out;
    for (auto const& name : names)
        out.emplace_back(json::string_view(name));
    return out;
}

bool declares(json::object const& declared, char const* feature, char const* detail) {
    auto const* const object = declared.if_contains(feature);
    if (object == nullptr || !object->is_object()) return false;
    auto const* const value = object->get_object().if_contains(detail);
    return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace

bool subscription_filter::wants(change const& c) const {
    switch (c.kind) {
        case change::kind::tools:
            return tools;
        case change::kind::prompts:
            return prompts;
        case change::kind::resources:
            return resources;
        case change::kind::resource:
            // The client may have spelled the same URI in another way.
            return uris.contains(c.name) || std::ranges::any_of(uris, [&](auto const& uri) {
                       return normalized_uri(uri) == c.name;
                   });
        case change::kind::task:
            return tasks.contains(c.name);
    }
    return false;
}

json::object subscription_filter::to_json() const {
    json::object out;
    if (tools) out["toolsListChanged"] = true;
    if (prompts) out["promptsListChanged"] = true;
    if (resources) out["resourcesListChanged"] = true;
    if (!uris.empty()) out["resourceSubscriptions"] = list_of(uris);
    if (!tasks.empty()) out["taskIds"] = list_of(tasks);
    return out;
}

boost::system::result<subscription_filter, rpc_error> read_filter(json::object const* params) {
    auto const* const asked = params != nullptr ? params->if_contains("notifications") : nullptr;
    if (asked == nullptr || !asked->is_object()) {
        return rpc_error(error_code::invalid_params, "params.notifications must be an object");
    }
    auto const& from = asked->get_object();
    subscription_filter f;
    if (auto wrong = read_flag(from, "toolsListChanged", f.tools)) return std::move(*wrong);
    if (auto wrong = read_flag(from, "promptsListChanged", f.prompts)) return std::move(*wrong);
    if (auto wrong = read_flag(from, "resourcesListChanged", f.resources)) return std::move(*wrong);
    if (auto wrong = read_names(from, "resourceSubscriptions", f.uris)) return std::move(*wrong);
    if (auto wrong = read_names(from, "taskIds", f.tasks)) return std::move(*wrong);
    return f;
}

std::string subscribed_text(std::string_view method, json::object params, json::value const& id) {
    auto& own = params["_meta"];
    if (!own.is_object()) own.emplace_object();
    own.get_object()[meta::subscription_id] = id;
    return notification_text(method, params);
}

std::string subscription_end(json::value const& id) {
    json::object result;
    complete_modern(result);
    result["_meta"].as_object()[meta::subscription_id] = id;
    return response_text(id, json::serialize(result));
}

void keep_declared(subscription_filter& f, json::object const& declared) {
    f.tools = f.tools && declares(declared, "tools", "listChanged");
    f.prompts = f.prompts && declares(declared, "prompts", "listChanged");
    f.resources = f.resources && declares(declared, "resources", "listChanged");
    if (!declares(declared, "resources", "subscribe")) f.uris.clear();
}

}  // namespace tollgate::mcp
