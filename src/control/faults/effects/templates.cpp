#include "control/faults/effects/templates.hpp"

#include <optional>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace tollgate::control {

namespace json = boost::json;

namespace {

// `replace` gives the text for a name, or nothing.
template <class Replace>
std::string replaced(std::string_view text, Replace replace) {
    std::string out;
    while (true) {
        auto const open = text.find('{');
        auto const close = open == text.npos ? text.npos : text.find('}', open);
        out += text.substr(0, close == text.npos ? text.size() : open);
        if (close == text.npos) return out;
        std::optional<std::string> const value = replace(text.substr(open + 1, close - open - 1));
        out += value ? *value : std::string(text.substr(open, close - open + 1));
        text.remove_prefix(close + 1);
    }
}

std::optional<std::string> value_of_name(std::string_view name, http::context const& c) {
    auto const& p = c.place();
    if (name == "issuer") return p.issuer();
    if (name == "as_origin") return p.as_origin;
    if (name == "resource") return p.mcp_url();
    if (name == "mcp_origin") return p.mcp_origin;
    if (name == "client_id") return c.facts().client_id;
    if (name == "now")
        return std::to_string(
            std::chrono::floor<std::chrono::seconds>(c.now()).time_since_epoch().count());
    return std::nullopt;
}

std::string text_of(json::value const& v) {
    auto const* text = v.if_string();
    return text ? std::string(*text) : json::serialize(v);
}

json::value text_with(std::string_view text, json::object const& parameters) {
    bool const alone = text.size() > 2 && text.front() == '{' && text.find('}') == text.size() - 1;
    if (alone)
        if (auto const* whole = parameters.if_contains(text.substr(1, text.size() - 2)))
            return *whole;
    auto const made = replaced(text, [&](std::string_view name) -> std::optional<std::string> {
        auto const* v = parameters.if_contains(name);
        return v ? std::optional<std::string>(text_of(*v)) : std::nullopt;
    });
    return json::string(made);
}

}  // namespace

std::string filled(std::string_view text, http::context const& c) {
    if (text.find('{') == text.npos) return std::string(text);
    return replaced(text, [&](std::string_view name) { return value_of_name(name, c); });
}

void fill(json::value& v, http::context const& c) {
    if (auto* text = v.if_string()) {
        if (std::string_view(*text).find('{') != std::string_view::npos) *text = filled(*text, c);
    } else if (auto* list = v.if_array()) {
        for (auto& one : *list)
            fill(one, c);
    } else if (auto* object = v.if_object()) {
        for (auto& member : *object)
            fill(member.value(), c);
    }
}

json::value with_parameters(json::value const& v, json::object const& parameters) {
    if (auto const* text = v.if_string()) return text_with(*text, parameters);
    if (auto const* list = v.if_array()) {
        json::array out;
        for (auto const& one : *list)
            out.push_back(with_parameters(one, parameters));
        return out;
    }
    if (auto const* object = v.if_object()) {
        json::object out;
        for (auto const& member : *object)
            out[member.key()] = with_parameters(member.value(), parameters);
        return out;
    }
    return v;
}

}  // namespace tollgate::control
