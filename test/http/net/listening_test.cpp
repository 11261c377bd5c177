// From the text of an address to listening sockets.
#include "http/net/listening.hpp"

#include <set>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/test/unit_test.hpp>

namespace asio = boost::asio;
namespace http = tollgate::http;
using tcp = asio::ip::tcp;

namespace {

std::string refusal(std::string const& address) {
    try {
        http::parse_listen_address(address);
    } catch (http::cannot_bind const& e) {
        return e.what();
    }
    return "(accepted)";
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

struct contexts {
    asio::io_context first;
    asio::io_context second;
    std::vector<asio::io_context*> both{&first, &second};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(listening)

// RFC 6761 §6.3: localhost names are loopback, and nobody is asked for them
BOOST_AUTO_TEST_CASE(localhost_names_are_both_loopback_addresses) {
    for (std::string const host : {"localhost", "alpha.localhost"}) {
        auto const at = http::parse_listen_address(host + ":9100");
        BOOST_TEST(at.host == host);
        BOOST_TEST(at.port == 9100);
        BOOST_TEST(at.loopback);
        BOOST_REQUIRE(at.addresses.size() == 2u);
        BOOST_TEST(at.addresses[0].to_string() == "127.0.0.1");
        BOOST_TEST(at.addresses[1].to_string() == "::1");
    }
}

BOOST_AUTO_TEST_CASE(an_address_is_itself_and_keeps_its_spelling) {
    struct expected {
        char const* text;
        char const* host;
        char const* address;
        bool loopback;
    };
    for (auto const& e : {expected{"127.0.0.1:0", "127.0.0.1", "127.0.0.1", true},
                          expected{"127.0.0.2:1", "127.0.0.2", "127.0.0.2", true},
                          expected{"[::1]:80", "[::1]", "::1", true},
                          expected{"0.0.0.0:65535", "0.0.0.0", "0.0.0.0", false},
                          expected{"[::]:1", "[::]", "::", false},
                          expected{"192.0.2.1:1", "192.0.2.1", "192.0.2.1", false}}) {
        auto const at = http::parse_listen_address(e.text);
        BOOST_TEST(at.host == e.host);
        BOOST_REQUIRE(at.addresses.size() == 1u);
        BOOST_TEST(at.addresses[0].to_string() == e.address);
        BOOST_TEST(at.loopback == e.loopback, e.text);
    }
}

BOOST_AUTO_TEST_CASE(a_mistake_is_told_in_a_sentence_that_repeats_the_address) {
    struct expected {
        char const* text;
        char const* says;
    };
    for (auto const& e :
         {expected{"", "HOST:PORT"}, expected{"localhost", "HOST:PORT"},
          expected{":80", "HOST:PORT"}, expected{"localhost:", "65535"},
          expected{"localhost:x", "65535"}, expected{"localhost:-1", "65535"},
          expected{"localhost:+1", "65535"}, expected{"localhost:65536", "65535"},
          expected{"localhost: 80", "65535"}, expected{"localhost:80 ", "65535"},
          expected{"::1:80", "brackets"}, expected{"fe80::1", "brackets"},
          expected{"[::g]:80", "brackets"}, expected{"[localhost]:80", "brackets"}}) {
        auto const text = refusal(e.text);
        BOOST_TEST(has(text, e.says), text);
        BOOST_TEST(has(text, e.text), text);
        BOOST_TEST(text.starts_with("Cannot listen on "), text);
        BOOST_TEST(text.ends_with('.'), text);
    }
}

BOOST_FIXTURE_TEST_CASE(every_context_listens_on_every_address_and_all_on_one_port, contexts) {
    auto at = http::parse_listen_address("localhost:0");
    auto const bound = http::bind_listeners(at, both);
    BOOST_TEST(at.port != 0);
    BOOST_REQUIRE(!bound.empty());
    for (auto const& of_address : bound) {
        BOOST_REQUIRE(of_address.size() == both.size());
        for (auto const& one : of_address) {
            BOOST_TEST(one.local_endpoint().port() == at.port);
            BOOST_TEST(one.local_endpoint().address() ==
                       of_address.front().local_endpoint().address());
        }
    }
}

BOOST_FIXTURE_TEST_CASE(ports_that_are_picked_are_not_picked_twice, contexts) {
    std::set<unsigned short> ports;
    std::vector<std::vector<std::vector<tcp::acceptor>>> open;
    for (int i = 0; i < 8; ++i) {
        auto at = http::parse_listen_address("127.0.0.1:0");
        open.push_back(http::bind_listeners(at, both));
        BOOST_TEST(ports.insert(at.port).second);
    }
}

// SO_REUSEPORT would let two servers share a port, and each would get half of the clients.
BOOST_FIXTURE_TEST_CASE(a_port_that_is_ours_already_is_taken, contexts) {
    auto at = http::parse_listen_address("127.0.0.1:0");
    auto const first = http::bind_listeners(at, both);
    auto again = at;
    BOOST_CHECK_EXCEPTION(http::bind_listeners(again, both), http::cannot_bind,
                          [&](http::cannot_bind const& e) {
                              return has(e.what(), "127.0.0.1:" + std::to_string(at.port)) &&
                                     has(e.what(), "is taken");
                          });
}

BOOST_FIXTURE_TEST_CASE(a_port_is_free_again_when_its_sockets_are_closed, contexts) {
    auto at = http::parse_listen_address("127.0.0.1:0");
    http::bind_listeners(at, both);
    auto again = at;
    BOOST_CHECK_NO_THROW(http::bind_listeners(again, both));
    BOOST_TEST(again.port == at.port);
}

// Two families do not share a socket: whoever holds the one may be somebody else on the other.
BOOST_FIXTURE_TEST_CASE(ipv6_is_listened_on_for_itself_alone, contexts) {
    auto six = http::parse_listen_address("[::]:0");
    std::vector<std::vector<tcp::acceptor>> bound;
    try {
        bound = http::bind_listeners(six, both);
    } catch (http::cannot_bind const&) {
        return;  // a machine without IPv6
    }
    asio::ip::v6_only only;
    bound.front().front().get_option(only);
    BOOST_TEST(only.value());
}

BOOST_AUTO_TEST_SUITE_END()
