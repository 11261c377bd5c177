// Provider login: the way of the browser to the provider.
#pragma once

#include <string>

#include "oauth/authorize/interaction.hpp"

namespace tollgate::oauth {

// What a browser that was sent to the provider is known by; it comes back with it.
inline constexpr std::string_view upstream_cookie = "upstream";

// Sends the browser of an approved request to the provider, under `state`, which nobody can guess.
// The same state again, from a second click, is the same login. Where the provider cannot be found
// the client is told.
endpoint_result ask_provider(interaction& v, std::string state, std::string decision);

// What the client is told of a failure between us and the provider (RFC 6749 §4.1.2.1), and
// nothing that either side must not see.
problem told_to_client(problem const& why);

}  // namespace tollgate::oauth
