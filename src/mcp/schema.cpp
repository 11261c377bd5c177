#include "mcp/schema.hpp"

#include <cmath>
#include <string_view>

#include <boost/json/serialize.hpp>

namespace tollgate::mcp {

namespace json = boost::json;

namespace {

// JSON Schema: 1.0 is an integer.
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

std::string at(std::string const& pointer, std::string_view what) {
    std::string out = pointer.empty() ? "arguments" : pointer;
    out += ": ";
    out += what;
    return out;
}

std::string_view article(std::string_view type) noexcept {
    return type == "object" || type == "integer" || type == "array" ? "must be an " : "must be a ";
}

std::optional<std::string> wrong_type(json::object const& schema, json::value const& value,
                                      std::string const& pointer) {
    auto const* const type = schema.if_contains("type");
    if (type == nullptr) return std::nullopt;
    auto const name = std::string_view(type->as_string());
    if (has_type(value, name)) return std::nullopt;
    return at(pointer, std::string(article(name)) + std::string(name));
}

std::optional<std::string> not_listed(json::object const& schema, json::value const& value,
                                      std::string const& pointer) {
    auto const* const choices = schema.if_contains("enum");
    if (choices == nullptr) return std::nullopt;
    for (auto const& choice : choices->as_array()) {
        if (choice == value) return std::nullopt;
    }
    return at(pointer, "must be one of " + json::serialize(*choices));
}

std::optional<std::string> too_short(json::object const& schema, json::value const& value,
                                     std::string const& pointer) {
    auto const* const least = schema.if_contains("minLength");
    if (least == nullptr || !value.is_string()) return std::nullopt;
    if (value.get_string().size() >= least->to_number<std::size_t>()) return std::nullopt;
    return at(pointer, "is too short");
}

std::optional<std::string> check(json::object const& schema, json::value const& value,
                                 std::string const& pointer);

std::optional<std::string> wrong_members(json::object const& schema, json::object const& value,
                                         std::string const& pointer) {
    if (auto const* const required = schema.if_contains("required")) {
        for (auto const& name : required->as_array()) {
            auto const key = std::string_view(name.as_string());
            if (!value.contains(key)) return at(pointer + '/' + std::string(key), "is missing");
        }
    }
    auto const* const properties = schema.if_contains("properties");
    if (properties == nullptr) return std::nullopt;
    for (auto const& [name, sub] : properties->as_object()) {
        auto const* const member = value.if_contains(name);
        if (member == nullptr) continue;
        auto found = check(sub.as_object(), *member, pointer + '/' + std::string(name));
        if (found) return found;
    }
    return std::nullopt;
}

std::optional<std::string> check(json::object const& schema, json::value const& value,
                                 std::string const& pointer) {
    if (auto found = wrong_type(schema, value, pointer)) return found;
    if (auto found = not_listed(schema, value, pointer)) return found;
    if (auto found = too_short(schema, value, pointer)) return found;
    if (auto const* const object = value.if_object()) {
        return wrong_members(schema, *object, pointer);
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> mismatch(json::object const& schema, json::value const& value) {
    return check(schema, value, {});
}

}  // namespace tollgate::mcp
