// Verifies a JWT access token (RFC 9068 §4) with the keys of its issuer.

#include "oauth/bearer/remote_validators.hpp"
#include "oauth/bearer/token_answer.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/fetch/jwks_cache.hpp"
#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

namespace {

constexpr validation_endpoint key_set_of_issuer{"key set", "jwks_uri", &provider_metadata::jwks_uri,
                                                &http::endpoint_paths::jwks};

// RFC 9068 §2.2: sub and aud are required. Without aud anybody's token would do.
outcome<http::principal> principal_of(boost::json::object claims) {
    http::principal who;
    // Known to be a bearer token unless it says otherwise: what is bound names its key (RFC 9449
    // §6.1).
    who.key.emplace();
    if (!read_token_claims(claims, who)) return not_valid("jwt: a claim has a wrong type");
    auto const* sub = claims.if_contains("sub");
    if (!sub || !sub->is_string() || sub->get_string().empty())
        return not_valid("jwt: sub: missing or not a string");
    if (who.audience.empty()) return not_valid("jwt: aud: missing");
    who.subject = sub->get_string();
    // A token without the claim carries no scope; that is not the same as not telling.
    if (!who.scopes) who.scopes.emplace();
    who.strategy = "jwt";
    who.claims = std::move(claims);
    return who;
}

// The store knows of a copy's tokens; a JWT that its keys verify may be of the realm beside it.
bool is_issued_beside(http::place const& where, boost::json::object const& claims) {
    auto const* iss = claims.if_contains("iss");
    auto const* iat = claims.if_contains("iat");
    auto const then = iat != nullptr ? numeric_date(*iat) : std::nullopt;
    if (iss == nullptr || !iss->is_string() || !then) return false;
    return where.is_issued_beside(iss->get_string(), *then);
}

outcome<boost::json::object> verify_with(std::string_view token,
                                         std::vector<verification_key> const& published,
                                         std::optional<verification_key> const& secret,
                                         jwt_expectations const& expected) {
    if (!secret) return verify_jwt(token, published, expected);
    auto all = published;
    all.push_back(*secret);
    return verify_jwt(token, all, expected);
}

class jwt_validator final : public token_validator {
public:
    jwt_validator(http::client& c, validator_options o, tollgate::clock const& time)
        : options_(std::move(o)), clock_(time), keys_(c, options_.timeout, time) {}

    task<outcome<http::principal>> validate(presented_token token,
                                            http::place const& where) override {
        if (options_.upstream && options_.issuer.empty())
            co_return cannot_tell("jwt: no issuer is known that a token could name");
        auto const target = co_await find_validation_target(options_, where, key_set_of_issuer);
        if (!target) co_return target.error();
        auto keys = co_await keys_.get(target->url);
        if (!keys) co_return keys.error();
        auto const secret = target->own ? own_secret(where) : std::nullopt;
        auto const expected = expectations(where, secret.has_value());
        auto claims = verify_with(token.text, **keys, secret, expected);
        if (!claims && claims.error().error() == "unknown_kid") {
            auto newer = co_await keys_.refresh(target->url);
            if (!newer) co_return newer.error();
            if (*newer != *keys) claims = verify_with(token.text, **newer, secret, expected);
        }
        if (!claims) co_return claims.error();
        if (is_issued_beside(where, *claims))
            co_return not_valid("jwt: iss: issued by the realm that this one is a copy of, later");
        auto who = principal_of(std::move(*claims));
        co_return std::move(who);
    }

private:
    // A foreign provider shares no secret with us.
    std::optional<verification_key> own_secret(http::place const& where) const {
        if (!options_.own_secret) return std::nullopt;
        return options_.own_secret(*where.realm);
    }

    jwt_expectations expectations(http::place const& where, bool with_secret) const {
        jwt_expectations e;
        e.algorithms = {asymmetric_algorithms.begin(), asymmetric_algorithms.end()};
        // RFC 8725 §3.1: not unless the key is a secret of ours; a published one verifies no HMAC.
        if (with_secret) e.algorithms.push_back(jws_algorithm::hs256);
        e.typ = "at+jwt";
        e.or_plain = options_.plain_jwts;
        e.now = where.realm->time().at(clock_.now());
        if (options_.issuer.empty())
            e.issuer = [&where](std::string_view iss) { return where.is_own_issuer(iss); };
        else
            e.issuer = [this](std::string_view iss) { return iss == options_.issuer; };
        return e;
    }

    validator_options options_;
    tollgate::clock const& clock_;
    jwks_cache keys_;
};

}  // namespace

std::unique_ptr<token_validator> make_jwt_validator(http::client& c, validator_options o,
                                                    tollgate::clock const& time) {
    return std::make_unique<jwt_validator>(c, std::move(o), time);
}

}  // namespace tollgate::oauth
