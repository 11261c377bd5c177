#include "control/faults/catalogue.hpp"

#include <algorithm>

#include <boost/json/serialize.hpp>

#include "base/json.hpp"
#include "control/faults/effects/templates.hpp"
#include "control/faults/endpoints.hpp"
#include "control/faults/fault_json.hpp"

namespace tollgate::control {

namespace json = boost::json;

namespace {

constexpr std::int64_t largest = 1'000'000'000;

unsigned sides_of(std::vector<std::string> const& endpoints) noexcept {
    unsigned sides = 0;
    for (auto const& e : endpoints)
        sides |= side_of(e);
    return sides == 0 ? both_sides : sides;
}

std::int64_t bound(json::object const& rule, std::string_view name, std::int64_t standard) {
    auto const* v = rule.if_contains(name);
    return v && v->is_int64() ? v->get_int64() : standard;
}

// The value that was given, of the type of the default; else the default.
json::value read_parameter(object_reader& in, std::string_view name, json::object const& rule) {
    auto const& standard = rule.at("default");
    if (standard.is_int64()) {
        auto const n = in.integer(name, bound(rule, "least", 0), bound(rule, "most", largest));
        return n ? json::value(*n) : standard;
    }
    if (standard.is_double()) {
        auto const n = in.number(name, static_cast<double>(bound(rule, "least", 0)),
                                 static_cast<double>(bound(rule, "most", largest)));
        return n ? json::value(*n) : standard;
    }
    if (standard.is_bool()) {
        auto const on = in.boolean(name);
        return on ? json::value(*on) : standard;
    }
    auto const* choices = rule.if_contains("choices");
    auto const text = in.text(name, 2048);
    auto const is_text = [&](json::value const& one) { return one == json::value(*text); };
    if (text && choices != nullptr && std::ranges::none_of(choices->get_array(), is_text))
        in.fail(name, "expected one of " + json::serialize(*choices));
    return text ? json::value(json::string(*text)) : standard;
}

}  // namespace

std::span<fault_definition const> catalogue() {
    static std::vector<fault_definition> const all = [] {
        std::vector<fault_definition> read;
        for (auto const& file : fault_data())
            for (auto& one : read_definitions(file))
                read.push_back(std::move(one));
        return read;
    }();
    return all;
}

fault_definition const* find_named_fault(std::string_view name) {
    for (auto const& f : catalogue()) {
        if (f.name == name || std::ranges::find(f.aliases, name) != f.aliases.end()) return &f;
    }
    return nullptr;
}

fault_settings settings_of(fault_definition const& f, object_reader& params) {
    fault_settings s;
    s.name = f.name;
    s.own.endpoints = f.endpoints;
    s.own.grant_type = f.grant_type;
    s.own.mcp_method = f.mcp_method;
    s.own.also = f.also;
    s.trigger = f.when;
    s.side = sides_of(f.endpoints);
    json::object values;
    for (auto const& rule : f.parameters)
        values[rule.key()] = read_parameter(params, rule.key(), rule.value().get_object());
    auto const effects = with_parameters(f.effects, values);
    s.effects = read_effects(effects.get_array(), params, "effects");
    return s;
}

fault_settings settings_of(std::string_view name) {
    json::object const none;
    object_reader params(none, "/params");
    return settings_of(*find_named_fault(name), params);
}

json::value describe(fault_definition const& f) {
    json::object o{{"name", f.name}, {"what", f.summary}, {"clause", f.clause}};
    if (!f.id.empty()) o["id"] = f.id;
    if (!f.clause_opened) o["clause_opened"] = false;
    if (!f.client.empty()) o["client"] = f.client;
    o["endpoints"] = json::array(f.endpoints.begin(), f.endpoints.end());
    if (!f.grant_type.empty()) o["grant_type"] = f.grant_type;
    if (!f.mcp_method.empty()) o["mcp_method"] = f.mcp_method;
    add_condition(o, f.also);
    // Of its own: what it does is said for it. Whoever makes it may give another one.
    if (f.when.kind != trigger::kind::always) o["trigger"] = describe(f.when);
    if (!f.aliases.empty()) o["aliases"] = json::array(f.aliases.begin(), f.aliases.end());
    json::object parameters;
    for (auto const& rule : f.parameters) {
        auto const& about = rule.value().get_object();
        auto const* choices = about.if_contains("choices");
        parameters[rule.key()] = std::string(text_member(about, "what").value_or("")) +
                                 (choices ? ", one of " + json::serialize(*choices) : "") +
                                 "; default " + json::serialize(about.at("default"));
    }
    o["parameters"] = std::move(parameters);
    o["effects"] = f.effects;
    return o;
}

}  // namespace tollgate::control
