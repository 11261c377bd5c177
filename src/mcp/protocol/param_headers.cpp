#include "mcp/protocol/param_headers.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "base/text.hpp"
#include "mcp/protocol/header_value.hpp"

namespace tollgate::mcp {

namespace json = boost::json;

namespace {

constexpr std::string_view annotation = "x-mcp-header";

[[noreturn]] void reject(std::string const& why) {
    throw std::logic_error("x-mcp-header: " + why);
}

bool is_field_name(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), &is_token_char);
}

mirrored_param::json_type kind_of(json::object const& property) {
    auto const* const type = property.if_contains("type");
    auto const name = type != nullptr && type->is_string() ? std::string_view(type->get_string())
                                                           : std::string_view();
    if (name == "string") return mirrored_param::json_type::string;
    if (name == "integer") return mirrored_param::json_type::integer;
    if (name == "boolean") return mirrored_param::json_type::boolean;
    reject("only string, integer and boolean properties can be mirrored");
}

// Values inside which no schema stands.
bool is_data(std::string_view keyword) noexcept {
    return keyword == "const" || keyword == "enum" || keyword == "default" || keyword == "examples";
}

struct walk {
    std::vector<mirrored_param> found;
    std::vector<std::string> path;

    // `reachable`: by nothing but `properties` from the root.
    void schema(json::object const& s, bool reachable) {
        for (auto const& [key, value] : s) {
            std::string_view const keyword(key);
            if (keyword == annotation) {
                annotated(s, value, reachable);
            } else if (keyword == "properties" && value.is_object()) {
                properties(value.get_object(), reachable);
            } else if (!is_data(keyword)) {
                elsewhere(value);
            }
        }
    }
    void properties(json::object const& all, bool reachable) {
        for (auto const& [name, value] : all) {
            if (!value.is_object()) continue;
            path.emplace_back(name);
            schema(value.get_object(), reachable);
            path.pop_back();
        }
    }
    void elsewhere(json::value const& v) {
        if (auto const* const object = v.if_object()) return schema(*object, false);
        if (auto const* const array = v.if_array()) {
            for (auto const& element : *array)
                elsewhere(element);
        }
    }
    void annotated(json::object const& s, json::value const& name, bool reachable) {
        if (!reachable || path.empty()) reject("only plain properties can be mirrored");
        if (!name.is_string() || !is_field_name(name.get_string())) reject("not a field name");
        auto header = "Mcp-Param-" + std::string(name.get_string());
        for (auto const& other : found) {
            if (http::iequals(other.header, header)) reject(header + " comes twice");
        }
        found.push_back({std::move(header), path, kind_of(s)});
    }
};

json::value const* value_at(json::object const& arguments, std::vector<std::string> const& path) {
    json::object const* in = &arguments;
    json::value const* v = nullptr;
    for (auto const& name : path) {
        v = in != nullptr ? in->if_contains(name) : nullptr;
        if (v == nullptr) return nullptr;
        in = v->if_object();
    }
    return v->is_null() ? nullptr : v;
}

// "servers SHOULD compare the header value and the body value numerically", within the safe range.
bool same_integer(std::string_view text, json::value const& body) {
    constexpr double limit = 9007199254740991.0;
    double named = 0;
    auto const* const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, named);
    if (read.ec != std::errc() || read.ptr != end) return false;
    auto const meant = body.to_number<double>();
    return named == meant && std::trunc(named) == named && std::abs(named) <= limit;
}

bool fits_kind(mirrored_param::json_type k, json::value const& body) noexcept {
    if (k == mirrored_param::json_type::string) return body.is_string();
    return k == mirrored_param::json_type::boolean ? body.is_bool() : body.is_number();
}

bool same(mirrored_param::json_type k, std::string_view text, json::value const& body) {
    if (k == mirrored_param::json_type::string) return text == std::string_view(body.get_string());
    if (k == mirrored_param::json_type::boolean)
        return text == (body.get_bool() ? "true" : "false");
    return same_integer(text, body);
}

std::optional<std::string> flaw_in(mirrored_param const& p, json::object const& arguments,
                                   http::request const& r) {
    auto const* const body = value_at(arguments, p.path);
    auto const lines = r.count(p.header);
    if (body == nullptr) {
        if (lines == 0) return std::nullopt;
        return p.header + " has no counterpart in params.arguments";
    }
    if (!fits_kind(p.type, *body)) return std::nullopt;
    if (lines == 0) return p.header + " is missing";
    auto const text = r.header(p.header);
    if (lines > 1 || !is_plain_header_value(text)) return p.header + " has an invalid value";
    auto const decoded = decode_header_value(text);
    if (!decoded) return p.header + " is not valid Base64";
    if (same(p.type, *decoded, *body)) return std::nullopt;
    return p.header + " does not match params.arguments";
}

}  // namespace

std::vector<mirrored_param> mirrored_params(json::object const& schema) {
    walk w;
    w.schema(schema, true);
    return std::move(w.found);
}

std::optional<std::string> flaw_in_params(std::vector<mirrored_param> const& mirrored,
                                          json::object const& arguments, http::request const& r) {
    for (auto const& p : mirrored) {
        if (auto flaw = flaw_in(p, arguments, r)) return flaw;
    }
    return std::nullopt;
}

}  // namespace tollgate::mcp
