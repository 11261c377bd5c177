// Token issuance: makes the tokens of a grant, records them and writes the token response.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

struct token_order {
    oauth::grant grant;                 // what the refresh token keeps: the whole grant
    scope_list scopes;                  // of the access token: the grant's, or a part of them
    std::vector<std::string> audience;  // likewise
    std::string nonce;                  // for the id_token of a code (OIDC Core §3.1.3.6)
    bool with_refresh = false;
    // Of the id_token, where openid was granted to somebody who logged in; nothing: none is made.
    std::optional<jws_algorithm> id_token_algorithm;
    bool first_of_client = false;        // it is unused (client::unused) and stays from now on
    bool exchangeable_id_token = false;  // who it is for may exchange it (RFC 8693)
    std::string predecessor;  // digest of the refresh token that the new one is issued for
    std::optional<time_point> not_after;  // of the access token, where access_ttl is longer
};

struct issued_tokens {
    std::string access;
    std::string type = "Bearer";  // RFC 6749 §7.1
    std::string refresh;          // empty: none
    std::string id_token;         // empty: openid was not granted
    std::string scope;
    std::int64_t expires_in = 0;
    std::string issued_type;  // issued_token_type of a token exchange (RFC 8693 §2.2.1)
};

// The access token is bound to the key that the request proved (context::proven), and so is the
// refresh token where the proof says so. Every token is recorded by digest, whatever its format, so
// that it can be introspected and revoked; an id_token where it can be exchanged. Either all are
// recorded or none. Fails with invalid_grant when the family was revoked meanwhile.
task<outcome<issued_tokens>> issue_tokens(server& s, http::context& c, token_order order);

// Takes back what nobody was told about.
task<void> withdraw_tokens(server& s, http::context& c, issued_tokens const& issued);

// RFC 6749 §5.1.
http::reply token_reply(issued_tokens const& issued);

}  // namespace tollgate::oauth
