// How a JWT is signed and put together. The default is what RFC 7519 §7.1 says.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "oauth/jose/signing_key.hpp"

namespace tollgate::oauth {

struct jws_manner {
    enum class signature {
        right,
        none,        // empty, under alg "none" (RFC 7518 §3.6)
        other_key,   // of a key that is in no key set, under the id of the right one
        flipped,     // one byte of it is another
        truncated,   // half of it
        public_key,  // HS256 with the public key for a secret (RFC 8725 §2.1)
    };
    enum class wrapping {
        none,
        nested,     // the payload is the JWT itself (RFC 7519 §5.2, cty)
        encrypted,  // five parts, as JWE has them (RFC 7516 §3.1), which nobody can decrypt
    };

    signature by = signature::right;
    // Laid over the usual header: null takes a member away.
    boost::json::object header{};
    // Members that stand a second time at the end of the claims (RFC 7519 §4).
    boost::json::object twice{};
    wrapping in = wrapping::none;
};

// Throws std::runtime_error when OpenSSL fails.
std::string sign_jwt(signing_key const& key, std::string_view typ,
                     boost::json::object const& claims, jws_manner const& how = {});

}  // namespace tollgate::oauth
