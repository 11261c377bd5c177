// Bearer guard: nothing behind a guarded route runs without a good token.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/pipeline/layer.hpp"
#include "http/realm/realm.hpp"
#include "oauth/bearer/token_header.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/dpop/request.hpp"

namespace tollgate::oauth {

// What the MCP side of a realm asks for (the guard may not see `mcp`).
struct bearer_requirement {
    bool required = true;             // false: mcp.auth = "none"; a token is not even looked at
    std::vector<std::string> scopes;  // every one of them, on every request
    // mcp.auth = "tools-only": who sends no token is let in as nobody; a token that is sent must
    // be good all the same.
    bool anonymous_too = false;
    dpop_rules dpop{};  // RFC 9449
    // What a token that nobody can be asked about is answered with.
    unreachable_answer unreachable = unreachable_answer::unavailable;
};

// For routes flagged http::guarded: takes the token (presented_access_token), asks the validator,
// checks audience (RFC 8707, RFC 9068 §4), key (RFC 9449 §7) and scopes, and leaves an
// http::credential on the context. Answers are the contract's table (http::challenge).
http::layer bearer_guard(token_validator& validator,
                         std::function<bearer_requirement(http::context const&)> requirement);

}  // namespace tollgate::oauth
