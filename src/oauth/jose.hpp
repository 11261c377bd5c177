// JWS (RFC 7515), JWK (RFC 7517) and JWT (RFC 7519) over OpenSSL EVP: compact form, RS256.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "http/clock.hpp"
#include "http/problem.hpp"

namespace tollgate::oauth {

// A private key that signs. Immutable, thread-safe, cheap to copy.
class signing_key {
public:
    static signing_key generate_rsa();  // 2048 bits; about 50 ms: at start or off the I/O thread
    static outcome<signing_key> from_pem(std::string_view pem);

    std::string const& key_id() const noexcept;  // RFC 7638 thumbprint
    std::string_view algorithm() const noexcept { return "RS256"; }
    boost::json::object public_jwk() const;         // kty, n, e, kid, alg, use
    std::string sign(std::string_view data) const;  // raw signature

private:
    struct impl;
    explicit signing_key(std::shared_ptr<impl const> i);
    std::shared_ptr<impl const> impl_;
};

// RFC 7638 of an RSA key, from its members as they stand in the JWK (base64url).
std::string rsa_thumbprint(std::string_view e, std::string_view n);

// header {"alg","typ","kid"} + claims, signed: "h.p.s".
std::string sign_jwt(signing_key const& key, std::string_view typ,
                     boost::json::object const& claims);

// A key that verifies, as found in a JWKS. Keys that cannot sign with RS256 are skipped.
class verification_key {
public:
    std::string key_id;
    bool verify(std::string_view data, std::string_view signature) const;
    struct impl;
    std::shared_ptr<impl const> native;
};
// Fails with a sentence when the document is no JWKS.
outcome<std::vector<verification_key>> parse_jwks(std::string_view json);

// What a JWT must say. Everything is checked; nothing in the token chooses how.
struct jwt_expectations {
    std::string typ;  // "at+jwt" (RFC 9068 §4): also "application/at+jwt"
    std::function<bool(std::string_view)> issuer;
    http::time_point now;
    std::chrono::seconds leeway{0};
};
// The claims. Failures are 401 invalid_token whose log text says which check refused: form,
// alg (RS256 alone), crit (refused), kid (unknown: problem error "unknown_kid"), signature, typ,
// iss, exp (required), nbf, iat in the future.
outcome<boost::json::object> verify_jwt(std::string_view token,
                                        std::vector<verification_key> const& keys,
                                        jwt_expectations const& expected);

// NumericDate (RFC 7519 §2): seconds since the epoch, with or without a fraction. Nothing for what
// is no number, negative or not finite; what lies beyond the clock's range is the clock's end.
std::optional<http::time_point> numeric_date(boost::json::value const& value);

}  // namespace tollgate::oauth
