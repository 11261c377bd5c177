// Client warning: what a person should know of a client before deciding about it.
#pragma once

#include "http/page/html.hpp"
#include "oauth/model/records.hpp"

namespace tollgate::oauth {

// A box for a client that nobody here vouched for; nothing for one of the configuration.
void warn_of_client(http::html& body, client const& c);

}  // namespace tollgate::oauth
