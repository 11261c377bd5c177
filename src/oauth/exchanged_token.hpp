// A token that takes part in a token exchange (RFC 8693 §2.1): the subject's or the actor's.
#pragma once

#include <string_view>

#include "http/context.hpp"
#include "oauth/server.hpp"

namespace tollgate::oauth {

// RFC 8693 §3.
namespace token_type {
inline constexpr std::string_view access = "urn:ietf:params:oauth:token-type:access_token";
inline constexpr std::string_view jwt = "urn:ietf:params:oauth:token-type:jwt";
inline constexpr std::string_view id = "urn:ietf:params:oauth:token-type:id_token";
}  // namespace token_type

struct exchanged_token {
    grant what;  // what it stands for; its family dies with the token's
    http::time_point expires_at;
};

// `token` as one of this realm that is alive: an access token of any format, an access token that
// is a JWT, or an id_token that was issued to `who`. An id_token stands for the user's default
// scopes, because it says who somebody is and not what was granted. Problem 400 with a sentence
// when it is none of these or of another type than it is said to be; 503 as of the store.
task<outcome<exchanged_token>> find_exchanged_token(server& s, http::context& c,
                                                    std::string_view token, std::string_view type,
                                                    client const& who);

}  // namespace tollgate::oauth
