// Whether a request comes from a page of ours.
#include <optional>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "http/pipeline/cors.hpp"

using namespace tollgate;
using namespace tollgate::http;

namespace {

struct fixture {
    place where;
    request received;

    fixture() {
        where.as_origin = "http://localhost:9100";
        where.mcp_origin = "http://localhost:9101";
        where.at = site::authorization_server;
        say({});
    }
    void say(std::vector<header_view> const& fields, std::string_view host = "localhost:9100") {
        received.headers = fields;
        received.headers.push_back({"Host", host});
    }
    bool is_ours(std::string_view origin) const { return is_very_origin(received, where, origin); }
    std::optional<problem> refusal() const { return sent_by_another_site(received, where); }
    void go_public() {
        where.as_origin = "https://as.example";
        where.mcp_origin = "https://mcp.example";
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(other_sites, fixture)

// RFC 6454 §5: scheme, host and port are compared, and nothing is left out of it
BOOST_AUTO_TEST_CASE(the_very_origin_is_the_scheme_and_the_host_that_were_called) {
    for (auto const* origin : {"http://localhost:9100", "HTTP://LocalHost:9100"})
        BOOST_TEST(is_ours(origin), origin);
    for (auto const* origin :
         {"", "null", "https://localhost:9100", "http://localhost", "http://localhost:9101",
          "http://localhost:91000", "http://127.0.0.1:9100", "http://localhost:9100/",
          "http://localhost:9100 ", "http://a.localhost:9100", "localhost:9100"})
        BOOST_TEST(!is_ours(origin), origin);
}

BOOST_AUTO_TEST_CASE(over_tls_the_very_origin_is_https) {
    received.tls = true;
    BOOST_TEST(is_ours("https://localhost:9100"));
    where.as_origin = "https://localhost:9100";
    BOOST_TEST(!is_ours("http://localhost:9100"));
}

// A proxy in front of us may have changed the Host, but the browser knows the public URL alone.
BOOST_AUTO_TEST_CASE(the_public_url_of_the_server_that_was_called_is_its_very_origin) {
    go_public();
    BOOST_TEST(is_ours("https://as.example"));
    BOOST_TEST(is_ours("http://localhost:9100"));  // who calls us directly
    BOOST_TEST(!is_ours("https://mcp.example"));
    where.at = site::mcp_server;
    BOOST_TEST(is_ours("https://mcp.example"));
    BOOST_TEST(!is_ours("https://as.example"));
    where.at = site::shared;
    BOOST_TEST(is_ours("https://as.example"));
    BOOST_TEST(is_ours("https://mcp.example"));
    BOOST_TEST(!is_ours("http://as.example"));
}

BOOST_AUTO_TEST_CASE(a_program_says_neither_origin_nor_site_and_is_let_through) {
    BOOST_TEST(!refusal().has_value());
}

BOOST_AUTO_TEST_CASE(a_page_of_ours_is_let_through) {
    for (auto const* site : {"same-origin", "none"}) {
        say({{"Origin", "http://localhost:9100"}, {"Sec-Fetch-Site", site}});
        BOOST_TEST(!refusal().has_value(), site);
        say({{"Sec-Fetch-Site", site}});
        BOOST_TEST(!refusal().has_value(), site);
    }
    say({{"Origin", "http://localhost:9100"}});
    BOOST_TEST(!refusal().has_value());
}

// RFC 6749 §10.12: what a person decides must come from the page that asked
// RFC 9700 §4.7: likewise
BOOST_AUTO_TEST_CASE(a_page_of_any_other_origin_is_refused) {
    for (auto const* origin :
         {"https://evil.example", "null", "", "http://localhost:9101", "http://127.0.0.1:9100",
          "https://localhost:9100", "http://localhost:9100.evil.example"}) {
        say({{"Origin", origin}});
        auto const p = refusal();
        BOOST_REQUIRE_MESSAGE(p, origin);
        BOOST_TEST(p->status() == 403u);
        BOOST_TEST(p->error() == "origin_not_allowed");
        BOOST_CHECK(p->how() == problem::shown_as::page);
    }
}

// Fetch, "append a request Origin header": a request has one at most. Two are no page of ours.
BOOST_AUTO_TEST_CASE(two_origins_are_never_ours) {
    say({{"Origin", "http://localhost:9100"}, {"origin", "http://localhost:9100"}});
    BOOST_TEST(refusal().has_value());
}

// Fetch Metadata Request Headers, section 2.4: to a browser all ports of a host are one site.
BOOST_AUTO_TEST_CASE(without_an_origin_a_page_from_beside_or_from_elsewhere_is_refused) {
    for (auto const* site : {"cross-site", "same-site", "Cross-Site", "SAME-SITE"}) {
        say({{"Sec-Fetch-Site", site}});
        BOOST_TEST(refusal().has_value(), site);
    }
}

BOOST_AUTO_TEST_CASE(our_own_origin_does_not_make_up_for_another_site) {
    say({{"Origin", "http://localhost:9100"}, {"Sec-Fetch-Site", "cross-site"}});
    BOOST_TEST(refusal().has_value());
}

BOOST_AUTO_TEST_CASE(a_refusal_names_the_origin_in_what_can_be_shown) {
    say({{"Origin", "https://evil.example"}});
    BOOST_TEST(refusal()->description().find("(https://evil.example)") != std::string::npos);
    BOOST_TEST(refusal()->log_text().find("https://evil.example") != std::string::npos);
    say({{"Origin", "\x1b[31m\xff"}});
    auto const text = refusal()->description();
    BOOST_TEST(text.find_first_of("\x1b\xff") == std::string::npos, text);
    say({{"Sec-Fetch-Site", "cross-site"}});
    BOOST_TEST(refusal()->description().find('(') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
