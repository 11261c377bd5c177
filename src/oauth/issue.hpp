// Makes the tokens that a grant stands for, records them and writes the token response.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "http/context.hpp"
#include "http/reply.hpp"
#include "oauth/server.hpp"

namespace tollgate::oauth {

struct token_order {
    grant what;                         // what the refresh token keeps: the whole grant
    scope_list scopes;                  // of the access token: the grant's, or a part of them
    std::vector<std::string> audience;  // likewise
    std::string nonce;                  // for the id_token of a code (OIDC Core §3.1.3.6)
    bool with_refresh = false;
};

struct issued_tokens {
    std::string access;
    std::string refresh;   // empty: none
    std::string id_token;  // empty: openid was not granted
    std::string scope;
    std::int64_t expires_in = 0;
};

// Every token is recorded by digest, whatever its format, so that it can be introspected and
// revoked. Either all are recorded or none. Fails with invalid_grant when the family was revoked
// meanwhile.
task<outcome<issued_tokens>> issue_tokens(server& s, http::context& c, token_order order);

// Takes back what nobody was told about.
task<void> withdraw_tokens(server& s, http::context& c, issued_tokens const& issued);

// RFC 6749 §5.1.
http::reply token_reply(issued_tokens const& issued);

}  // namespace tollgate::oauth
