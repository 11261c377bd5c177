// JWTs that others sign for us, right and wrong in every way.
#pragma once

#include <string>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "oauth/jose/signing_key.hpp"

namespace test {

// The key of somebody who is not us; made once, it is never ours.
inline tollgate::oauth::signing_key const& their_key() {
    static auto const key =
        tollgate::oauth::signing_key::generate(tollgate::oauth::jws_algorithm::es256);
    return key;
}

inline boost::json::object key_set(tollgate::oauth::signing_key const& key) {
    boost::json::object set;
    set["keys"] = boost::json::array{key.public_jwk()};
    return set;
}

// A token before it is signed. The clock of a bench starts at 1'800'000'000.
struct unsigned_assertion {
    boost::json::object claims;
    std::string typ = "JWT";  // empty: none
    std::string key_id = their_key().key_id();

    unsigned_assertion(std::string const& issuer, std::string const& subject,
                       std::string const& id) {
        claims["iss"] = issuer;
        claims["sub"] = subject;
        claims["aud"] = "http://localhost:9100";
        claims["iat"] = 1'800'000'000;
        claims["exp"] = 1'800'000'300;
        claims["jti"] = id;
    }
    std::string signed_with(tollgate::oauth::signing_key const& key) const {
        boost::json::object header;
        header["alg"] = key.algorithm();
        header["kid"] = key_id;
        if (!typ.empty()) header["typ"] = typ;
        return tollgate::oauth::sign_jws(key, header, boost::json::serialize(claims));
    }
    std::string text() const { return signed_with(their_key()); }
};

}  // namespace test
