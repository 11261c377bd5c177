// Configuration keys for people: what `tollgate check --keys` prints.
#pragma once

#include <string>

namespace tollgate::settings {

// Markdown, a table for each section: name, what it may be, default, whether a realm can have a
// value of its own, meaning. The schema knows the first three, the control plane the fourth, the
// comments of config.toml the last.
std::string describe_keys();

}  // namespace tollgate::settings
