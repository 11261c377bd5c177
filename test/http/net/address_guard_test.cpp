#include "http/net/address_guard.hpp"

#include <string>

#include <boost/asio/ip/address.hpp>
#include <boost/test/unit_test.hpp>

using tollgate::http::is_public;
using tollgate::http::special_purpose;

namespace {

std::string purpose(char const* address) {
    return std::string(special_purpose(boost::asio::ip::make_address(address)));
}

struct block {
    char const* purpose;
    char const* first;
    char const* last;
    char const* before;  // a public address right in front of it; nullptr where there is none
    char const* after;
};

// Every range with the addresses at its edges.
constexpr block blocks[] = {
    {"this network", "0.0.0.0", "0.255.255.255", nullptr, "1.0.0.0"},
    {"private use", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"},
    {"shared address space", "100.64.0.0", "100.127.255.255", "100.63.255.255", "100.128.0.0"},
    {"loopback", "127.0.0.0", "127.255.255.255", "126.255.255.255", "128.0.0.0"},
    {"link-local", "169.254.0.0", "169.254.255.255", "169.253.255.255", "169.255.0.0"},
    {"private use", "172.16.0.0", "172.31.255.255", "172.15.255.255", "172.32.0.0"},
    {"protocol assignments", "192.0.0.0", "192.0.0.255", "191.255.255.255", "192.0.1.0"},
    {"documentation", "192.0.2.0", "192.0.2.255", "192.0.1.255", "192.0.3.0"},
    {"AS112", "192.31.196.0", "192.31.196.255", "192.31.195.255", "192.31.197.0"},
    {"automatic multicast tunneling", "192.52.193.0", "192.52.193.255", "192.52.192.255",
     "192.52.194.0"},
    {"6to4 relay", "192.88.99.0", "192.88.99.255", "192.88.98.255", "192.88.100.0"},
    {"private use", "192.168.0.0", "192.168.255.255", "192.167.255.255", "192.169.0.0"},
    {"AS112", "192.175.48.0", "192.175.48.255", "192.175.47.255", "192.175.49.0"},
    {"benchmarking", "198.18.0.0", "198.19.255.255", "198.17.255.255", "198.20.0.0"},
    {"documentation", "198.51.100.0", "198.51.100.255", "198.51.99.255", "198.51.101.0"},
    {"documentation", "203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"},
    {"multicast", "224.0.0.0", "239.255.255.255", "223.255.255.255", nullptr},
    {"reserved", "240.0.0.0", "255.255.255.255", nullptr, nullptr},
    {"unspecified", "::", "::", nullptr, nullptr},
    {"loopback", "::1", "::1", nullptr, nullptr},
    {"IPv4-compatible", "::2", "::ffff:ffff", nullptr, nullptr},
    {"IPv4-mapped", "::ffff:0.0.0.0", "::ffff:255.255.255.255", nullptr, nullptr},
    {"IPv4-translated", "::ffff:0:0.0.0.0", "::ffff:0:255.255.255.255", nullptr, nullptr},
    {"NAT64", "64:ff9b::", "64:ff9b:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
    {"discard only", "100::", "100::ffff:ffff:ffff:ffff", nullptr, nullptr},
    {"not global unicast", "100:0:0:1::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr,
     "2000::"},
    {"protocol assignments", "2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2001:200::"},
    {"documentation", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"},
    {"6to4", "2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "2003::"},
    {"AS112", "2620:4f:8000::", "2620:4f:8000:ffff:ffff:ffff:ffff:ffff",
     "2620:4f:7fff:ffff:ffff:ffff:ffff:ffff", "2620:4f:8001::"},
    {"6bone", "3ffe::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr},
    {"documentation", "3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, "3fff:1000::"},
    {"not global unicast", "4000::", "5eff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
     "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr},
    {"segment routing", "5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
    {"unique local", "fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
    {"not global unicast", "fe00::", "fe7f:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
    {"link-local", "fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
    {"site-local", "fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
    {"multicast", "ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", nullptr, nullptr},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(address_guard)

// RFC 6890 §2.2: special-purpose addresses, of which none may be asked on a stranger's word
BOOST_AUTO_TEST_CASE(knows_every_special_range_from_its_first_to_its_last_address) {
    for (auto const& b : blocks) {
        BOOST_TEST(purpose(b.first) == b.purpose, b.first);
        BOOST_TEST(purpose(b.last) == b.purpose, b.last);
        if (b.before) BOOST_TEST(purpose(b.before) == "", b.before);
        if (b.after) BOOST_TEST(purpose(b.after) == "", b.after);
    }
}

BOOST_AUTO_TEST_CASE(lets_public_addresses_pass) {
    for (auto const* address : {"1.1.1.1", "8.8.8.8", "93.184.216.34", "172.64.0.1", "198.41.0.4",
                                "2606:4700:4700::1111", "2a00:1450:4001:81c::200e", "2620:fe::fe"})
        BOOST_TEST(is_public(boost::asio::ip::make_address(address)), address);
}

BOOST_AUTO_TEST_CASE(is_not_fooled_by_another_spelling_of_a_private_address) {
    for (auto const* address :
         {"::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:10.0.0.1", "::127.0.0.1", "::ffff:8.8.8.8",
          "64:ff9b::127.0.0.1", "64:ff9b:1::10.0.0.1", "2002:7f00:1::", "2002:c0a8:101::1",
          "2001:0:4136:e378:8000:63bf:3fff:fdd2", "0:0:0:0:0:0:0:1", "fe80::1%1"})
        BOOST_TEST(!is_public(boost::asio::ip::make_address(address)), address);
}

// The address that cloud machines give their credentials away at.
BOOST_AUTO_TEST_CASE(refuses_the_metadata_services_of_clouds) {
    for (auto const* address : {"169.254.169.254", "100.100.100.200", "fd00:ec2::254"})
        BOOST_TEST(!is_public(boost::asio::ip::make_address(address)), address);
}

BOOST_AUTO_TEST_SUITE_END()
