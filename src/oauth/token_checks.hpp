// Token checks: what the bearer guard looks at in a token besides what the strategy says of it.
// Usually all of it; whoever wants it otherwise puts another one on the context
// (http::context::keep).
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "http/message/problem.hpp"
#include "http/pipeline/principal.hpp"

namespace tollgate::oauth {

// Has a say about a token after the strategy. Thread-safe.
class token_opinion {
public:
    virtual ~token_opinion() = default;
    // `judged`: what the strategy said, or an opinion before this one. Failures as in
    // token_validator.
    virtual outcome<http::principal> about(outcome<http::principal> judged,
                                           std::string_view digest) const = 0;
};

struct token_checks {
    bool audience = true;  // RFC 8707 §2, RFC 9068 §4
    bool expiry = true;
    bool key = true;     // RFC 9449 §7
    bool scopes = true;  // RFC 6750 §3.1
    std::vector<std::shared_ptr<token_opinion const>> opinions{};
};

// Null stands for the usual ones.
inline token_checks const& checks_of(std::shared_ptr<token_checks const> const& kept) {
    static token_checks const usual;
    return kept ? *kept : usual;
}

}  // namespace tollgate::oauth
