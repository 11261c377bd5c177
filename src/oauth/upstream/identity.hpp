// Provider identity: who a person is, as its answers say. Pure but for the look at its keys.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/clock.hpp"
#include "oauth/fetch/jwks_cache.hpp"
#include "oauth/upstream/provider.hpp"

namespace tollgate::oauth {

struct provider_identity {
    std::string subject;                // its `sub`; empty: it has told none
    std::int64_t authenticated_at = 0;  // its auth_time, seconds since the epoch; 0: not told
};

// What an ID Token of the provider must say (OpenID Connect Core §3.1.3.7).
struct id_token_wish {
    std::string issuer;     // empty: not known
    std::string client_id;  // ours
    std::string nonce;      // empty: none was sent
    time_point now{};
};
// Empty when the claims say it, else a sentence that says what is wrong.
std::string flaw_of_id_token(boost::json::object const& claims, id_token_wish const& wanted);

// RFC 6749 §7.1: nobody must use a token whose type they do not understand. OpenID Connect Core
// §12.2: a new ID Token is for the same subject; `subject` empty: not known. As above.
std::string flaw_of_type(provider_tokens const& t);
std::string flaw_of_renewal(provider_tokens const& t, std::string_view subject);

// By the ID Token, else by userinfo; where neither says, the subject is empty. The ID Token's
// signature is checked with the keys that the provider publishes; where those cannot be had, it
// counts because it came straight from the token endpoint (OpenID Connect Core §3.1.3.7 #6).
// Failures are those of provider.hpp and 502 server_error, with a sentence that names the leg.
// `keys` may be null.
task<outcome<provider_identity>> identify(provider& p, jwks_cache* keys, provider_metadata const& m,
                                          provider_tokens const& t, id_token_wish wanted);

// The subject that our own tokens name: unique per provider. `provider` is its issuer, or an
// endpoint of it.
std::string brokered_subject(std::string_view sub, std::string_view provider);

}  // namespace tollgate::oauth
