#include "mcp/protocol/input.hpp"
#include "mcp/protocol/content.hpp"

#include <utility>

#include "mcp/schema/schema.hpp"

namespace tollgate::mcp {

namespace {

constexpr std::string_view elicit = "elicitation/create";
constexpr std::string_view create_message = "sampling/createMessage";
constexpr std::string_view roots_list = "roots/list";

std::string_view text_in(json::object const& o, char const* name) {
    auto const* const v = o.if_contains(name);
    return v != nullptr && v->is_string() ? std::string_view(v->get_string()) : std::string_view();
}

bool is_url_mode(input_request const& r) {
    return r.method == elicit && text_in(r.params, "mode") == "url";
}

char const* capability_of(input_request const& r) noexcept {
    if (r.method == elicit) return "elicitation";
    return r.method == roots_list ? "roots" : "sampling";
}

std::optional<std::string> flaw_in_elicitation(input_request const& r, json::object const& answer) {
    auto const action = text_in(answer, "action");
    if (action == "decline" || action == "cancel") return std::nullopt;
    if (action != "accept") return "action must be accept, decline or cancel";
    if (is_url_mode(r)) return std::nullopt;
    // It may be absent where nothing is required.
    static json::value const empty = json::object();
    auto const* content = answer.if_contains("content");
    if (content == nullptr) content = &empty;
    if (!content->is_object()) return "content must be an object";
    schema const form(r.params.at("requestedSchema"));
    auto const wrong = form.mismatch(*content, "content");
    if (wrong) return "content does not fit the requested schema: " + *wrong;
    return std::nullopt;
}

bool is_block(json::value const& v) {
    auto const* const block = v.if_object();
    return block != nullptr && !text_in(*block, "type").empty();
}

std::optional<std::string> flaw_in_sampling(json::object const& answer) {
    auto const role = text_in(answer, "role");
    if (role != "assistant" && role != "user") return "role must be assistant or user";
    if (text_in(answer, "model").empty()) return "model must be a string";
    auto const* const content = answer.if_contains("content");
    if (content == nullptr) return "content is missing";
    if (auto const* const several = content->if_array()) {
        for (auto const& block : *several) {
            if (!is_block(block)) return "content must hold content blocks";
        }
        return std::nullopt;
    }
    if (!is_block(*content)) return "content must be a content block";
    return std::nullopt;
}

std::optional<std::string> flaw_in_roots(json::object const& answer) {
    auto const* const roots = answer.if_contains("roots");
    if (roots == nullptr || !roots->is_array()) return "roots must be an array";
    for (auto const& root : roots->get_array()) {
        auto const* const o = root.if_object();
        if (o == nullptr || text_in(*o, "uri").empty()) return "each root must have a uri";
    }
    return std::nullopt;
}

}  // namespace

input_request elicit_form(std::string key, std::string_view message, json::object schema) {
    json::object params;
    params["message"] = view(message);
    params["requestedSchema"] = std::move(schema);
    return {std::move(key), std::string(elicit), std::move(params)};
}

input_request elicit_url(std::string key, std::string_view message, std::string_view url,
                         std::string_view id) {
    json::object params;
    params["mode"] = "url";
    params["message"] = view(message);
    params["url"] = view(url);
    params["elicitationId"] = view(id);
    return {std::move(key), std::string(elicit), std::move(params)};
}

input_request sample(std::string key, std::string_view prompt, int max_tokens) {
    json::object text;
    text["type"] = "text";
    text["text"] = view(prompt);
    json::object message;
    message["role"] = "user";
    message["content"] = std::move(text);
    json::array messages;
    messages.emplace_back(std::move(message));
    json::object params;
    params["messages"] = std::move(messages);
    params["maxTokens"] = max_tokens;
    return {std::move(key), std::string(create_message), std::move(params)};
}

input_request list_roots(std::string key) {
    return {std::move(key), std::string(roots_list), json::object()};
}

json::object needed_capability(input_request const& r) {
    json::object details;
    if (is_url_mode(r)) details["url"].emplace_object();
    json::object out;
    out[capability_of(r)] = std::move(details);
    return out;
}

std::string_view capability_title(input_request const& r) noexcept {
    return is_url_mode(r) ? "elicitation in URL mode" : capability_of(r);
}

bool can_answer(json::object const& capabilities, input_request const& r) {
    auto const* const declared = capabilities.if_contains(capability_of(r));
    if (declared == nullptr || !declared->is_object()) return false;
    if (r.method != elicit) return true;
    auto const& modes = declared->get_object();
    if (is_url_mode(r)) return modes.contains("url");
    return modes.contains("form") || !modes.contains("url");
}

json::object params_for(input_request const& r, revision v) {
    auto params = r.params;
    // The id exists in 2025-11-25 alone: it came with URL mode and left with MRTR.
    if (v != revision::v2025_11_25) params.erase("elicitationId");
    return params;
}

std::optional<std::string> flaw_in_answer(input_request const& r, json::value const& answer) {
    auto const* const object = answer.if_object();
    if (object == nullptr) return "must be an object";
    if (r.method == elicit) return flaw_in_elicitation(r, *object);
    return r.method == roots_list ? flaw_in_roots(*object) : flaw_in_sampling(*object);
}

bool accepted(json::value const& elicit_result) {
    auto const* const o = elicit_result.if_object();
    return o != nullptr && text_in(*o, "action") == "accept";
}

std::string_view sampled_text(json::value const& sampling_result) {
    auto const* const o = sampling_result.if_object();
    auto const* content = o != nullptr ? o->if_contains("content") : nullptr;
    if (content == nullptr) return {};
    if (auto const* const several = content->if_array()) {
        for (auto const& block : *several) {
            auto const* const one = block.if_object();
            if (one != nullptr && one->contains("text")) return text_in(*one, "text");
        }
        return {};
    }
    auto const* const one = content->if_object();
    return one != nullptr ? text_in(*one, "text") : std::string_view();
}

}  // namespace tollgate::mcp
