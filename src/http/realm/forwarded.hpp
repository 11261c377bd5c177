// Forwarding headers: what a proxy says about the request that it passed on (RFC 7239, and the
// older X-Forwarded-… that most still send). Anybody can send them: they are good for advice, never
// for a decision.
#pragma once

#include <string>
#include <string_view>

#include "http/message/listener.hpp"
#include "http/message/request.hpp"

namespace tollgate::http {

// "https": how the first proxy was asked. Empty when nobody says.
std::string_view forwarded_scheme(request const& r) noexcept;
// "mcp.example:8443": the Host that the first proxy was asked under. Empty when nobody says.
std::string_view forwarded_host(request const& r) noexcept;

// The origin that the client asked, as far as one can tell: by a forwarding header, else by the
// port of Host. Empty when it is the listener's own.
std::string foreign_origin(request const& r, listener_info const& l);

}  // namespace tollgate::http
