// Metadata of an authorization server that is somebody else's, under our own names. Pure.
#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "http/realm/place.hpp"
#include "oauth/upstream/metadata.hpp"

namespace tollgate::oauth {

// RFC 8414 §2. Issuer and endpoints are those of the origin that was called, as far as the
// provider has them; what it supports is copied from `m.document`, with the defaults of a provider
// of which only endpoints are known. Left out is what cannot work through us: proofs and assertions
// that a client signs for our URLs (DPoP, private_key_jwt), and iss in the response (RFC 9207),
// which is the provider's own.
//
// `scopes`: what the MCP server asks for; all that the MCP origin names. `adds_secret`: who is the
// configured client need not authenticate.
boost::json::object proxy_metadata(http::place const& where, provider_metadata const& m,
                                   std::vector<std::string> const& scopes, bool adds_secret);

}  // namespace tollgate::oauth
