// The grants of the token endpoint (RFC 6749 §4.1.3, §4.4, §6 and others): each a function from an
// authenticated client and its form to tokens.
#pragma once

#include "http/context.hpp"
#include "oauth/issue.hpp"
#include "oauth/server.hpp"

namespace tollgate::oauth {

// Authorization code with PKCE (RFC 7636). Presenting the code uses it up, whatever comes of the
// checks that follow: an attacker gets one guess at what it is bound to and not one per request.
task<outcome<issued_tokens>> issue_for_code(server& s, http::context& c, http::form const& f,
                                            client const& who);

// Refresh (RFC 6749 §6, RFC 9700 §4.14.2). Checks come before the token is used up, so that a
// request with a mistake in it does not cost the client its session.
task<outcome<issued_tokens>> issue_for_refresh(server& s, http::context& c, http::form const& f,
                                               client const& who);

// Client credentials (RFC 6749 §4.4): the client acts for itself, so it is the subject and gets no
// refresh token (§4.4.3).
task<outcome<issued_tokens>> issue_for_credentials(server& s, http::context& c, http::form const& f,
                                                   client const& who);

}  // namespace tollgate::oauth
