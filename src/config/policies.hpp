// Policies: what a realm is configured to do, at both servers. A key of config.toml that belongs to
// one is a member of it, with its default; the table of the schema says which.
#pragma once

#include <string>

#include "mcp/policy.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate {

struct policies {
    oauth::policy oauth;
    mcp::policy mcp;
};

// What the one says because of the other: tokens.dpop is a key of the authorization server, and the
// resource metadata tell of it; tokens that are validated by userinfo need openid. To be called
// after either was changed.
void settle(policies& both);

// Why tokens cannot be validated as oauth.validation wants it; empty: they can. The same words at
// the start of the server and when a realm changes.
std::string objection_to_strategy(policies const& both);

}  // namespace tollgate
