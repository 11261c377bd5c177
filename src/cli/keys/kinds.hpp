// Types and values of a key in words of Markdown: what it may hold, and what it holds.
#pragma once

#include <string>

#include "config/schema.hpp"

namespace tollgate::settings {

// "`auto` | `page`", "a duration, at least `1s`", "a list of scopes".
std::string kind_of(description const& is, slot where);

// The value there as TOML would say it: `"1h"`, `100`, `[]`.
std::string value_text(description const& is, slot where);

}  // namespace tollgate::settings
