// The stream of subscriptions/listen (2026-07-28).
#pragma once

#include <string>
#include <string_view>

#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

// Opens it for the request `id`: the acknowledgement first, then every change that `granted`
// wants, until the client leaves, its token dies or the server ends it. 503 when the realm has
// too many.
endpoint_result open_subscription(endpoint const& e, json::value const& id,
                                  subscription const& granted);

}  // namespace tollgate::mcp
