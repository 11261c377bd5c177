// Request metadata of 2026-07-28: what a request says about itself in `_meta` and in its headers,
// and whether that is true ("Per-request protocol fields", "Request Metadata").
#pragma once

#include <optional>

#include "mcp/transport/http/endpoint.hpp"

namespace tollgate::mcp {

// Why the request is refused (HTTP 400), if so: -32602 for `_meta`, -32022 for a version that is
// not spoken here, -32020 for headers that are missing, malformed, or do not match the body.
std::optional<refusal> flaw_in_request(endpoint const& e, message const& m);

// The revision of a request that flaw_in_request() let pass.
revision revision_in(message const& m);

}  // namespace tollgate::mcp
