#include "http/peer.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace tollgate::http {

namespace ip = boost::asio::ip;

namespace {

constexpr std::size_t network_bytes = 8;  // of an IPv6 address: /64

std::string key_of(ip::address_v4 const& a) {
    return a.is_loopback() ? std::string("loopback") : a.to_string();
}

std::string key_of(ip::address_v6 const& a) {
    if (a.is_v4_mapped()) return key_of(ip::make_address_v4(ip::v4_mapped, a));
    if (a.is_loopback()) return "loopback";
    auto bytes = a.to_bytes();
    std::fill(bytes.begin() + network_bytes, bytes.end(), 0);
    return ip::address_v6(bytes, a.scope_id()).to_string() + "/64";
}

}  // namespace

std::string peer_key(std::string_view address) {
    boost::system::error_code ec;
    auto const a = ip::make_address(address, ec);
    if (ec) return std::string(address);
    return a.is_v4() ? key_of(a.to_v4()) : key_of(a.to_v6());
}

std::string peer_of(request const& r) {
    return peer_key(r.peer);
}

std::string peer_of(context const& c) {
    return peer_of(c.request());
}

bool speaks_for_many(request const& r, place const& where) noexcept {
    return where.has_public_url && r.peer_is_loopback;
}

bool speaks_for_many(context const& c) noexcept {
    return speaks_for_many(c.request(), c.place());
}

}  // namespace tollgate::http
