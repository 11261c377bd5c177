#include "config/values/value.hpp"

#include "config/values/formats.hpp"

namespace tollgate::settings {

value text_value(std::string text, origin at) {
    value v;
    v.text = std::move(text);
    v.at = std::move(at);
    return v;
}

std::string describe(value const& v, bool secret) {
    using type = value::type;
    std::string const shown = secret ? "" : " " + v.text;
    switch (v.is) {
        case type::boolean:
            return secret ? "a boolean" : v.text;
        case type::integer:
            return secret ? "an integer" : "the integer" + shown;
        case type::number:
            return secret ? "a number" : "the number" + shown;
        case type::text:
            return secret ? "a string" : "the string " + in_quotes(v.text);
        case type::list:
            return "a list";
        case type::table:
            return "a table";
        case type::other:
            if (v.text == "null") return "null";
            return secret ? "a date or time" : "the date or time" + shown;
    }
    return "something else";
}

void mistakes::add(origin const& at, std::string_view key, std::string_view what) {
    std::string line = at.label + ": ";
    if (key != at.names) line.append(key).append(": ");
    lines_.push_back(line.append(what));
}

}  // namespace tollgate::settings
