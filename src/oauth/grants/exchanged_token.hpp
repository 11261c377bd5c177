// Exchanged token, one that takes part in a token exchange (RFC 8693 §2.1): of subject or actor.
#pragma once

#include <string_view>

#include "http/pipeline/context.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// RFC 8693 §3.
namespace token_type {
inline constexpr std::string_view access = "urn:ietf:params:oauth:token-type:access_token";
inline constexpr std::string_view jwt = "urn:ietf:params:oauth:token-type:jwt";
inline constexpr std::string_view id = "urn:ietf:params:oauth:token-type:id_token";
}  // namespace token_type

// `token` as one of this realm that is alive and that `who` may present: an access token of any
// format, an access token that is a JWT, or an id_token. An access token may be presented by the
// client that it was issued to, by one that it is for (its client_id is among the audience), and by
// one of the configuration. An id_token only by the client that it was issued to; it stands for
// what was granted in its login, and dies as its access token does. Problem 400 with a sentence
// when it is none of these or of another type than it is said to be; 503 as of the store.
task<outcome<access_token>> find_exchanged_token(server& s, http::context& c,
                                                 std::string_view token, std::string_view type,
                                                 client const& who);

// What is made of it for `who`: a family of its own that dies with everything that `from` dies
// with, never the other way round. Problem 400 with a sentence for a token that was exchanged for
// one that was exchanged, and so on, too often.
outcome<grant> exchanged_grant(access_token const& from, client const& who);

}  // namespace tollgate::oauth
