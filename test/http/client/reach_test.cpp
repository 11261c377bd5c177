// Asking servers that somebody else named.
#include "http/client/peers.hpp"

using namespace test::client_peers;

namespace {

http::outbound within(http::allowed_addresses reach, std::string url) {
    http::outbound o(std::move(url));
    o.reach = reach;
    return o;
}

constexpr auto refused = boost::system::errc::permission_denied;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_reach, client_fixture)

BOOST_AUTO_TEST_CASE(connects_to_no_address_of_our_own_when_only_public_ones_are_wanted) {
    live_server s(&serve);
    requests = 0;
    for (auto const* host : {"http://127.0.0.1:", "http://localhost:", "http://alpha.localhost:",
                             "http://[::1]:", "http://[::ffff:127.0.0.1]:", "http://0.0.0.0:"}) {
        auto const a =
            send(within(http::allowed_addresses::only_public, url_of(s.port(), "/", host)));
        BOOST_TEST(!a);
        BOOST_TEST((a.error() == refused), host);
    }
    BOOST_TEST(requests == 0);
}

// Old notations of 127.0.0.1 that the system's resolver still reads, and a name with a dot at its
// end: what is checked is what comes out of the look-up.
BOOST_AUTO_TEST_CASE(checks_what_a_name_leads_to_and_not_how_it_is_written) {
    live_server s(&serve);
    requests = 0;
    for (auto const* host : {"http://2130706433:", "http://127.1:", "http://0177.0.0.1:",
                             "http://0x7f000001:", "http://localhost.:"}) {
        auto const a =
            send(within(http::allowed_addresses::only_public, url_of(s.port(), "/", host)));
        BOOST_TEST(!a, host);
    }
    BOOST_TEST(requests == 0);
}

BOOST_AUTO_TEST_CASE(refuses_private_addresses_without_trying_them) {
    auto const begun = std::chrono::steady_clock::now();
    for (auto const* host : {"http://10.255.255.1:", "http://169.254.169.254:",
                             "http://192.168.255.255:", "http://[fd00::1]:", "http://100.64.0.1:"})
        BOOST_TEST(
            (send(within(http::allowed_addresses::only_public, url_of(80, "/", host))).error() ==
             refused),
            host);
    BOOST_TEST((std::chrono::steady_clock::now() - begun < 2s));
}

BOOST_AUTO_TEST_CASE(reaches_loopback_by_its_three_names_and_nothing_else) {
    live_server s(&serve);
    for (auto const* host : {"http://127.0.0.1:", "http://localhost:"}) {
        auto const a =
            send(within(http::allowed_addresses::only_loopback, url_of(s.port(), "/", host)));
        BOOST_TEST(a.has_value(), host);
    }
    live_server six(&serve, live_server::small(), "[::1]:0");
    BOOST_TEST(send(within(http::allowed_addresses::only_loopback,
                           url_of(six.port(), "/", "http://[::1]:")))
                   .has_value());
    for (auto const* host :
         {"http://127.0.0.2:", "http://10.0.0.1:", "http://8.8.8.8:", "http://0.0.0.0:",
          "http://[::ffff:127.0.0.1]:", "http://alpha.localhost:", "http://127.1:"}) {
        auto const a =
            send(within(http::allowed_addresses::only_loopback, url_of(s.port(), "/", host)));
        BOOST_TEST(!a, host);
    }
}

BOOST_AUTO_TEST_CASE(never_uses_a_connection_that_nobody_checked_and_leaves_none_behind) {
    live_server s(&serve);
    BOOST_REQUIRE(get(url_of(s.port(), "/")));
    BOOST_TEST(idle() == 1u);
    BOOST_TEST((send(within(http::allowed_addresses::only_public, url_of(s.port(), "/"))).error() ==
                refused));
    BOOST_REQUIRE(send(within(http::allowed_addresses::only_loopback, url_of(s.port(), "/"))));
    BOOST_TEST(idle() == 1u);
    BOOST_TEST(s.wait_for_connections(1));
}

BOOST_AUTO_TEST_SUITE_END()
