#include "http/net/address_guard.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace tollgate::http {

namespace {

using bytes4 = std::array<std::uint8_t, 4>;
using bytes16 = std::array<std::uint8_t, 16>;

template <class Bytes>
struct range {
    Bytes first;
    unsigned length;  // of the prefix, in bits
    std::string_view purpose;
};

// Not copied from one list but from all that name addresses which are not global unicast: the
// IANA IPv4 and IPv6 Special-Purpose Address Registries and the multicast ranges.
constexpr range<bytes4> ranges4[] = {
    {{0, 0, 0, 0}, 8, "this network"},
    {{10, 0, 0, 0}, 8, "private use"},
    {{100, 64, 0, 0}, 10, "shared address space"},
    {{127, 0, 0, 0}, 8, "loopback"},
    {{169, 254, 0, 0}, 16, "link-local"},
    {{172, 16, 0, 0}, 12, "private use"},
    {{192, 0, 0, 0}, 24, "protocol assignments"},
    {{192, 0, 2, 0}, 24, "documentation"},
    {{192, 31, 196, 0}, 24, "AS112"},
    {{192, 52, 193, 0}, 24, "automatic multicast tunneling"},
    {{192, 88, 99, 0}, 24, "6to4 relay"},
    {{192, 168, 0, 0}, 16, "private use"},
    {{192, 175, 48, 0}, 24, "AS112"},
    {{198, 18, 0, 0}, 15, "benchmarking"},
    {{198, 51, 100, 0}, 24, "documentation"},
    {{203, 0, 113, 0}, 24, "documentation"},
    {{224, 0, 0, 0}, 4, "multicast"},
    {{240, 0, 0, 0}, 4, "reserved"},
};

// Of IPv6, only 2000::/3 is global unicast at all; these are the exceptions inside it.
constexpr range<bytes16> ranges6[] = {
    {{0x20, 0x01, 0x00}, 23, "protocol assignments"},  // Teredo, benchmarking, ORCHID and others
    {{0x20, 0x01, 0x0d, 0xb8}, 32, "documentation"},
    {{0x20, 0x02}, 16, "6to4"},
    {{0x26, 0x20, 0x00, 0x4f, 0x80, 0x00}, 48, "AS112"},
    {{0x3f, 0xfe}, 16, "6bone"},
    {{0x3f, 0xff}, 20, "documentation"},
};

// What the rest is called, for the log.
constexpr range<bytes16> other6[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 128, "unspecified"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, "loopback"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, "IPv4-mapped"},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, "IPv4-translated"},
    {{}, 96, "IPv4-compatible"},
    {{0x00, 0x64, 0xff, 0x9b}, 32, "NAT64"},  // 64:ff9b::/96 and the local 64:ff9b:1::/48
    {{0x01, 0x00}, 64, "discard only"},
    {{0x5f, 0x00}, 16, "segment routing"},
    {{0xfc, 0x00}, 7, "unique local"},
    {{0xfe, 0x80}, 10, "link-local"},
    {{0xfe, 0xc0}, 10, "site-local"},
    {{0xff, 0x00}, 8, "multicast"},
};

constexpr range<bytes16> global_unicast{{0x20}, 3, ""};

template <class Bytes>
bool is_in(Bytes const& address, range<Bytes> const& r) noexcept {
    std::size_t i = 0;
    auto bits = r.length;
    for (; bits >= 8; bits -= 8, ++i) {
        if (address[i] != r.first[i]) return false;
    }
    if (bits == 0) return true;
    auto const mask = static_cast<std::uint8_t>(0xff << (8 - bits));
    return (address[i] & mask) == (r.first[i] & mask);
}

template <class Bytes, std::size_t N>
std::string_view purpose_in(Bytes const& address, range<Bytes> const (&ranges)[N]) noexcept {
    for (auto const& r : ranges) {
        if (is_in(address, r)) return r.purpose;
    }
    return {};
}

}  // namespace

std::string_view special_purpose(boost::asio::ip::address const& a) noexcept {
    if (a.is_v4()) {
        auto const bytes = a.to_v4().to_bytes();
        return purpose_in(bytes4{bytes[0], bytes[1], bytes[2], bytes[3]}, ranges4);
    }
    bytes16 const bytes = a.to_v6().to_bytes();
    if (is_in(bytes, global_unicast)) return purpose_in(bytes, ranges6);
    auto const purpose = purpose_in(bytes, other6);
    return purpose.empty() ? "not global unicast" : purpose;
}

}  // namespace tollgate::http
