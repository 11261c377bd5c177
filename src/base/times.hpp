// Points in time as the control API writes them.
#pragma once

#include <string>

#include "base/clock.hpp"

namespace tollgate {

// "2027-01-15T08:00:00Z" (RFC 3339 §5.6, whole seconds, UTC).
std::string rfc3339(time_point t);

}  // namespace tollgate
