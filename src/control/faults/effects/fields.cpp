#include "control/faults/effects/fields.hpp"

#include <algorithm>

#include <boost/json/array.hpp>

namespace tollgate::control::effects {

namespace json = boost::json;

namespace {

// RFC 9110 §5.6.2.
bool is_field_name(std::string_view name) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    return !name.empty() && std::ranges::all_of(name, [&](char c) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return letter || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
    });
}

bool is_field_value(std::string_view value) noexcept {
    return std::ranges::none_of(value, [](char c) {
        auto const u = static_cast<unsigned char>(c);
        return (u < 0x20 && c != '\t') || u == 0x7f;
    });
}

// What the connection says itself.
bool is_framing(std::string_view name) noexcept {
    constexpr std::string_view framing[] = {
        "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive",
        "Upgrade",        "Trailer",           "Date"};
    return std::ranges::any_of(framing, [&](auto f) { return http::iequals(f, name); });
}

void read_value(object_reader& in, std::string_view name, json::value const& value,
                http::header_list& into) {
    auto const* text = value.if_string();
    // Of a parameter.
    if (value.is_int64())
        into.add(std::string(name), std::to_string(value.get_int64()));
    else if (text == nullptr)
        in.fail(name, "expected a string, got " + std::string(kind_of(value)));
    else if (!is_field_value(*text))
        in.fail(name, "holds a control character");
    else
        into.add(std::string(name), std::string(*text));
}

}  // namespace

http::header_list read_fields(object_reader& in, std::string_view name) {
    http::header_list fields;
    auto const* object = in.object(name);
    if (object == nullptr) return fields;
    object_reader members(*object, in.pointer(name));
    for (auto const& member : *object) {
        std::string_view const field(member.key());
        members.any(field);
        if (!is_field_name(field) || is_framing(field)) {
            members.fail(field, "is no header that an answer may be given");
        } else if (auto const* several = member.value().if_array()) {
            for (auto const& one : *several)
                read_value(members, field, one, fields);
        } else {
            read_value(members, field, member.value(), fields);
        }
    }
    auto const ok = members.finish();
    if (!ok) in.fail(ok.error());
    return fields;
}

bool may_be_removed(std::string_view field) noexcept {
    return is_field_name(field) && !is_framing(field);
}

}  // namespace tollgate::control::effects
