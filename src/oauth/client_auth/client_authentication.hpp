// Client authentication at the token, introspection, revocation and device authorization endpoints
// (RFC 6749 §2.3).
#pragma once

#include <string>

#include "http/pipeline/context.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// The client that a request comes from, proven as far as that client can prove it:
//   none                 client_id in the body (or by Basic with an empty secret), and the client
//                        has no secret
//   client_secret_basic  RFC 6749 §2.3.1: id and secret form-encoded, then Basic
//   client_secret_post   client_id and client_secret in the body
//   private_key_jwt      RFC 7523 §2.2: client_assertion, signed by a key of the client
// Fails with invalid_request when a request uses two methods at once, else with invalid_client
// (401) and a challenge. A client that registered one method must use it.
task<outcome<client_ptr>> authenticate_client(server& s, http::context& c, http::form const& f);

// Pure: what a request presents.
struct presented_client {
    std::string method;  // "none", "client_secret_basic", "client_secret_post", "private_key_jwt"
    std::string id;
    std::string secret;  // or the assertion
};
// The request says or shows in any way which client it comes from.
bool presents_client(http::request const& r, http::form const& f) noexcept;
outcome<presented_client> presented_by(http::request const& r, http::form const& f);

}  // namespace tollgate::oauth
