// Forwarding header fields, of those who stand between a client and a server.
#pragma once

#include <string_view>

namespace tollgate::http {

// True for a field in which a proxy, a content network or a tunnel tells the server behind it whose
// request that was and what was asked for (RFC 7239, and what its makers have each called it).
// Servers believe what it says. Not Via and CDN-Loop, which every one in the chain passes on (RFC
// 9110 §7.6.3, RFC 8586 §2). Names are compared without case.
bool is_forwarding_field(std::string_view name) noexcept;

}  // namespace tollgate::http
