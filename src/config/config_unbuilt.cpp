// What the schema knows and the program does not do yet.
#include <algorithm>
#include <type_traits>

#include "config/formats.hpp"
#include "config/schema.hpp"

namespace tollgate::settings {
namespace {

bool same(slot a, slot b) {
    return std::visit(
        [&](auto given) {
            using place = decltype(given);
            if constexpr (std::is_same_v<place, std::monostate>) {
                return false;
            } else if constexpr (std::is_same_v<place, word_or_list>) {
                auto const other = std::get<word_or_list>(b);
                return *given.word == *other.word && *given.list == *other.list;
            } else {
                return *given == *std::get<place>(b);
            }
        },
        a);
}

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

void refuse_unbuilt(origin const& at, std::string const& name, description const& is, slot given,
                    slot standard, mistakes& wrong) {
    if (std::holds_alternative<std::monostate>(given))
        return wrong.add(at, name, "this key is not built yet; leave it out");
    if (is.default_only && !same(given, standard))
        return wrong.add(at, name, "this key is not built yet; leave it out");
    if (is.working.empty()) return;
    if (auto const* word = std::get_if<std::string*>(&given); word && !(*word)->empty())
        refuse_words(at, name, is, {**word}, wrong);
    if (auto const* words = std::get_if<std::vector<std::string>*>(&given))
        refuse_words(at, name, is, **words, wrong);
}

}  // namespace tollgate::settings
