// A client's side of DPoP (RFC 9449 §4.2): proofs, right and wrong ones.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/clock.hpp"
#include "base/crypto.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/model/records.hpp"

namespace test {

inline tollgate::oauth::signing_key const& dpop_key() {
    static auto const key =
        tollgate::oauth::signing_key::generate(tollgate::oauth::jws_algorithm::es256);
    return key;
}

inline tollgate::oauth::signing_key const& other_dpop_key() {
    static auto const key =
        tollgate::oauth::signing_key::generate(tollgate::oauth::jws_algorithm::eddsa);
    return key;
}

// Everything in it may be changed before it is signed.
struct dpop_proof_parts {
    tollgate::oauth::signing_key key = dpop_key();
    boost::json::object header;
    boost::json::object claims;

    dpop_proof_parts(std::string_view method, std::string_view url, tollgate::time_point now) {
        claims["jti"] = tollgate::random_token(12);
        claims["htm"] = method;
        claims["htu"] = url;
        claims["iat"] = tollgate::oauth::to_epoch(now);
        sign_with(key);
    }
    void sign_with(tollgate::oauth::signing_key const& k) {
        key = k;
        auto jwk = key.public_jwk();
        jwk.erase("use");
        jwk.erase("kid");
        jwk.erase("alg");
        header["typ"] = "dpop+jwt";
        header["alg"] = key.algorithm();
        header["jwk"] = std::move(jwk);
    }
    dpop_proof_parts& for_token(std::string_view token) {
        claims["ath"] = tollgate::digest_of(token);
        return *this;
    }
    dpop_proof_parts& with(std::string_view name, boost::json::value value) {
        claims[name] = std::move(value);
        return *this;
    }
    std::string text() const {
        return tollgate::oauth::sign_jws(key, header, boost::json::serialize(claims));
    }
};

}  // namespace test
