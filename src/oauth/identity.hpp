// What is said of a user: the claims of userinfo and id_token.
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

#include "oauth/policy.hpp"

namespace tollgate::oauth {

// {"sub": …} and the configured claims of that user (OpenID Connect Core §5.1), except those
// that are the protocol's own: a configuration cannot forge `exp` or `scope`. A user that the
// policy no longer names keeps the bare `sub`.
boost::json::object claims_of(policy const& p, std::string_view subject);

bool is_protocol_claim(std::string_view name) noexcept;

}  // namespace tollgate::oauth
