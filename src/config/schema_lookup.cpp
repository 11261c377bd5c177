// The names that keys have, and the nearest of them to a name that none has.
#include <algorithm>
#include <limits>
#include <type_traits>

#include "base/nearest.hpp"
#include "config/schema.hpp"
#include "config/values/formats.hpp"

namespace tollgate::settings {

namespace {

struct dotted {
    std::string_view section;
    std::string_view name;
};

dotted take_apart(std::string_view key) {
    auto const dot = key.rfind('.');
    return {key.substr(0, dot), key.substr(dot + 1)};
}

// Keeps the offer with the smallest distance, the earliest of equal ones.
struct best_offer {
    std::string key;
    std::size_t distance = std::numeric_limits<std::size_t>::max();

    void consider(std::string_view offered, std::size_t d) {
        if (d >= distance) return;
        distance = d;
        key = offered;
    }
};

void refuse_words(origin const& at, std::string const& name, description const& is,
                  std::vector<std::string> const& given, mistakes& wrong) {
    auto const working = split(is.working, '|');
    for (auto const& word : given) {
        if (std::ranges::find(working, word) != working.end()) continue;
        wrong.add(at, name,
                  in_quotes(word) + " is not built yet; use " + quoted_list(working, " or "));
    }
}

}  // namespace

std::string_view alternatives_of(description const& is, slot where) {
    if (!is.allowed.empty()) return is.allowed;
    if (auto const* word = std::get_if<enum_slot>(&where)) return word->alternatives();
    if (auto const* either = std::get_if<word_or_list>(&where)) return either->word.alternatives();
    return {};
}

bool is_section(std::string_view name) {
    return std::ranges::any_of(
        config_settings(), [&](auto const& row) { return take_apart(row.is.key).section == name; });
}

setting<config> const* find_setting(std::string_view name) {
    auto const rows = config_settings();
    auto const found = std::ranges::find(rows, name, [](auto const& row) { return row.is.key; });
    return found == rows.end() ? nullptr : &*found;
}

std::string nearest_key(std::string_view section, std::string_view name) {
    best_offer best;
    if (section.empty())
        for (std::string_view const list :
             {"clients", "client_documents", "scenarios", "trusted_issuers", "users"})
            best.consider(list, 2 * edit_distance(name, list));
    for (auto const& row : config_settings()) {
        auto const known = take_apart(row.is.key);
        // Within a section, another one is meant only where the name is all but equal to its name.
        auto const off = edit_distance(name, known.section);
        if (section.empty() || off < 2)
            best.consider(known.section, 2 * off + (section.empty() ? 0 : 3));
        // The name counts double: the same name in another section is nearer than another
        // name in this one.
        auto const apart = std::min<std::size_t>(edit_distance(section, known.section), 3);
        best.consider(row.is.key, 2 * edit_distance(name, known.name) + apart);
    }
    return best.key;
}

void refuse_unbuilt(origin const& at, std::string const& name, description const& is, slot given,
                    slot standard, mistakes& wrong) {
    if (std::holds_alternative<std::monostate>(given))
        return wrong.add(at, name, "this key is not built yet; leave it out");
    if (is.default_only && to_json(given) != to_json(standard))
        return wrong.add(at, name, "this key is not built yet; leave it out");
    if (is.working.empty()) return;
    if (auto const* word = std::get_if<std::string*>(&given); word && !(*word)->empty())
        refuse_words(at, name, is, {**word}, wrong);
    if (auto const* words = std::get_if<std::vector<std::string>*>(&given))
        refuse_words(at, name, is, **words, wrong);
}

}  // namespace tollgate::settings
