// The dates that HTTP writes. Pure.
#pragma once

#include <cstdint>
#include <string>

namespace tollgate::http {

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 §5.6.7).
std::string http_date(std::int64_t seconds_since_epoch);

}  // namespace tollgate::http
