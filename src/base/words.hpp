// Words: the values of an enum by the texts that stand for them in configuration and JSON. Such an
// enum has a function `words_of` beside it, found by its argument:
//   constexpr auto words_of(colour) {
//       return std::to_array<word<colour>>({{"red", colour::red}, {"green", colour::green}});
//   }
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tollgate {

template <class Enum>
struct word {
    std::string_view text;
    Enum value;
};

// The text that stands for `value`; empty where none does.
template <class Enum>
constexpr std::string_view word_of(Enum value) {
    for (auto const& w : words_of(Enum()))
        if (w.value == value) return w.text;
    return {};
}

// The value that `text` stands for.
template <class Enum>
constexpr std::optional<Enum> value_of(std::string_view text) {
    for (auto const& w : words_of(Enum()))
        if (w.text == text) return w.value;
    return std::nullopt;
}

// All of them as the schema of the configuration writes alternatives: "red|green".
template <class Enum>
std::string const& alternatives() {
    static std::string const all = [] {
        std::string joined;
        for (auto const& w : words_of(Enum()))
            joined.append(joined.empty() ? "" : "|").append(w.text);
        return joined;
    }();
    return all;
}

}  // namespace tollgate
