// SSRF guard: addresses that a stranger may make this server connect to. Pure.
#pragma once

#include <string_view>

#include <boost/asio/ip/address.hpp>

namespace tollgate::http {

// What an address that belongs to nobody in particular is for ("loopback", "private use", …), by
// the special-purpose address registries (RFC 6890); an empty text for a public unicast address.
// An IPv6 address that stands for an IPv4 one (mapped, compatible, 6to4, Teredo, NAT64) is never
// public: where it leads is decided by a translator that we do not know.
std::string_view special_purpose(boost::asio::ip::address const& a) noexcept;

inline bool is_public(boost::asio::ip::address const& a) noexcept {
    return special_purpose(a).empty();
}

}  // namespace tollgate::http
