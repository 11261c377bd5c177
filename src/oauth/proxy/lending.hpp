// Client secret of a proxy: when it is lent, and to what. Pure.
#pragma once

#include "http/message/form.hpp"
#include "http/message/request.hpp"

namespace tollgate::oauth {

// Our secret helps those who hold something that was given to them: a code, a refresh token, a
// device code (at the token endpoint), or a token to be revoked. It must not make a client of
// anybody who knows its name, which client_credentials and the like would.
bool holds_something(http::form const& f, bool at_token_endpoint);

// A client that proves who it is, in whatever way.
bool has_credentials(http::request const& r, http::form const& f);

// Whoever reads the request sees what we saw in it, the form `f`: it has one Content-Type, the
// form's own, in UTF-8 and without a coding; no query; no name twice or of a kind that some
// frameworks take for another ("grant.type", "grant_type[]"); and no byte in its body that a form
// does not have, such as ";", which once stood between parameters (HTML 4.01 B.2.2).
bool reads_one_way(http::request const& r, http::form const& f);

}  // namespace tollgate::oauth
