#include "http/relay/preamble.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate::http;

BOOST_AUTO_TEST_SUITE(relay_preamble_suite)

BOOST_AUTO_TEST_CASE(says_who_sent_a_request_and_by_which_listener) {
    relay_preamble p;
    p.peer = "2001:db8::7";
    p.listener.at = site::mcp_server;
    p.listener.tls = true;
    p.listener.loopback = false;
    p.listener.host = "[::1]";
    p.listener.port = 65535;
    p.listener.as_port = 9100;
    p.listener.mcp_port = 9101;
    auto const again = preamble_from(text_of(p));
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(again->peer == p.peer);
    BOOST_TEST((again->listener.at == site::mcp_server));
    BOOST_TEST(again->listener.tls);
    BOOST_TEST(!again->listener.loopback);
    BOOST_TEST(again->listener.host == "[::1]");
    BOOST_TEST(again->listener.port == 65535);
    BOOST_TEST(again->listener.as_port == 9100);
    BOOST_TEST(again->listener.mcp_port == 9101);
    BOOST_TEST(again->listener.realm == "");
}

BOOST_AUTO_TEST_CASE(is_nothing_where_a_line_is_missing_or_no_number) {
    auto const good = text_of(relay_preamble{"127.0.0.1", {}});
    BOOST_TEST(preamble_from(good).has_value());
    BOOST_TEST(!preamble_from("").has_value());
    BOOST_TEST(!preamble_from("127.0.0.1\nlocalhost\n7\n0\n1\n1\n1\n1\n").has_value());
    BOOST_TEST(!preamble_from("127.0.0.1\nlocalhost\n0\n0\n1\n65536\n1\n1\n").has_value());
    BOOST_TEST(!preamble_from(good.substr(0, good.size() - 2)).has_value());
}

// Whoever repeats what it has heard proves nothing.
BOOST_AUTO_TEST_CASE(proves_by_the_key_who_gives_it_and_whom_it_is_for) {
    auto const proof = relay_proof("key", relay_side::caller, "n1", "n2", "id");
    BOOST_TEST(proof.size() == proof_size);
    BOOST_TEST(relay_proof("key", relay_side::caller, "n1", "n2", "id") == proof);
    BOOST_TEST(relay_proof("other", relay_side::caller, "n1", "n2", "id") != proof);
    BOOST_TEST(relay_proof("key", relay_side::called, "n1", "n2", "id") != proof);
    BOOST_TEST(relay_proof("key", relay_side::caller, "n3", "n2", "id") != proof);
    BOOST_TEST(relay_proof("key", relay_side::caller, "n1", "n2", "ie") != proof);
}

BOOST_AUTO_TEST_SUITE_END()
