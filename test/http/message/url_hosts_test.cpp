// Hosts and origins: what is one, what is ours, what is this machine.
#include <string>

#include <boost/test/unit_test.hpp>

#include "http/message/url.hpp"

using namespace tollgate::http;

BOOST_AUTO_TEST_SUITE(url_hosts)

// RFC 6761 §6.3: the name localhost and every name below it; a look-alike is none of them
BOOST_AUTO_TEST_CASE(localhost_is_the_name_and_what_is_below_it) {
    for (auto const* host : {"localhost", "a.localhost", "a.b.localhost"})
        BOOST_TEST(is_localhost(host), host);
    for (auto const* host : {"", "xlocalhost", "localhost.example", "local", "127.0.0.1", "[::1]"})
        BOOST_TEST(!is_localhost(host), host);
}

// RFC 1122 §3.2.1.3: all of 127.0.0.0/8 is this machine
// RFC 4291 §2.5.3: of IPv6, ::1 alone
BOOST_AUTO_TEST_CASE(every_loopback_address_is_on_this_machine) {
    for (auto const* host :
         {"localhost", "a.localhost", "127.0.0.1", "127.0.0.2", "127.255.255.255", "[::1]"})
        BOOST_TEST(is_on_this_machine(host), host);
    for (auto const* host : {"", "126.255.255.255", "128.0.0.1", "0.0.0.0", "[::2]", "[::]",
                             "127.0.0.1.example", "127.1", "10.0.0.1", "example"})
        BOOST_TEST(!is_on_this_machine(host), host);
}

// RFC 3986 §3.2.3: port = *DIGIT; of 16 bits, as TCP has it
BOOST_AUTO_TEST_CASE(a_port_is_a_number_of_16_bits) {
    BOOST_TEST(split_host("h:65535")->port.value() == 65535);
    BOOST_TEST(split_host("h:0")->port.value() == 0);
    BOOST_TEST(split_host("h:00080")->port.value() == 80);
    for (auto const* bad : {"h:65536", "h:99999999999999999999", "h:0x50", "h:+80", "h: 80",
                            "h:8 0", "h:80:", "h::80", "[::1]:65536", "[::1]::1"})
        BOOST_TEST(!split_host(bad), bad);
}

// RFC 3986 §3.2.2: an IPv6 address stands in brackets, and nothing behind them but a port
BOOST_AUTO_TEST_CASE(an_ipv6_address_stands_in_brackets) {
    BOOST_TEST(split_host("[2001:DB8::1]")->host == "[2001:db8::1]");
    BOOST_TEST(split_host("[::ffff:192.0.2.1]:80")->host == "[::ffff:192.0.2.1]");
    for (auto const* bad : {"2001:db8::1", "[2001:db8::1", "2001:db8::1]", "[::1]80", "[[::1]]",
                            "[::1%25eth0]", "[g::1]", "a[::1]", "[]:80"})
        BOOST_TEST(!split_host(bad), bad);
}

// What a browser would read as something else than we do leads a check astray.
BOOST_AUTO_TEST_CASE(a_url_that_readers_disagree_about_is_none) {
    for (auto const* bad :
         {"http://good.example\\@evil.example/", "http:\\\\h/", "http://good.example\t/",
          "http://good.example /", " http://h/", "http://h%2eexample/", "http://good.example;x/",
          "http://good.example&x/", "http://a,b/", "http://h:80@evil.example/", "http://@h/",
          "https:h", "http//h", "http:///h", "h://", "http://[::1", "http://\xc3\xa4.example/"})
        BOOST_TEST(!split_url(bad), bad);
}

// RFC 3986 §3.1: schemes are compared without case
// RFC 3986 §3.2.2: and so are hosts
BOOST_AUTO_TEST_CASE(scheme_and_host_have_no_case_and_the_rest_has) {
    auto const url = split_url("HTTPS://WWW.Example:8443/Path?Query#Fragment");
    BOOST_REQUIRE(url);
    BOOST_TEST(url->tls);
    BOOST_TEST(url->host == "www.example");
    BOOST_TEST(url->port == 8443);
    BOOST_TEST(url->rest == "/Path?Query#Fragment");
}

// RFC 3986 §3.2: an authority ends at the first of "/", "?" and "#"
BOOST_AUTO_TEST_CASE(an_authority_ends_at_path_query_or_fragment) {
    for (std::string const rest : {"/", "?q", "#f", "?a/b", "#a?b", "/a@b", "/http://other/"}) {
        auto const whole = "http://h.example" + rest;
        auto const url = split_url(whole);
        BOOST_REQUIRE_MESSAGE(url, rest);
        BOOST_TEST(url->host == "h.example", rest);
        BOOST_TEST(url->rest == rest);
    }
}

// RFC 6454 §6.2: an origin names its port unless it is the scheme's own
BOOST_AUTO_TEST_CASE(an_origin_leaves_out_the_port_of_its_own_scheme_alone) {
    BOOST_TEST(make_origin(false, "h", 80) == "http://h");
    BOOST_TEST(make_origin(true, "h", 443) == "https://h");
    BOOST_TEST(make_origin(false, "h", 443) == "http://h:443");
    BOOST_TEST(make_origin(true, "h", 80) == "https://h:80");
    BOOST_TEST(make_origin(false, "[::1]", 9100) == "http://[::1]:9100");
    BOOST_TEST(split_url("http://H:80/x")->origin() == "http://h");
    BOOST_TEST(split_url("https://h:80")->origin() == "https://h:80");
}

// RFC 6454 §5: scheme, host and port, all three
BOOST_AUTO_TEST_CASE(an_origin_is_the_same_by_scheme_host_and_port) {
    std::pair<char const*, char const*> const same[] = {
        {"http://h.example", "http://h.example:80"},
        {"https://h.example:443", "HTTPS://H.example"},
        {"http://localhost:1", "http://127.0.0.1:1"},
        {"https://[::1]:1", "https://localhost:1"}};
    for (auto const& [a, b] : same)
        BOOST_TEST(same_origin(a, b), a << ' ' << b);
    std::pair<char const*, char const*> const other[] = {
        {"http://h.example", "https://h.example"}, {"http://h.example", "http://h.example:81"},
        {"http://h.example", "http://i.example"},  {"http://h.example", "http://a.h.example"},
        {"http://h.example", "http://h.example/"}, {"http://h.example?", "http://h.example"},
        {"http://localhost", "http://127.0.0.2"},  {"http://localhost", "http://a.localhost"},
        {"ftp://h.example", "ftp://h.example"},    {"", ""},
        {"http://localhost:1", "http://[::1]:2"},  {"http://h.example#", "http://h.example#"}};
    for (auto const& [a, b] : other)
        BOOST_TEST(!same_origin(a, b), a << ' ' << b);
}

BOOST_AUTO_TEST_SUITE_END()
