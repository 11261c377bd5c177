// JSON for people: one member a line.
#pragma once

#include <string>

#include <boost/json/value.hpp>

namespace tollgate {

// Two spaces a level; lists without tables or lists in them stay on one line.
std::string pretty(boost::json::value const& v, std::size_t indent = 0);

}  // namespace tollgate
