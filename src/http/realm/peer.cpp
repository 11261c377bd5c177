#include "http/realm/peer.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/ip/address.hpp>

#include "base/text.hpp"

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

constexpr std::string_view forwarded_for = "X-Forwarded-For";
constexpr std::size_t longest_address = 64;

// Some proxies write "192.0.2.1:4711" or "[2001:db8::1]:4711".
std::string_view without_port(std::string_view address) {
    if (address.starts_with('[')) return address.substr(1, address.find(']') - 1);
    auto const colon = address.find(':');
    bool const one = colon != address.npos && address.find(':', colon + 1) == address.npos;
    return one ? address.substr(0, colon) : address;
}

// A list grows at its end (each proxy appends whom it heard), so the last entry is the one that
// the nearest proxy vouches for.
std::string_view last_hop(request const& r) {
    std::string_view value;
    for (auto const& h : r.headers)
        if (iequals(h.name, forwarded_for)) value = h.value;
    auto const comma = value.rfind(',');
    if (comma != value.npos) value.remove_prefix(comma + 1);
    return without_port(trim(value).substr(0, longest_address));
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

bool speaks_for_many(request const& r, place const& where) noexcept {
    return where.has_public_url && r.peer_is_loopback;
}

account account_of(request const& r, place const& where) {
    // X-Forwarded-For is believed of this machine alone; of others it is anybody's claim.
    if (!r.peer_is_loopback) return {peer_of(r), false};
    auto const hop = last_hop(r);
    // Apart from a peer of that very address: this one is only claimed.
    if (!hop.empty()) return {"via " + peer_key(hop), false};
    return {{}, !speaks_for_many(r, where)};
}

guess guess_by_peer(request const& r, place const& where, secret_kind of, std::string name) {
    guess g{of, std::move(name), peer_of(r)};
    g.by_many = speaks_for_many(r, where);
    return g;
}

}  // namespace tollgate::http
