// Configuration choices that concern more than one policy.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate {

oauth::strategy strategy_of(config const& c);
// What a request to the MCP server needs. A token without `openid` has no userinfo, so under
// that strategy the scope belongs to what is asked for (OpenID Connect Core §5.3).
std::vector<std::string> required_scopes(config const& c);
// tokens.signing_alg.
oauth::jws_algorithm signing_alg_of(config const& c);

}  // namespace tollgate
