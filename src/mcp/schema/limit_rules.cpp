// Keywords that limit a value. JSON Schema Validation 2020-12 §6.2 to §6.5, §7: each holds for its
// own type of value and says nothing about others.
#include <cmath>
#include <stdexcept>

#include <boost/json/serialize.hpp>
#include <boost/regex.hpp>

#include "mcp/schema/rule.hpp"

namespace tollgate::mcp::schema_rules {

namespace {

double number(json::value const& argument, reader& in) {
    if (!argument.is_number()) in.refuse("must be a number");
    return argument.to_number<double>();
}

std::size_t count(json::value const& argument, reader& in) {
    auto const n = number(argument, in);
    if (n < 0 || n > 1e9 || std::trunc(n) != n) in.refuse("must be a count");
    return static_cast<std::size_t>(n);
}

template <class Fits>
rule bound(json::value const& argument, reader& in, char const* what, Fits fits) {
    auto const limit = number(argument, in);
    auto const sentence = what + json::serialize(argument);
    return [limit, sentence, fits](json::value const& v, place const& at) -> finding {
        if (!v.is_number() || fits(v.to_number<double>(), limit)) return std::nullopt;
        return at.say(sentence);
    };
}

rule minimum(json::value const& a, json::object const&, reader& in) {
    return bound(a, in, "must be at least ", [](double v, double l) { return v >= l; });
}
rule maximum(json::value const& a, json::object const&, reader& in) {
    return bound(a, in, "must be at most ", [](double v, double l) { return v <= l; });
}
rule exclusive_minimum(json::value const& a, json::object const&, reader& in) {
    return bound(a, in, "must be more than ", [](double v, double l) { return v > l; });
}
rule exclusive_maximum(json::value const& a, json::object const&, reader& in) {
    return bound(a, in, "must be less than ", [](double v, double l) { return v < l; });
}
rule multiple_of(json::value const& a, json::object const&, reader& in) {
    if (number(a, in) <= 0) in.refuse("must be more than 0");
    return bound(a, in, "must be a multiple of ", [](double v, double l) {
        // With a tolerance: in binary 0.3 / 0.1 is no whole number.
        auto const parts = v / l;
        return std::isfinite(parts) && std::fabs(parts - std::round(parts)) <= 1e-9;
    });
}

// §6.3.1: characters, not bytes. The body has been checked to be UTF-8.
std::size_t length(std::string_view text) noexcept {
    std::size_t n = 0;
    for (char const ch : text)
        n += (static_cast<unsigned char>(ch) & 0xC0) != 0x80;
    return n;
}

// A limit to a size that only values of one type have.
template <class Size>
rule size_limit(json::value const& argument, reader& in, bool least, char const* unit,
                Size size_of) {
    auto const limit = count(argument, in);
    auto sentence = (least ? "must have at least " : "must have at most ") + std::to_string(limit);
    sentence += unit;
    return [limit, least, sentence, size_of](json::value const& v, place const& at) -> finding {
        std::optional<std::size_t> const size = size_of(v);
        if (!size || (least ? *size >= limit : *size <= limit)) return std::nullopt;
        return at.say(sentence);
    };
}

std::optional<std::size_t> characters(json::value const& v) {
    if (auto const* const s = v.if_string()) return length(*s);
    return std::nullopt;
}
std::optional<std::size_t> elements(json::value const& v) {
    if (auto const* const a = v.if_array()) return a->size();
    return std::nullopt;
}
std::optional<std::size_t> members(json::value const& v) {
    if (auto const* const o = v.if_object()) return o->size();
    return std::nullopt;
}

template <bool Least>
rule length_limit(json::value const& a, json::object const&, reader& in) {
    return size_limit(a, in, Least, " characters", characters);
}
template <bool Least>
rule item_limit(json::value const& a, json::object const&, reader& in) {
    return size_limit(a, in, Least, " items", elements);
}
template <bool Least>
rule property_limit(json::value const& a, json::object const&, reader& in) {
    return size_limit(a, in, Least, " members", members);
}

rule unique_items(json::value const& argument, json::object const&, reader& in) {
    if (!argument.is_bool()) in.refuse("must be a boolean");
    if (!argument.get_bool()) return {};
    return [](json::value const& v, place const& at) -> finding {
        auto const* const list = v.if_array();
        if (list == nullptr) return std::nullopt;
        // There are quadratically many comparisons, so each costs a step.
        for (std::size_t i = 1; i < list->size(); ++i) {
            for (std::size_t k = 0; k < i; ++k) {
                if (--at.limit().steps <= 0) return at.say("is too complicated to be checked");
                if (equal((*list)[i], (*list)[k])) return at.say("must not repeat an item");
            }
        }
        return std::nullopt;
    };
}

// Patterns see bytes, so they must be ASCII; a text that makes one take too long does not fit.
bool matches(boost::regex const& wanted, std::string_view text) {
    try {
        return boost::regex_search(text.begin(), text.end(), wanted);
    } catch (std::runtime_error const&) {
        return false;
    }
}

rule pattern(json::value const& argument, json::object const&, reader& in) {
    if (!argument.is_string()) in.refuse("must be a string");
    std::string const text(argument.get_string());
    for (char const ch : text) {
        if (ch < 0x20 || ch > 0x7E) in.refuse("must be printable ASCII");
    }
    boost::regex wanted;
    try {
        // ECMA-262 without flags: "^" and "$" are the ends of the text, "." is no line break.
        wanted.assign(text,
                      boost::regex::ECMAScript | boost::regex::no_mod_m | boost::regex::no_mod_s);
    } catch (std::runtime_error const&) {
        in.refuse("is not a regular expression");
    }
    return [wanted, text](json::value const& v, place const& at) -> finding {
        auto const* const s = v.if_string();
        if (s == nullptr || matches(wanted, *s)) return std::nullopt;
        return at.say("must match the pattern " + text);
    };
}

rule format(json::value const& argument, json::object const&, reader& in) {
    if (!argument.is_string()) in.refuse("must be a string");
    std::string const name(argument.get_string());
    if (!is_known_format(name)) in.refuse("is a format that is not implemented");
    return [name](json::value const& v, place const& at) -> finding {
        auto const* const s = v.if_string();
        if (s == nullptr || has_format(name, *s)) return std::nullopt;
        return at.say("must have the format " + name);
    };
}

constexpr keyword limit_keywords[] = {
    {"minimum", &minimum},
    {"maximum", &maximum},
    {"exclusiveMinimum", &exclusive_minimum},
    {"exclusiveMaximum", &exclusive_maximum},
    {"multipleOf", &multiple_of},
    {"minLength", &length_limit<true>},
    {"maxLength", &length_limit<false>},
    {"pattern", &pattern},
    {"format", &format},
    {"minItems", &item_limit<true>},
    {"maxItems", &item_limit<false>},
    {"uniqueItems", &unique_items},
    {"minProperties", &property_limit<true>},
    {"maxProperties", &property_limit<false>},
};

}  // namespace

maker find_limit_keyword(std::string_view name) noexcept {
    for (auto const& k : limit_keywords) {
        if (k.name == name) return k.make;
    }
    return nullptr;
}

}  // namespace tollgate::mcp::schema_rules
