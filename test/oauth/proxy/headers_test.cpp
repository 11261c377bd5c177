// What crosses a proxy, and what stays on its side.
#include "oauth/proxy/headers.hpp"

#include <boost/test/unit_test.hpp>

#include "oauth/proxy/proxy_bench.hpp"

using namespace test;

namespace {

http::header_list to_provider(fields const& sent) {
    http::request r;
    for (auto const& [name, value] : sent)
        r.headers.push_back({name, value});
    return oauth::headers_for_provider(r, "me");
}

http::header_list to_client(fields const& sent) {
    http::header_list all;
    for (auto const& [name, value] : sent)
        all.add(name, value);
    return oauth::headers_for_client(all);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(proxy_headers)

// RFC 9110 §7.6.1: fields of the connection, and those that Connection lists, are removed
BOOST_AUTO_TEST_CASE(hop_by_hop_fields_are_dropped_both_ways) {
    fields const sent{{"Connection", "close, X-Hop"},
                      {"connection", " x-other"},
                      {"X-Hop", "1"},
                      {"X-Other", "1"},
                      {"Keep-Alive", "1"},
                      {"Proxy-Connection", "1"},
                      {"Proxy-Authorization", "Basic x"},
                      {"Proxy-Authenticate", "Basic"},
                      {"TE", "trailers"},
                      {"Trailer", "X"},
                      {"Transfer-Encoding", "chunked"},
                      {"Upgrade", "h2c"},
                      {"Content-Length", "3"},
                      {"Tollgate-Internal", "x"},
                      {"X-End", "kept"}};
    auto const there = to_provider(sent);
    auto const back = to_client(sent);
    for (auto const& [name, value] : sent) {
        BOOST_TEST(there.has(name) == (name == "X-End"), name);
        BOOST_TEST(back.has(name) == (name == "X-End"), name);
    }
}

BOOST_AUTO_TEST_CASE(what_a_browser_tells_us_is_not_for_the_provider) {
    fields const sent{{"Host", "localhost:9100"},
                      {"Cookie", "a=b"},
                      {"Origin", "http://x"},
                      {"Referer", "http://x/"},
                      {"Sec-Fetch-Site", "x"},
                      {"sec-ch-ua", "x"},
                      {"X-Forwarded-For", "1.2.3.4"},
                      {"Forwarded", "for=1.2.3.4"},
                      {"If-None-Match", "*"},
                      {"Range", "bytes=0-1"},
                      {"Access-Control-Request-Method", "POST"}};
    auto const there = to_provider(sent);
    for (auto const& [name, value] : sent)
        BOOST_TEST(!there.has(name), name);
}

// What servers take from the one in front of them: another path or method, and who the client is.
BOOST_AUTO_TEST_CASE(what_only_a_server_in_front_may_say_is_not_passed_on) {
    for (auto const* name : {"X-Original-URL",
                             "x-original-host",
                             "X-Original-Forwarded-For",
                             "X-Rewrite-URL",
                             "X-HTTP-Method",
                             "X-HTTP-Method-Override",
                             "X-Method-Override",
                             "X-Real-IP",
                             "CF-Connecting-IP",
                             "CF-Connecting-IPv6",
                             "True-Client-IP",
                             "X-Client-IP",
                             "X-Cluster-Client-IP",
                             "X-ProxyUser-Ip",
                             "Fastly-Client-IP",
                             "Fly-Client-IP",
                             "X-Forwarded",
                             "X-Forwarded-Host",
                             "X_Forwarded_For",
                             "X-True-Client-IP",
                             "Client-IP",
                             "X-Envoy-External-Address",
                             "X-Azure-ClientIP",
                             "X-Remote-Addr",
                             "Proxy-Client-IP",
                             "WL-Proxy-Client-IP",
                             "X-Host",
                             "X-Scheme",
                             "X-Remote-User",
                             "Remote-User",
                             "Client-Cert",
                             "X-SSL-Client-Cert",
                             "X-MS-CLIENT-PRINCIPAL-NAME",
                             "X-Amzn-Oidc-Identity",
                             "X-Auth-Request-User",
                             "Tailscale-User-Login",
                             "X-Vercel-IP",
                             "CloudFront-Viewer-Address",
                             "Forwarded-For"}) {
        auto const there = to_provider({{name, "x"}, {"X-Own", "1"}});
        BOOST_TEST(!there.has(name), name);
        BOOST_TEST(there.get("X-Own") == "1");
    }
}

// RFC 9110 §7.6.3: a chain of proxies is known by its Via
BOOST_AUTO_TEST_CASE(what_goes_with_a_secret_is_a_list_of_few) {
    fields const sent{
        {"Accept", "a/b"},      {"Authorization", "Basic x"}, {"Content-Type", "text/plain"},
        {"X-Own", "1"},         {"Via", "1.1 before"},        {"Connection", "User-Agent"},
        {"User-Agent", "app/1"}};
    http::request r;
    for (auto const& [name, value] : sent)
        r.headers.push_back({name, value});
    std::string all;
    for (auto const& h : oauth::headers_with_secret(r, "me"))
        all += h.name + '=' + h.value + ';';
    BOOST_TEST(all ==
               "Accept=a/b;Via=1.1 before;Content-Type=application/x-www-form-urlencoded;"
               "Accept-Encoding=identity;Via=1.1 me;");
}

// RFC 8586 §2: loops are found only where every intermediary keeps the field
BOOST_AUTO_TEST_CASE(what_finds_loops_of_content_networks_is_passed_on) {
    BOOST_TEST(to_provider({{"CDN-Loop", "before"}}).get("CDN-Loop") == "before");
}

// RFC 9110 §12.5.3: no coding but identity is asked for, whatever the client can read
// RFC 9110 §7.6.3: a gateway adds itself to Via
BOOST_AUTO_TEST_CASE(what_the_proxy_says_for_itself) {
    auto const there = to_provider({{"Accept-Encoding", "gzip, br"}, {"Via", "1.0 before"}});
    BOOST_TEST(there.get("Accept-Encoding") == "identity");
    BOOST_TEST(there.get("Accept") == "application/json");
    std::vector<std::string> via;
    for (auto const& h : there)
        if (h.name == "Via") via.push_back(h.value);
    BOOST_TEST(via == (std::vector<std::string>{"1.0 before", "1.1 me"}),
               boost::test_tools::per_element());
    BOOST_TEST(to_provider({{"Accept", "*/*"}}).get("Accept") == "*/*");
}

BOOST_AUTO_TEST_CASE(what_would_speak_for_our_whole_origin_stays_there) {
    fields const sent{{"Set-Cookie", "sid=1"},      {"Strict-Transport-Security", "max-age=1"},
                      {"Clear-Site-Data", "\"*\""}, {"Access-Control-Allow-Origin", "*"},
                      {"Alt-Svc", "h3=\":443\""},   {"Refresh", "0;url=http://evil"}};
    auto const back = to_client(sent);
    for (auto const& [name, value] : sent)
        BOOST_TEST(!back.has(name), name);
    BOOST_TEST(back.get("X-Content-Type-Options") == "nosniff");
}

BOOST_AUTO_TEST_SUITE_END()
