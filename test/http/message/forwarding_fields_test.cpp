// Header fields in which somebody between a client and a server speaks for the client.
#include "http/message/forwarding_fields.hpp"

#include <boost/test/unit_test.hpp>

using tollgate::http::is_forwarding_field;

BOOST_AUTO_TEST_SUITE(forwarding_fields)

// RFC 7239 §4: the field that the standard has for it
BOOST_AUTO_TEST_CASE(knows_the_field_of_the_standard_in_any_case) {
    for (auto const* name : {"Forwarded", "forwarded", "FORWARDED"})
        BOOST_TEST(is_forwarding_field(name), name);
}

BOOST_AUTO_TEST_CASE(knows_the_names_that_proxies_had_before_the_standard) {
    for (auto const* name : {"X-Forwarded-For",
                             "X-Forwarded-Host",
                             "X-Forwarded-Proto",
                             "X-Forwarded-Port",
                             "X-Forwarded-Prefix",
                             "X-Forwarded-Server",
                             "X-Forwarded",
                             "X-ForwardedFor",
                             "Forwarded-For",
                             "X-Real-IP",
                             "X-Client-IP",
                             "Client-IP",
                             "X-Cluster-Client-IP",
                             "Proxy-Client-IP",
                             "WL-Proxy-Client-IP",
                             "WL-Proxy-SSL",
                             "X-Remote-IP",
                             "X-Remote-Addr",
                             "X-Host",
                             "X-Scheme",
                             "X-Coming-From",
                             "X-ProxyUser-Ip"})
        BOOST_TEST(is_forwarding_field(name), name);
}

// A server that believes one of these serves another path than the one that was checked.
BOOST_AUTO_TEST_CASE(knows_the_fields_that_say_what_was_asked_for) {
    for (auto const* name :
         {"X-Original-URL", "X-Original-Host", "X-Original-URI", "X-Rewrite-URL"})
        BOOST_TEST(is_forwarding_field(name), name);
}

BOOST_AUTO_TEST_CASE(knows_the_fields_of_content_networks_and_tunnels) {
    for (auto const* name :
         {"CF-Connecting-IP", "CF-IPCountry", "cf-ray", "True-Client-IP", "X-True-Client-IP",
          "CloudFront-Viewer-Address", "Fastly-Client-IP", "Fly-Client-IP", "X-Azure-ClientIP",
          "X-ARR-SSL", "X-Akamai-Edgescape", "X-Vercel-Forwarded-For", "X-Envoy-External-Address",
          "Tailscale-User-Login", "X-Appengine-User-IP", "X-Nf-Client-Connection-Ip",
          "X-Sucuri-ClientIP", "X-Amz-Cf-Id"})
        BOOST_TEST(is_forwarding_field(name), name);
}

// RFC 9110 §7.6.3: every proxy in a chain passes Via on, and it names nobody's client
// RFC 8586 §2: likewise CDN-Loop, which must not be changed on the way
BOOST_AUTO_TEST_CASE(leaves_alone_what_every_one_in_a_chain_passes_on) {
    for (auto const* name : {"Via", "CDN-Loop"})
        BOOST_TEST(!is_forwarding_field(name), name);
}

BOOST_AUTO_TEST_CASE(takes_no_other_field_for_one) {
    for (auto const* name : {"",
                             "Host",
                             "Origin",
                             "Referer",
                             "User-Agent",
                             "Authorization",
                             "Cookie",
                             "Accept",
                             "Mcp-Session-Id",
                             "X-Custom",
                             "X-Forward",
                             "Forwarded-By",
                             "My-X-Forwarded-For",
                             "CF",
                             "CFX-Ray",
                             "X-Hostname",
                             "Fly",
                             "X-Original",
                             "X-Real-IPv6",
                             "Client-IPs"})
        BOOST_TEST(!is_forwarding_field(name), name);
}

BOOST_AUTO_TEST_SUITE_END()
