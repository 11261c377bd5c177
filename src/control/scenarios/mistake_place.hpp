// Place of a mistake: from the JSON pointer that a reader tells to the line of the document.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "config/values/value.hpp"

namespace tollgate::control {

// Adds the mistake `told` ("/expect/0/count/of/x: is …", a pointer into `table`) with the line and
// column of the deepest part of its pointer that was written; without a pointer it is about the
// table. `called` is how the table is called: "scenarios[0]". The first `added` elements of its
// list "expect" are not its own: they came by "with".
void add_placed(settings::mistakes& to, settings::value const& table, std::string const& called,
                std::string_view told, std::size_t added = 0);

}  // namespace tollgate::control
