// Grants of the token endpoint (RFC 6749 §4.1.3, §4.4, §6 and others): each a function from an
// authenticated client and its form to tokens.
#pragma once

#include "http/pipeline/context.hpp"
#include "oauth/server/server.hpp"
#include "oauth/tokens/issue.hpp"

namespace tollgate::oauth {

// One request to the token endpoint, as every grant sees it. Lives until it is answered.
struct token_request {
    server& as;
    http::context& http;
    http::form const& form;
    policy const& rules;  // the one snapshot
    client const& who;    // without an id where the request names no client (RFC 7521 §4.1)
};

// Authorization code with PKCE (RFC 7636). Presenting the code uses it up, whatever comes of the
// checks that follow: an attacker gets one guess at what it is bound to and not one per request.
task<outcome<issued_tokens>> issue_for_code(token_request const& r);

// Refresh (RFC 6749 §6, RFC 9700 §4.14.2). Checks come before the token is used up, so that a
// request with a mistake in it does not cost the client its session.
task<outcome<issued_tokens>> issue_for_refresh(token_request const& r);

// Client credentials (RFC 6749 §4.4): the client acts for itself, so it is the subject and gets no
// refresh token (§4.4.3).
task<outcome<issued_tokens>> issue_for_credentials(token_request const& r);

// An assertion of a trusted issuer (RFC 7523 §2.1). `who` has no id when the request names no
// client (RFC 7521 §4.1).
task<outcome<issued_tokens>> issue_for_assertion(token_request const& r);

// Token exchange (RFC 8693).
task<outcome<issued_tokens>> issue_for_exchange(token_request const& r);

// A device's poll (RFC 8628 §3.4): authorization_pending, slow_down, access_denied, expired_token,
// or tokens once.
task<outcome<issued_tokens>> issue_for_device(token_request const& r);

}  // namespace tollgate::oauth
