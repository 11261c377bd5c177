#include "base/json.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace tollgate {
namespace {

namespace json = boost::json;

bool is_flat(json::array const& list) {
    return std::ranges::all_of(list, [](json::value const& v) { return v.is_primitive(); });
}

std::string flat(json::array const& list) {
    std::string text = "[";
    for (auto const& item : list)
        text += (text.size() == 1 ? "" : ", ") + json::serialize(item);
    return text + ']';
}

}  // namespace

std::string pretty(json::value const& v, std::size_t indent) {
    auto const* object = v.if_object();
    auto const* list = v.if_array();
    if (list && is_flat(*list)) return flat(*list);
    if (!object && !list) return json::serialize(v);
    if (object && object->empty()) return "{}";
    std::string const inner = '\n' + std::string(indent + 2, ' ');
    std::string text(1, object ? '{' : '[');
    auto const begin_line = [&] { text += (text.size() == 1 ? "" : ",") + inner; };
    if (object)
        for (auto const& [key, member] : *object) {
            begin_line();
            text += json::serialize(json::string(key)) + ": " + pretty(member, indent + 2);
        }
    if (list)
        for (auto const& item : *list) {
            begin_line();
            text += pretty(item, indent + 2);
        }
    return text + '\n' + std::string(indent, ' ') + (object ? '}' : ']');
}

}  // namespace tollgate
