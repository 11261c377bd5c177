// Header fields that a proxy passes on, and those that stay on their side. Pure.
#pragma once

#include <string>
#include <string_view>

#include "http/message/headers.hpp"
#include "http/message/request.hpp"

namespace tollgate::oauth {

// What a client sent, for the provider. Left out: what belongs to one connection (RFC 9110 §7.6.1,
// and what `Connection` lists), what speaks of our address or of the browser's way to us (Host,
// Origin, Referer, Sec-…, Forwarded and its like), what some servers take for another path or
// method than the request has, cookies, and our own credential. No content coding is asked for;
// `via` is added (RFC 9110 §7.6.3); Accept says JSON where the client said nothing.
http::header_list headers_for_provider(http::request const& from, std::string_view via);

// Likewise for a form that our secret goes with: no more than Accept, Accept-Language, DPoP,
// User-Agent and Via, and the Content-Type of the form that was made for it.
http::header_list headers_with_secret(http::request const& from, std::string_view via);

// What the provider sent, for the client. Left out: likewise, and what would speak for our whole
// origin (cookies, CORS, Strict-Transport-Security, …). Browsers are told not to guess the type.
http::header_list headers_for_client(http::header_list const& from);

}  // namespace tollgate::oauth
