#include "http/message/url.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::http;

BOOST_AUTO_TEST_SUITE(web_addresses)

BOOST_AUTO_TEST_CASE(splits_names_and_addresses_from_ports) {
    auto const name = split_host("LocalHost:9100");
    BOOST_REQUIRE(name);
    BOOST_TEST(name->host == "localhost");
    BOOST_TEST(name->port.value() == 9100);
    auto const v6 = split_host("[::1]:80");
    BOOST_REQUIRE(v6);
    BOOST_TEST(v6->host == "[::1]");
    BOOST_TEST(v6->port.value() == 80);
    BOOST_TEST(!split_host("[::1]")->port.has_value());
    BOOST_TEST(!split_host("host:")->port.has_value());
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_host) {
    for (auto const* bad :
         {"", ":80", "a b", "a:b", "a:99999", "a:-1", "a:80x", "::1", "[::1", "[]", "[zz]:1",
          "user@host", "a/b", "a?b", "a:1:2", "[::1]x", "\xc3\xa9"}) {
        BOOST_TEST(!split_host(bad), "accepted " << bad);
    }
}

BOOST_AUTO_TEST_CASE(splits_urls_and_knows_default_ports) {
    auto const url = split_url("HTTP://Example.com/a?b#c");
    BOOST_REQUIRE(url);
    BOOST_TEST(!url->tls);
    BOOST_TEST(url->host == "example.com");
    BOOST_TEST(url->port == 80);
    BOOST_TEST(url->rest == "/a?b#c");
    BOOST_TEST(split_url("https://h")->port == 443);
    BOOST_TEST(split_url("https://h:443")->origin() == "https://h");
    BOOST_TEST(split_url("http://h:8080/x")->origin() == "http://h:8080");
    BOOST_TEST(split_url("http://[::1]:1?x")->rest == "?x");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_web_url) {
    for (auto const* bad : {"", "null", "localhost", "ftp://h", "http:/h", "http://", "http:///a",
                            "http://u:p@h/", "http://h:x/", "javascript://h", "//h"}) {
        BOOST_TEST(!split_url(bad), "accepted " << bad);
    }
}

BOOST_AUTO_TEST_SUITE_END()
