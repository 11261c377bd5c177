// Seeded refresh tokens: valid before anybody authorized anything, owned by whoever comes first.
#pragma once

#include <string>

#include "http/pipeline/context.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// A refresh token by its secret; a seed that was waiting gets its record now. Failures as in
// vault::find_refresh.
task<outcome<found_refresh>> find_refresh_token(server& s, http::context& c, std::string secret);

// Gives an unowned seed to `client_id`, with the default user, the policy's default scopes and
// the realm's MCP server as audience. When somebody else was faster: the token as it is now.
task<outcome<found_refresh>> bind_seed(server& s, http::context& c, std::string secret,
                                       found_refresh seed, std::string client_id);

}  // namespace tollgate::oauth
