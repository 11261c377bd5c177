// Authorization request steps that the authorization endpoint and the return from a provider have
// in common: both look at one authorization request from the start.
#pragma once

#include <optional>
#include <string_view>

#include "http/pipeline/context.hpp"
#include "oauth/authorize/checks.hpp"
#include "oauth/server/server.hpp"

namespace tollgate::oauth {

// The client that a request names. Failures are shown, never redirected.
task<outcome<client_ptr>> client_of_request(server& s, http::context& c, http::form const& f);

// The first failure of checks_that_redirect(), or of the id_token_hint, which it reads.
std::optional<failed_check> first_redirecting_failure(server& s, http::context const& c,
                                                      authorize_request& r);

// Tells the client, and the log.
http::reply refuse(http::context& c, authorize_request const& r, problem const& why,
                   std::string_view check);

}  // namespace tollgate::oauth
