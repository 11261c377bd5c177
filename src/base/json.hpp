// JSON as text for people: one member a line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tollgate {

// Two spaces a level; lists without tables or lists in them stay on one line.
std::string pretty(boost::json::value const& v, std::size_t indent = 0);

// Nothing when it is missing or of another type. The view lives as long as the object.
inline std::optional<std::string_view> text_member(boost::json::object const& o,
                                                   std::string_view name) {
    auto const* v = o.if_contains(name);
    if (!v || !v->is_string()) return std::nullopt;
    return std::string_view(v->get_string());
}

}  // namespace tollgate
