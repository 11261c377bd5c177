// Keywords about what a value is, and those that check nothing. JSON Schema Validation 2020-12
// §6.1, §9.
#include <cmath>

#include <boost/json/serialize.hpp>

#include "mcp/schema/rule.hpp"

namespace tollgate::mcp::schema_rules {

namespace {

// 1.0 is an integer (§6.1.1).
bool is_integer(json::value const& v) noexcept {
    if (v.is_int64() || v.is_uint64()) return true;
    return v.is_double() && std::trunc(v.get_double()) == v.get_double();
}

bool has_type(json::value const& v, std::string_view type) noexcept {
    if (type == "object") return v.is_object();
    if (type == "array") return v.is_array();
    if (type == "string") return v.is_string();
    if (type == "boolean") return v.is_bool();
    if (type == "integer") return is_integer(v);
    if (type == "number") return v.is_number();
    return type == "null" && v.is_null();
}

bool is_type(std::string_view name) noexcept {
    for (auto const* const known :
         {"object", "array", "string", "boolean", "integer", "number", "null"}) {
        if (name == known) return true;
    }
    return false;
}

std::string with_article(std::string_view type) {
    if (type == "null") return "null";
    bool const vowel = type == "object" || type == "integer" || type == "array";
    return (vowel ? "an " : "a ") + std::string(type);
}

rule type_of(json::value const& argument, json::object const&, reader& in) {
    std::vector<std::string> allowed;
    std::string sentence = "must be ";
    auto const allow = [&](json::value const& name) {
        if (!name.is_string() || !is_type(name.get_string())) in.refuse("names no type");
        if (!allowed.empty()) sentence += " or ";
        allowed.emplace_back(name.get_string());
        sentence += with_article(allowed.back());
    };
    if (auto const* const list = argument.if_array()) {
        for (auto const& name : *list)
            allow(name);
    } else {
        allow(argument);
    }
    if (allowed.empty()) in.refuse("names no type");
    return [allowed, sentence](json::value const& v, place const& at) -> finding {
        for (auto const& type : allowed) {
            if (has_type(v, type)) return std::nullopt;
        }
        return at.say(sentence);
    };
}

rule one_of_these(json::value const& argument, json::object const&, reader& in) {
    if (!argument.is_array()) in.refuse("must be an array");
    // The rule lives in the document that holds the choices.
    return [&choices = argument.get_array()](json::value const& v, place const& at) -> finding {
        for (auto const& choice : choices) {
            if (equal(choice, v)) return std::nullopt;
        }
        return at.say("must be one of " + json::serialize(choices));
    };
}

rule constant(json::value const& argument, json::object const&, reader&) {
    return [&argument](json::value const& v, place const& at) -> finding {
        if (equal(argument, v)) return std::nullopt;
        return at.say("must be " + json::serialize(argument));
    };
}

rule required(json::value const& argument, json::object const&, reader& in) {
    std::vector<std::string> names;
    if (!argument.is_array()) in.refuse("must be an array");
    for (auto const& name : argument.get_array()) {
        if (!name.is_string()) in.refuse("must hold strings");
        names.emplace_back(name.get_string());
    }
    return [names](json::value const& v, place const& at) -> finding {
        auto const* const object = v.if_object();
        if (object == nullptr) return std::nullopt;
        for (auto const& name : names) {
            if (!object->contains(name)) return place(at, name).say("is missing");
        }
        return std::nullopt;
    };
}

rule dialect(json::value const& argument, json::object const&, reader& in) {
    if (argument != "https://json-schema.org/draft/2020-12/schema") {
        in.refuse("is a dialect other than 2020-12");
    }
    return {};
}

// Annotations: nothing is checked by them.
rule remark(json::value const&, json::object const&, reader&) {
    return {};
}

constexpr keyword value_keywords[] = {
    {"type", &type_of},        {"enum", &one_of_these},
    {"const", &constant},      {"required", &required},
    {"$schema", &dialect},     {"$anchor", &remark},
    {"$comment", &remark},     {"title", &remark},
    {"description", &remark},  {"default", &remark},
    {"examples", &remark},     {"enumNames", &remark},  // of the legacy enums of elicitation
    {"x-mcp-header", &remark},  // 2026-07-28, "Custom Headers from Tool Parameters"
};

}  // namespace

maker find_value_keyword(std::string_view name) noexcept {
    for (auto const& k : value_keywords) {
        if (k.name == name) return k.make;
    }
    return nullptr;
}

bool equal(json::value const& a, json::value const& b) {
    if (a.is_number() && b.is_number()) {
        // A double cannot tell all integers of 64 bits apart.
        if (!a.is_double() && !b.is_double()) return a == b;
        return a.to_number<double>() == b.to_number<double>();
    }
    if (a.is_array() && b.is_array()) {
        auto const& left = a.get_array();
        auto const& right = b.get_array();
        if (left.size() != right.size()) return false;
        for (std::size_t i = 0; i < left.size(); ++i) {
            if (!equal(left[i], right[i])) return false;
        }
        return true;
    }
    if (a.is_object() && b.is_object()) {
        auto const& left = a.get_object();
        auto const& right = b.get_object();
        if (left.size() != right.size()) return false;
        for (auto const& [name, value] : left) {
            auto const* const other = right.if_contains(name);
            if (other == nullptr || !equal(value, *other)) return false;
        }
        return true;
    }
    return a == b;
}

}  // namespace tollgate::mcp::schema_rules
