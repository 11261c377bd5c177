#include "http/realm/peer.hpp"

#include <string>

#include <boost/test/unit_test.hpp>

using tollgate::http::peer_key;
using tollgate::http::peer_of;
using tollgate::http::place;
using tollgate::http::request;
using tollgate::http::speaks_for_many;

BOOST_AUTO_TEST_SUITE(peer)

BOOST_AUTO_TEST_CASE(an_ipv4_address_is_a_peer) {
    BOOST_TEST(peer_key("192.0.2.7") == "192.0.2.7");
    BOOST_TEST(peer_key("192.0.2.7") != peer_key("192.0.2.8"));
}

// RFC 4291 §2.5.4: the lower half is the host's own to choose.
BOOST_AUTO_TEST_CASE(all_addresses_of_a_64_are_one_peer) {
    BOOST_TEST(peer_key("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64");
    BOOST_TEST(peer_key("2001:db8:1:2::") == "2001:db8:1:2::/64");
    BOOST_TEST(peer_key("2001:db8:1:2:ffff:ffff:ffff:ffff") == "2001:db8:1:2::/64");
    BOOST_TEST(peer_key("2001:db8:1:3::6") == "2001:db8:1:3::/64");
}

// RFC 4291 §2.5.5.2: what a socket for both families sees of an IPv4 peer.
BOOST_AUTO_TEST_CASE(an_ipv4_mapped_address_is_its_ipv4_address) {
    BOOST_TEST(peer_key("::ffff:192.0.2.7") == "192.0.2.7");
    BOOST_TEST(peer_key("::ffff:c000:208") == "192.0.2.8");
    BOOST_TEST(peer_key("::ffff:127.0.0.1") == "loopback");
}

// A program on this machine may take any of 127.0.0.0/8.
BOOST_AUTO_TEST_CASE(this_machine_is_one_peer_under_all_its_loopback_addresses) {
    for (auto const* name : {"127.0.0.1", "127.0.0.2", "127.255.255.254", "::1"})
        BOOST_TEST(peer_key(name) == "loopback", name);
    BOOST_TEST(peer_key("128.0.0.1") == "128.0.0.1");
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_a_peer_of_its_own) {
    BOOST_TEST(peer_key("").empty());
    BOOST_TEST(peer_key("somebody") == "somebody");
}

// RFC 7239 §8.1: the header fields that name a client can be anybody's claim.
BOOST_AUTO_TEST_CASE(forwarding_header_fields_do_not_change_whose_request_it_is) {
    request r;
    r.peer = "192.0.2.7";
    r.headers = {{"X-Forwarded-For", "198.51.100.1"}, {"Forwarded", "for=198.51.100.2"}};
    BOOST_TEST(peer_of(r) == "192.0.2.7");
}

BOOST_AUTO_TEST_CASE(behind_a_public_url_this_machine_speaks_for_many) {
    request r;
    r.peer = "127.0.0.1";
    r.peer_is_loopback = true;
    place where;
    BOOST_TEST(!speaks_for_many(r, where));
    where.has_public_url = true;
    BOOST_TEST(speaks_for_many(r, where));
    r.peer = "192.0.2.7";
    r.peer_is_loopback = false;
    BOOST_TEST(!speaks_for_many(r, where));
}

BOOST_AUTO_TEST_SUITE_END()
