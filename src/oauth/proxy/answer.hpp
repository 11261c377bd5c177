// Provider answers: what of one a client may be handed. Pure.
#pragma once

#include "http/message/reply.hpp"
#include "oauth/fetch/provider_failure.hpp"

namespace tollgate::oauth {

// The answer as it is, when it is what an OAuth endpoint may say: JSON with any status, a JWT, a
// challenge (401 and 403, whose body is left out unless it is JSON), or, where `body_is_ignored`
// (RFC 7009 §2.2), a success. Everything else becomes a problem whose sentence says what came
// instead: a redirect, a page (which would be a page of our origin), JSON that is none. 429 and 503
// keep their status and Retry-After.
outcome<http::reply> passed_on(http_result const& got, provider_leg const& leg,
                               bool body_is_ignored);

}  // namespace tollgate::oauth
