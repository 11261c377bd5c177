// Client information: what a client is told of its registration (RFC 7591 §3.2.1, RFC 7592 §3).
#pragma once

#include <string>

#include "http/message/reply.hpp"
#include "http/pipeline/context.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// The secrets of a registration; the store keeps their digests alone, so that only the request
// that made or showed one can be answered with it.
struct registration_secrets {
    std::string client_secret;       // empty: none, or not shown
    std::string registration_token;  // registration_access_token
};

http::reply client_information(http::context const& c, unsigned status, client const& who,
                               registration_secrets const& known);

}  // namespace tollgate::oauth
