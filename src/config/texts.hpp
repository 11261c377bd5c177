// Text values: checks and finishes one by the format that its key has.
#pragma once

#include <string>

#include "config/schema.hpp"
#include "config/values/formats.hpp"

namespace tollgate::settings {

// What is wrong with `text`. A secret is never repeated in the answer.
flaw flaw_of(std::string const& text, description const& is, std::string const& folder);

// The text as the program uses it: URLs without trailing slash, file names resolved.
std::string finished(std::string text, format form, std::string const& folder);

}  // namespace tollgate::settings
