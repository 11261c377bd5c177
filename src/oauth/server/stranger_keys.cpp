// Keys of nobody in particular: those of an issuer that a scenario brings along.
#include <boost/json/serialize.hpp>

#include "oauth/jose/jws.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

outcome<std::string> server::sign_with(std::string_view pem, boost::json::object const& header,
                                       boost::json::object const& claims) const {
    auto const key = signing_key::from_pem(pem, jws_algorithm::es256);
    if (!key) return key.error();
    auto whole = header;
    whole["alg"] = key->algorithm();
    return sign_jws(*key, whole, boost::json::serialize(claims));
}

outcome<boost::json::object> server::claims_by(std::string_view pem, std::string_view jwt) const {
    auto const key = signing_key::from_pem(pem, jws_algorithm::es256);
    if (!key) return key.error();
    auto parts = split_jws(jwt);
    if (!parts) return parts.error();
    auto const good =
        key->verifier().verify(jws_algorithm::es256, parts->signed_bytes, parts->signature);
    if (!good) return problem(401, "invalid_token", "the signature is not of that key");
    return std::move(parts->claims);
}

}  // namespace tollgate::oauth
