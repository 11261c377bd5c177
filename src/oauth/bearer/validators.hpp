// Token validators: the strategies that ask somebody else, and what stands before them.
#pragma once

#include <chrono>
#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "base/task.hpp"
#include "http/client/client.hpp"
#include "http/message/problem.hpp"
#include "http/pipeline/principal.hpp"
#include "http/realm/place.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/model/policy.hpp"

namespace tollgate::oauth {

// A token that somebody showed, and the digest that the store, caches and sessions know it by: it
// is made once for all of them.
struct presented_token {
    std::string text;
    std::string digest;

    template <std::convertible_to<std::string> Text>
    presented_token(Text&& shown)  // NOLINT(google-explicit-constructor): it is one
        : text(std::forward<Text>(shown)), digest(digest_of(text)) {}
};

// Owns the truth about a token; the guard owns challenge text, scopes and audience rules.
// Failures: 401 "invalid_token" (unknown, expired, revoked, for somebody else), 503
// "temporarily_unavailable" (nobody could tell). Thread-safe.
class token_validator {
public:
    virtual ~token_validator() = default;
    // `where` outlives the call.
    virtual task<outcome<http::principal>> validate(presented_token token,
                                                    http::place const& where) = 0;
};

class provider;

struct validator_options {
    std::string endpoint;  // empty: the one of `upstream`, or our own AS by place::internal_issuer
    // Tokens come from this provider; null: from our own AS, or from whom `endpoint` belongs to.
    // Must outlive the validator.
    provider* upstream = nullptr;
    // Strategy jwt: the iss that a foreign provider's tokens must name, to the byte (RFC 9068 §4).
    // Empty: one of the issuer names of our own AS, and with `upstream` none at all.
    std::string issuer;
    // Strategy jwt: typ may be JWT or missing as well. Many providers write no at+jwt.
    bool plain_jwts = false;
    // Strategy jwt: the secret of a realm of our own AS that signs with HS256; nothing for others.
    std::function<std::optional<verification_key>(http::realm const&)> own_secret{};
    std::string client_id;  // for a protected introspection endpoint
    std::string client_secret;
    // Sent instead of client credentials (introspection) or beside the token (userinfo) when our
    // own AS is asked: it answers with everything that validation needs.
    std::string internal_credential;
    std::chrono::milliseconds timeout{5'000};
    std::chrono::milliseconds cache_ttl{0};
};

std::unique_ptr<token_validator> make_introspection_validator(http::client& c, validator_options o);
std::unique_ptr<token_validator> make_userinfo_validator(http::client& c, validator_options o);
// Keys are fetched from the JWKS, kept, and fetched again for an unknown kid at most every 5 s.
std::unique_ptr<token_validator> make_jwt_validator(http::client& c, validator_options o,
                                                    tollgate::clock const& time);

// Equal questions that are asked at the same time are asked once; good answers are kept for
// `ttl` (0: not at all) and never past the token's own expiry; refusals and 503 are never kept.
// Bounded; keys are digests.
std::unique_ptr<token_validator> make_caching_validator(std::unique_ptr<token_validator> inner,
                                                        std::chrono::milliseconds ttl,
                                                        tollgate::clock const& time);

// Picks by the realm's policy at every call (`choose` is asked), so that it can be changed live.
struct validator_set {
    std::unique_ptr<token_validator> introspection, userinfo, jwt, local;
};
std::unique_ptr<token_validator> make_switching_validator(
    validator_set all, std::function<strategy(http::realm const&)> choose);

}  // namespace tollgate::oauth
