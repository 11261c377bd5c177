// Redirect URIs: which may be registered, and which registered one a request names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/message/problem.hpp"

namespace tollgate::oauth {

// Whether a client may register `uri`. It must be absolute, without a fragment (RFC 6749 §3.1.2)
// and without user information, and somebody must answer for where it leads:
//   https            a host in `hosts`
//   http             loopback only (RFC 8252 §7.3, §8.3), when `hosts` holds "loopback"
//   another scheme   an application's own (RFC 8252 §7.1), when `hosts` holds "cursor://"; with an
//                    authority or a path
// "*" in `hosts` stands for all of these. Schemes that run code, read files, belong to
// the operating system or lead nowhere (javascript:, data:, file:, ms-…) are never accepted. Fails
// with invalid_redirect_uri, and a sentence that names the URI and, where `hosts` does not list it,
// what to add to registration.redirect_hosts.
outcome<void> check_redirect_uri(std::string_view uri, std::vector<std::string> const& hosts);

// The same as the end of a sentence that begins with the URI; empty when it is fine.
std::string flaw_of_redirect(std::string_view uri, std::vector<std::string> const& hosts);

// What OpenID Connect Registration §2 asks of the redirects of a "web" client: https, and never to
// this machine. Those of a "native" one may be all that check_redirect_uri accepts: loopback and
// schemes of its own, and claimed https URIs (RFC 8252 §7.2).
outcome<void> check_application_type(std::string_view uri, std::string_view type);

// RFC 9700 §2.1: exact string comparison. The only exception is the port of http redirects to
// loopback (RFC 8252 §7.3), which a native application learns when it starts listening.
bool redirect_matches(std::string_view registered, std::string_view requested);
bool is_registered_redirect(std::vector<std::string> const& registered, std::string_view requested);

// An http redirect to localhost, 127.0.0.1 or [::1] (RFC 8252 §7.3).
bool is_loopback_redirect(std::string_view uri);

// An absolute URI without a fragment, as RFC 8707 §2 wants a resource to be.
bool is_absolute_without_fragment(std::string_view uri);

}  // namespace tollgate::oauth
