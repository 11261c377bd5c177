// JWS (RFC 7515), JWK (RFC 7517), JWA (RFC 7518) and JWT (RFC 7519) over OpenSSL EVP: the compact
// form, with the algorithms RS256, PS256, ES256, EdDSA (Ed25519, RFC 8037) and HS256.
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/clock.hpp"
#include "http/message/problem.hpp"
#include "oauth/jose/algorithm.hpp"

namespace tollgate::oauth {

class verification_key;
struct native_key;

// A private key, or a secret, that signs with one algorithm. Immutable, thread-safe, cheap to copy.
class signing_key {
public:
    // RSA of 2048 bits takes about 50 ms: at start or off the I/O thread. The others take none.
    static signing_key generate(jws_algorithm a);
    static signing_key generate_rsa() { return generate(jws_algorithm::rs256); }
    // Problem "invalid_key" with a sentence when it is no private key, or none that `a` signs with.
    static outcome<signing_key> from_pem(std::string_view pem,
                                         jws_algorithm a = jws_algorithm::rs256);
    // HS256; at least 32 bytes (RFC 7518 §3.2), else problem "invalid_key".
    static outcome<signing_key> from_secret(std::string_view secret);

    // The RFC 7638 thumbprint; "hs256" for a secret, of which nothing may be told (RFC 7638 §7).
    std::string const& key_id() const noexcept { return key_id_; }
    jws_algorithm algorithm_id() const noexcept { return algorithm_; }
    std::string_view algorithm() const noexcept { return to_text(algorithm_); }
    // kty, its public members, kid, alg, use. Empty for a secret: it never is in a key set.
    boost::json::object public_jwk() const;
    // As SubjectPublicKeyInfo in PEM (RFC 7468 §13). Empty for a secret.
    std::string public_pem() const;
    // The very same, whatever its id.
    bool is_same_as(signing_key const& o) const noexcept { return native_ == o.native_; }
    // What from_pem or from_secret make the key of again.
    std::string private_text() const;
    // The same key under another id.
    signing_key named(std::string key_id) const;
    std::string sign(std::string_view data) const;  // raw signature, as the JWS carries it
    verification_key verifier() const;

private:
    signing_key(std::shared_ptr<native_key const> k, jws_algorithm a);
    std::shared_ptr<native_key const> native_;
    jws_algorithm algorithm_;
    std::string key_id_;
};

// RFC 7638 of a key of kty RSA, EC or OKP: the base64url SHA-256 of its required members as they
// stand in the JWK. Nothing when it lacks one or is of another kty.
std::optional<std::string> jwk_thumbprint(boost::json::object const& jwk);

// "header.payload.signature" with exactly this header, whatever it says: what forges, signs, too.
std::string sign_jws(signing_key const& key, boost::json::object const& header,
                     std::string_view payload);

// A key that verifies: public, or the secret of HS256.
class verification_key {
public:
    std::string key_id;                 // empty: the JWK has none
    std::optional<jws_algorithm> only;  // the JWK's "alg"
    std::shared_ptr<native_key const> native;

    // The key's type, curve and "alg" allow it (RFC 8725 §3.1).
    bool fits(jws_algorithm a) const noexcept;
    // False for a signature that is wrong, malformed or of an algorithm that does not fit.
    bool verify(jws_algorithm a, std::string_view data, std::string_view signature) const;
};

// A public key that may verify signatures: kty RSA (2048 bits or more), EC (P-256) or OKP
// (Ed25519). Problem 400 "invalid_key" with a sentence for all else, a private or symmetric key
// among it.
outcome<verification_key> parse_jwk(boost::json::object const& jwk);
// A JWK set. Keys that parse_jwk refuses are skipped (RFC 7517 §5); fails (503) with a sentence
// when the document is no set at all.
outcome<std::vector<verification_key>> parse_jwks(std::string_view json);
outcome<std::vector<verification_key>> jwks_from(boost::json::value const& document);

// A key set that somebody may register: public keys only, each with a key type. Also used for the
// configured clients. The end of a sentence that begins with "jwks"; empty when it is fine.
std::string flaw_of_jwks(boost::json::object const& set);

// What a JWT must say. Everything is checked; nothing in the token chooses how.
struct jwt_expectations {
    std::vector<jws_algorithm> algorithms;  // none of them: nothing is accepted
    std::string typ;  // "at+jwt" (RFC 9068 §4): also "application/at+jwt". Empty: not looked at
    bool or_plain = false;  // also JWT, and no typ at all (RFC 7519 §5.1)
    std::function<bool(std::string_view)> issuer;
    time_point now;
    std::chrono::seconds leeway{0};
};
// The claims. Failures are 401 invalid_token whose log text says which check refused: form,
// alg (not allowed), crit (refused), b64, jku, jwk, x5u, x5c, kid (unknown: problem error
// "unknown_kid"), signature, typ, iss, exp (required), nbf, iat in the future. Without a kid in
// the token exactly one key must fit the algorithm.
outcome<boost::json::object> verify_jwt(std::string_view token,
                                        std::vector<verification_key> const& keys,
                                        jwt_expectations const& expected);

// The left half of a token's hash, base64url: at_hash (OpenID Connect Core §3.1.3.6). The hash is
// that of the algorithm which signs the id_token: SHA-256, and for Ed25519 SHA-512.
std::string half_hash(std::string_view token, jws_algorithm a);

// NumericDate (RFC 7519 §2): seconds since the epoch, with or without a fraction. Nothing for what
// is no number, negative or not finite; what lies beyond the clock's range is the clock's end.
std::optional<time_point> numeric_date(boost::json::value const& value);

}  // namespace tollgate::oauth
