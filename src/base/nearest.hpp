// Nearest name: the known name that is closest to a mistyped one, for "Did you mean …".
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tollgate {

// Edits (insert, remove, replace one character, swap two neighbours) between two names.
std::size_t edit_distance(std::string_view a, std::string_view b);
// The closest of `known`; empty when there is none. Of two equally close ones the first.
std::string_view nearest_name(std::string_view wanted, std::span<std::string_view const> known);

}  // namespace tollgate
