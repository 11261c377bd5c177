// Identity provider: of a scenario that has one; its token endpoint, where nobody logs in.
#pragma once

#include <boost/json/object.hpp>

#include "control/administrations.hpp"
#include "http/pipeline/context.hpp"

namespace tollgate::control {

// The answer to a token exchange (RFC 8693): an identity assertion authorization grant for an ID
// token that this provider has signed. 404 where the scenario has no provider, 400 as OAuth has it.
outcome<boost::json::object> exchange_at_provider(administrations const& to, http::context& c);

}  // namespace tollgate::control
