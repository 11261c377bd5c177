// JWT assertions that somebody else signed for us: client assertions (RFC 7523 §2.2) and assertions
// that are authorization grants (§2.1). One list of checks for both (§3).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "http/pipeline/context.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// What a token says of itself before anything of it is believed: to find the keys by.
struct assertion_claims {
    boost::json::object header;
    boost::json::object claims;

    // The member `name` of the claims when it is a text that is not empty, else nothing.
    std::optional<std::string_view> text(std::string_view name) const;
    bool is_typ(std::string_view media_type) const;  // of the header's typ
};
// Fails with 401 invalid_token when it is no JWS of JSON.
outcome<assertion_claims> look_into(std::string_view token);

struct assertion_rules {
    problem refusal;     // what the wire is told, less the sentence: invalid_client, invalid_grant
    std::string issuer;  // exactly its `iss`
    // Accepted values of typ besides a header without one; "" lets no header be without.
    std::vector<std::string_view> types;
    bool typ_required = false;
    bool issuer_audience_only = false;  // `aud` must be one issuer name and nothing else
};

// Asks for the issuer's keys; `anew` when a key id was not among those of the first time.
using assertion_keys = std::function<task<outcome<std::vector<verification_key>>>(bool anew)>;

// RFC 7523 §3: signed by one of the keys with an algorithm that can be public, iss, sub, aud one
// of our issuer names or token endpoints of today, exp not passed and at most an hour off, nbf and
// iat not in the future, jti never seen from that issuer. Returns the claims. What is wrong with it
// is `rules.refusal` with a sentence; 503 when keys or store cannot be asked.
task<outcome<boost::json::object>> verify_assertion(server& s, http::context& c, std::string token,
                                                    assertion_keys keys, assertion_rules rules);

}  // namespace tollgate::oauth
