// The secret that a request presents: whom it is about, before anybody has looked at it.
#pragma once

#include <string>

#include "http/pipeline/context.hpp"

namespace tollgate::control {

// The token of the Authorization header, else refresh_token, code or token of the form; empty when
// there is none. Never to be kept.
std::string presented_secret(http::context& c);

// A member of the form in the body, or of the query; empty when it is not there.
std::string form_value(http::context& c, std::string_view name);
std::string query_value(http::context& c, std::string_view name);

// The MCP session by its header or, of the older transport, by the query.
std::string presented_session(http::context& c);

// client_id: that of the principal, of Basic credentials (RFC 6749 §2.3.1), the form or the query.
std::string presented_client(http::context& c);

}  // namespace tollgate::control
