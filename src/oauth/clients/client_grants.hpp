// Client grants: what a client may do at the token endpoint, by who vouched for it.
#pragma once

#include <string_view>

#include "http/message/problem.hpp"
#include "oauth/model/policy.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// Takes from a client that registered itself every grant that such clients may not have here
// (policy::registration_grant_types), whatever was so when it registered (RFC 7591 §3.2.1: "The
// authorization server MAY reject or replace any of the client's requested metadata values"). A
// client of the configuration keeps all that its entry names.
void limit_grants(client& c, policy const& p);

// RFC 6749 §5.2, unauthorized_client: why `c` may not use that grant, and what would let it.
problem refused_grant(client const& c, policy const& p, std::string_view grant_type);

}  // namespace tollgate::oauth
