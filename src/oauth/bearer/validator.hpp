// Is this bearer token good, and whose is it: one question, four ways to ask.
#pragma once

#include <memory>
#include <string>

#include "base/task.hpp"
#include "http/message/problem.hpp"
#include "http/pipeline/principal.hpp"
#include "http/realm/place.hpp"

namespace tollgate::oauth {

// Owns the truth about a token; the guard owns challenge text, scopes and audience rules.
// Failures: 401 "invalid_token" (unknown, expired, revoked, for somebody else), 503
// "temporarily_unavailable" (nobody could tell). Thread-safe.
class token_validator {
public:
    virtual ~token_validator() = default;
    // `where` outlives the call.
    virtual task<outcome<http::principal>> validate(std::string token,
                                                    http::place const& where) = 0;
};

}  // namespace tollgate::oauth
