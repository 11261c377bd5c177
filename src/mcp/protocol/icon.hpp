// The picture of the server and of what it offers (2025-11-25 on).
#pragma once

#include <boost/json/array.hpp>

namespace tollgate::mcp {

// "Icons": one SVG as a data URI, so that nobody has to fetch anything.
boost::json::array icons();

}  // namespace tollgate::mcp
