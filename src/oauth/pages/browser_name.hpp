// Browser name, by which we know one: the value of a cookie of ours that nobody else can make up.
//
// A cookie may have been planted: on loopback by any page of any port, elsewhere by a sibling
// domain (RFC 6265 §8.6). A value that we never gave is not taken over, so that whoever plants one
// has to have asked for it, and a login changes it (browser_sessions.hpp).
#pragma once

#include <string>
#include <string_view>

namespace tollgate::oauth {

// 128 random bits and what proves that they are ours, as base64url. `key`:
// browser_sessions::name_key; `purpose`: that of http::cookie_name, so that the name for one is
// none for another.
std::string new_browser_name(std::string_view key, std::string_view purpose);
// The same for the same `seed`, which must not be known to anybody else.
std::string browser_name_of(std::string_view key, std::string_view purpose, std::string_view seed);
// True when one of these two made it.
bool is_browser_name(std::string_view key, std::string_view purpose, std::string_view value);

}  // namespace tollgate::oauth
