// Bearer token that the configuration knows, such as control.token.
#pragma once

#include <string_view>

#include "http/message/request.hpp"

namespace tollgate::http {

// Whether the request carries `token` in its one Authorization header (RFC 6750 §2.1). Not even its
// length can be measured. False for an empty `token`.
bool has_bearer_token(request const& r, std::string_view token);

}  // namespace tollgate::http
