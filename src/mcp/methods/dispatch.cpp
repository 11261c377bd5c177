#include "mcp/methods/dispatch.hpp"

#include <boost/json/serialize.hpp>

#include "mcp/call/ask.hpp"
#include "mcp/offerings/listing.hpp"
#include "mcp/offerings/tools/toolbox.hpp"
#include "mcp/protocol/meta.hpp"

namespace tollgate::mcp {

namespace {

enum spoken_in : unsigned { legacy = 1, modern = 2, may_ask = 4 };

struct method {
    std::string_view name;
    unsigned flags;  // spoken_in; may_ask: it may end with input_required ("Supported Requests")
    task<outcome<method_result>> (*run)(call const& c);
};

// What is not here is -32601, which is also how undeclared capabilities answer.
constexpr method methods[] = {
    {"tools/call", legacy | modern | may_ask, &call_tool},
    {"tools/list", legacy | modern, &list_tools},
    {"resources/read", legacy | modern | may_ask, &read_resource},
    {"resources/list", legacy | modern, &list_resources},
    {"resources/templates/list", legacy | modern, &list_resource_templates},
    {"resources/subscribe", legacy, &subscribe},
    {"resources/unsubscribe", legacy, &unsubscribe},
    {"prompts/get", legacy | modern | may_ask, &get_prompt},
    {"prompts/list", legacy | modern, &list_prompts},
    {"completion/complete", legacy | modern, &complete},
    {"logging/setLevel", legacy, &set_log_level},
    {"initialize", legacy, &initialize},
    {"ping", legacy, &ping},
    {"server/discover", modern, &discover},
    {"subscriptions/listen", modern, &listen},
    {"tasks/get", modern, &get_task},
    {"tasks/update", modern, &update_task},
    {"tasks/cancel", modern, &cancel_task},
};

constexpr std::string_view client_notifications[] = {
    "notifications/initialized", "notifications/cancelled", "notifications/progress",
    "notifications/roots/list_changed"};

method const* find_method(std::string_view name, revision r) noexcept {
    unsigned const era = is_modern(r) ? modern : legacy;
    for (auto const& m : methods) {
        if (m.name == name) return (m.flags & era) != 0 ? &m : nullptr;
    }
    return nullptr;
}

answer failed(call const& c, rpc_error const& e) {
    answer a;
    a.text = error_text(c.request.id, e);
    a.error = e.code;
    return a;
}

// "General fields": _meta is an object; "Progress": a token is a string or an integer.
char const* flaw_in_meta(message const& request) noexcept {
    auto const* const params = request.params;
    if (request.meta == nullptr) {
        bool const other = params != nullptr && params->contains("_meta");
        return other ? "params._meta must be an object" : nullptr;
    }
    auto const* const token = request.meta->if_contains(meta::progress_token);
    if (token == nullptr || token->is_string() || token->is_int64() || token->is_uint64()) {
        return nullptr;
    }
    return "params._meta.progressToken must be a string or an integer";
}

struct finish {
    call const& c;

    answer operator()(json::object& result) const {
        if (is_modern(c.revision)) complete_modern(result);
        answer a;
        a.text = response_text(*c.request.id, json::serialize(result));
        return a;
    }
    answer operator()(prepared& p) const {
        answer a;
        // A list is complete already (listing.cpp).
        a.text = response_text(*c.request.id, p.result);
        return a;
    }
    answer operator()(subscription& s) const {
        answer a;
        a.listen = std::move(s);
        return a;
    }
    answer operator()(rpc_error& e) const { return failed(c, e); }
};

}  // namespace

// Of the methods, only a tool call; of the tools, those that are not quick.
bool may_stream(message const& request, toolbox const& tools) {
    if (request.method != "tools/call" || request.params == nullptr) return false;
    auto const* const name = request.params->if_contains("name");
    if (name == nullptr || !name->is_string()) return false;
    auto const* const found = tools.find(name->get_string());
    return found != nullptr && !found->tool->quick;
}

method_result listed(call const& c, listing const& list) {
    auto page = list.page(c);
    if (!page) return page.error();
    prepared result;
    result.result = std::move(*page);
    return result;
}

std::vector<std::string_view> known_methods() {
    std::vector<std::string_view> all(std::begin(client_notifications),
                                      std::end(client_notifications));
    for (auto const& m : methods)
        all.push_back(m.name);
    return all;
}

task<outcome<answer>> dispatch(call const& c) {
    auto const* const m = find_method(c.request.method, c.revision);
    if (m == nullptr) {
        rpc_error const unknown(error_code::method_not_found, "Method not found");
        co_return failed(c, unknown);
    }
    if (auto const* const flaw = flaw_in_meta(c.request)) {
        rpc_error const wrong(error_code::invalid_params, flaw);
        co_return failed(c, wrong);
    }
    if (is_modern(c.revision) && (m->flags & may_ask) != 0) {
        if (auto const wrong = flaw_in_round_trip(c)) co_return failed(c, *wrong);
    }
    auto result = co_await m->run(c);
    if (!result) co_return result.error();
    finish const f{c};
    co_return std::visit(f, *result);
}

}  // namespace tollgate::mcp
