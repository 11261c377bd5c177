// The values of keys in other forms: as JSON, and from one place to another.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "base/quantity.hpp"
#include "config/schema.hpp"

namespace tollgate::settings {
namespace {

namespace json = boost::json;
using type = value::type;

struct json_of {
    json::value operator()(std::monostate) const { return nullptr; }
    json::value operator()(milliseconds* d) const { return json::string(duration_text(*d)); }
    json::value operator()(std::vector<std::string>* texts) const {
        return json::array(texts->begin(), texts->end());
    }
    json::value operator()(enum_slot word) const { return json::string(word.word()); }
    json::value operator()(word_or_list both) const {
        return both.list->empty() ? (*this)(both.word) : (*this)(both.list);
    }
    json::value operator()(word_or_grace both) const {
        if (both.word.word() != "grace") return (*this)(both.word);
        return json::string("grace:" + duration_text(*both.grace));
    }
    template <class Plain>
    json::value operator()(Plain* plain) const {
        return json::value(*plain);
    }
};

struct copier {
    slot const& from;

    void operator()(std::monostate) const {}
    void operator()(enum_slot to) const { to.choose(std::get<enum_slot>(from).word()); }
    void operator()(word_or_list to) const {
        auto const& other = std::get<word_or_list>(from);
        to.word.choose(other.word.word());
        *to.list = *other.list;
    }
    void operator()(word_or_grace to) const {
        auto const& other = std::get<word_or_grace>(from);
        to.word.choose(other.word.word());
        *to.grace = *other.grace;
    }
    template <class Plain>
    void operator()(Plain* to) const {
        *to = *std::get<Plain*>(from);
    }
};

value list_of(json::array const& items, origin const& at) {
    value v;
    v.is = type::list;
    v.at = at;
    for (auto const& item : items)
        v.items.push_back(from_json(item, at));
    return v;
}

value table_of(json::object const& members, origin const& at) {
    value v;
    v.is = type::table;
    v.at = at;
    for (auto const& m : members)
        v.members.push_back({std::string(m.key()), at, from_json(m.value(), at)});
    return v;
}

value plain_of(type is, std::string text, origin const& at) {
    auto v = text_value(std::move(text), at);
    v.is = is;
    return v;
}

}  // namespace

json::value to_json(value const& v) {
    switch (v.is) {
        case type::boolean:
            return v.boolean;
        case type::integer:
            return v.integer;
        case type::number:
            return v.number;
        case type::list: {
            json::array items;
            for (auto const& item : v.items)
                items.push_back(to_json(item));
            return items;
        }
        case type::table: {
            json::object object;
            for (auto const& m : v.members)
                object[m.key] = to_json(m.content);
            return object;
        }
        case type::text:
        case type::other:
            break;
    }
    return json::string(v.text);
}

value from_json(json::value const& v, origin const& at) {
    if (auto const* items = v.if_array()) return list_of(*items, at);
    if (auto const* members = v.if_object()) return table_of(*members, at);
    if (auto const* text = v.if_string()) return text_value(std::string(*text), at);
    auto written = json::serialize(v);
    json::error_code ignored;
    if (auto const* on = v.if_bool()) {
        auto flag = plain_of(type::boolean, std::move(written), at);
        flag.boolean = *on;
        return flag;
    }
    if (!v.is_number()) return plain_of(type::other, std::move(written), at);
    // 5.0 is a whole number in JSON.
    auto const whole = v.to_number<std::int64_t>(ignored);
    auto number = plain_of(ignored ? type::number : type::integer, std::move(written), at);
    number.integer = whole;
    number.number = v.to_number<double>();
    return number;
}

json::value to_json(slot where) {
    return std::visit(json_of(), where);
}

void copy(slot from, slot to) {
    std::visit(copier{from}, to);
}

}  // namespace tollgate::settings
