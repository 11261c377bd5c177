// Peer of a request: whose it is, as far as a limit per peer can tell.
#pragma once

#include <string>
#include <string_view>

#include "http/limits/guess_limit.hpp"
#include "http/limits/rate_budget.hpp"
#include "http/message/request.hpp"
#include "http/realm/place.hpp"

namespace tollgate::http {

// The key that limits count a peer under, also fit for the log: an IPv4 address
// ("192.0.2.7"), the /64 of an IPv6 address ("2001:db8:1:2::/64", RFC 4291 §2.5.4: whoever has one
// address has them all), or "loopback" for this machine under any of its loopback addresses. An
// IPv4-mapped address is its IPv4 address (RFC 4291 §2.5.5.2), a zone is kept ("fe80::%eth0/64").
// From the address of the socket and nothing else: Forwarded and X-Forwarded-For are anybody's
// claim. What is no address is its own key.
std::string peer_key(std::string_view address);
std::string peer_of(request const& r);

// The peer is a program on this machine that brings the requests of many: a tunnel or a reverse
// proxy, because there is a public URL. A bound per peer is one for everybody then: it must be
// wide, or something else than the peer must tell people apart.
bool speaks_for_many(request const& r, place const& where) noexcept;

account account_of(request const& r, place const& where);
// Of whoever sent the request.
guess guess_by_peer(request const& r, place const& where, secret_kind of, std::string name = {});

}  // namespace tollgate::http
