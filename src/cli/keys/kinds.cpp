#include "cli/keys/kinds.hpp"

#include <algorithm>
#include <span>
#include <type_traits>

#include <boost/json/serialize.hpp>

#include "base/quantity.hpp"
#include "config/values/formats.hpp"

namespace tollgate::settings {
namespace {

namespace json = boost::json;

struct unit {
    std::string_view name;
    std::int64_t factor;
};

// The largest unit first.
constexpr unit size_units[] = {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}};

std::string in_units(std::int64_t n, std::span<unit const> units, std::string_view smallest) {
    for (auto const& u : units)
        if (n >= u.factor && n % u.factor == 0)
            return std::to_string(n / u.factor) + std::string(u.name);
    return std::to_string(n) + std::string(smallest);
}

std::string size_text(std::int64_t n) {
    return in_units(n, size_units, "");
}

struct noun {
    std::string_view one;
    std::string_view several;
};

noun noun_of(format form) {
    switch (form) {
        case format::address:
            return {"`host:port`", "addresses"};
        case format::public_origin:
        case format::origin:
            return {"an origin (`https://host`)", "origins"};
        case format::url:
        case format::base_url:
            return {"a URL", "URLs"};
        case format::host:
            return {"a host name", "host names"};
        case format::file:
        case format::new_file:
            return {"a file", "files"};
        case format::http_path:
        case format::endpoint_path:
            return {"a path", "paths"};
        case format::scope_token:
            return {"a scope", "scopes"};
        case format::scope_list:
            return {"scopes, with spaces between", "lists of scopes"};
        case format::redirect_uri:
            return {"a redirect URI", "redirect URIs"};
        case format::header_field:
            return {"a header field", "header fields"};
        case format::printable:
        case format::bearer_token:
        case format::any:
        case format::one_of:
            return {"a text", "texts"};
    }
    return {};
}

std::string joined_words(std::string_view words, std::string_view joint) {
    std::string text;
    for (auto const& word : split(words, '|'))
        text += (text.empty() ? "`" : std::string(joint) + '`') + word + '`';
    return text;
}

// Those of its words that are built, and then those that are not.
std::string offered_words(description const& is, std::string_view allowed) {
    if (is.working.empty()) return joined_words(allowed, " | ");
    std::string planned;
    for (auto const& word : split(allowed, '|')) {
        auto const built = split(is.working, '|');
        if (std::ranges::find(built, word) == built.end()) planned += '|' + word;
    }
    return joined_words(is.working, " | ") + "; not built yet: " + joined_words(planned, ", ");
}

std::string bounds(description const& is, std::string (*shown)(std::int64_t)) {
    bool const bounded = is.most != INT64_MAX;
    auto const least = '`' + shown(is.least) + '`';
    auto const most = '`' + shown(is.most) + '`';
    if (bounded && is.least > 0) return ", " + least + " to " + most;
    if (bounded) return ", at most " + most;
    return is.least > 0 ? ", at least " + least : "";
}

// One overload for each type that a key can have.
struct kind {
    description const& is;
    std::string_view allowed;

    std::string operator()(std::monostate) const { return "not built yet"; }
    std::string operator()(bool*) const { return "`true` | `false`"; }
    std::string operator()(unsigned*) const { return number(); }
    std::string operator()(std::size_t*) const { return number(); }
    std::string operator()(milliseconds*) const {
        return "a duration" +
               bounds(is, [](std::int64_t n) { return duration_text(milliseconds(n)); });
    }
    std::string operator()(std::string*) const {
        return allowed.empty() ? std::string(noun_of(is.form).one) : words();
    }
    std::string operator()(std::vector<std::string>*) const {
        auto const entries = allowed.empty() ? std::string(noun_of(is.form).several) : words();
        return (is.needs_entry ? "a list, not empty, of " : "a list of ") + entries;
    }
    std::string operator()(json::object*) const { return "a table"; }
    std::string operator()(enum_slot) const { return words(); }
    std::string operator()(word_or_grace) const { return words(); }
    std::string operator()(word_or_list) const { return words() + " | a list of URIs"; }

    std::string words() const { return offered_words(is, allowed); }

    std::string number() const {
        if (is.bytes) return "a size" + bounds(is, size_text);
        return "a number" + bounds(is, [](std::int64_t n) { return std::to_string(n); });
    }
};

}  // namespace

std::string kind_of(description const& is, slot where) {
    if (is.default_only) return "not built yet";
    auto const text = std::visit(kind{is, alternatives_of(is, where)}, where);
    return is.file_only ? text + ", in the file only" : text;
}

std::string value_text(description const& is, slot where) {
    auto const value = to_json(where);
    if (is.bytes) return '"' + size_text(value.to_number<std::int64_t>()) + '"';
    if (!value.is_array()) return json::serialize(value);
    std::string list;
    for (auto const& item : value.get_array())
        list += (list.empty() ? "" : ", ") + json::serialize(item);
    return '[' + list + ']';
}

}  // namespace tollgate::settings
