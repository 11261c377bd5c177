// The route table of the authorization server.
#pragma once

#include <span>

#include "http/pipeline/router.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// For the AS listener, and for the MCP listener as well: the MCP origin is a second issuer name
// of the same server. `s` must outlive the table.
void add_routes(http::router& table, server& s,
                http::endpoint_paths const& paths = *http::standard_endpoint_paths());

// The rows of the built-in server, at their usual paths: for a test that what else has to know of
// an endpoint knows it.
std::span<http::route<server> const> endpoint_rows() noexcept;

// Where clients look that were written against servers with other paths: /oauth/token, … for what
// stands in the table at /authorize, /token and /register.
void add_other_paths(http::router& table, http::endpoint_paths const& paths);

}  // namespace tollgate::oauth
