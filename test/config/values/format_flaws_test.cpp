// What texts of a configuration may look like: the formats that have no test beside formats_test.
#include <boost/test/unit_test.hpp>

#include "config/values/formats.hpp"

using namespace tollgate::settings;

namespace {

using judge = flaw (*)(std::string_view);

void accepts(judge flaw_in, std::vector<std::string> const& texts) {
    for (auto const& text : texts)
        BOOST_TEST(flaw_in(text).value_or("fine") == "fine", text);
}

void refuses(judge flaw_in, std::vector<std::string> const& texts, std::string_view why) {
    for (auto const& text : texts)
        BOOST_TEST(flaw_in(text).value_or("fine").find(why) != std::string::npos,
                   text << ": " << flaw_in(text).value_or("fine"));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_format_flaws)

// RFC 6749 appendix A.1, A.2: client-id and client-secret are *VSCHAR, %x20-7E
BOOST_AUTO_TEST_CASE(what_is_sent_as_a_credential_is_printable_ascii) {
    accepts(&flaw_of_printable, {"a", " ", "~", "a b\"\\c", std::string(5000, 'x')});
    refuses(&flaw_of_printable,
            {"", "\t", "a\n", "\x7f", "\xc3\xa9", std::string("a\0b", 3), "\x1f"}, "appendix A");
}

// Not shown: it may be a secret.
BOOST_AUTO_TEST_CASE(what_is_no_printable_text_is_not_repeated) {
    BOOST_TEST(flaw_of_printable("hunter2\n").value().find("hunter2") == std::string::npos);
    BOOST_TEST(flaw_of_bearer_token("hunter2!").value().find("hunter2") == std::string::npos);
}

// RFC 3986 §3.2.2: host = IP-literal / IPv4address / reg-name, here without a port
BOOST_AUTO_TEST_CASE(a_host_has_neither_scheme_nor_port_nor_path) {
    accepts(&flaw_of_host, {"tollgate", "a.b.example", "192.0.2.1", "[::1]", "[2001:db8::1]"});
    refuses(
        &flaw_of_host,
        {"", "tollgate:80", "tollgate:", "http://tollgate", "a/b", "a b", "u@a", "::1", "[::1]:1"},
        "write it without scheme and port");
}

BOOST_AUTO_TEST_CASE(a_url_is_http_with_a_host_and_no_fragment) {
    accepts(&flaw_of_url, {"https://idp.example", "http://127.0.0.1:8080/x?y=z", "https://[::1]/",
                           "https://IDP.example/a%20b"});
    refuses(&flaw_of_url, {"ftp://idp.example/", "urn:x", "mailto:a@b"}, "no http or https URL");
    refuses(&flaw_of_url, {"", "idp.example", "/x", "https://a b/", "//idp.example"},
            "no absolute URL");
    refuses(&flaw_of_url, {"http:///x", "https:/x"}, "has no host");
    refuses(&flaw_of_url, {"https://idp.example/#", "https://idp.example/a#b"}, "fragment");
    refuses(&flaw_of_url, {"https://u@idp.example", "https://u:p@idp.example"}, "user name");
}

// RFC 8414 §2
BOOST_AUTO_TEST_CASE(a_url_that_a_path_is_added_to_has_no_query) {
    accepts(&flaw_of_base_url, {"https://idp.example", "https://idp.example/tenant/"});
    refuses(&flaw_of_base_url, {"https://idp.example/?", "https://collector/?key=hush"},
            "must not have a query");
    refuses(&flaw_of_base_url, {"https://idp.example/#"}, "fragment");
    BOOST_TEST(flaw_of_base_url("https://collector/?key=hush").value().find("hush") ==
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_public_url_is_named_by_what_it_has_too_much_of) {
    refuses(&flaw_of_origin, {"https://as.example/base", "https://as.example//"}, "have a path");
    refuses(&flaw_of_origin, {"https://as.example?x", "https://as.example/?"}, "have a query");
    refuses(&flaw_of_origin, {"https://as.example#x"}, "fragment");
    accepts(&flaw_of_origin, {"https://as.example", "https://as.example/", "http://[::1]:9100"});
}

BOOST_AUTO_TEST_CASE(an_address_is_refused_with_examples_of_addresses) {
    refuses(&flaw_of_address, {"9100", "localhost", ":9100", "http://localhost:9100", ""},
            "\"localhost:9100\", \"0.0.0.0:80\" or \"[::1]:0\"");
    accepts(&flaw_of_address, {"localhost:9100", "0.0.0.0:0", "[::]:65535"});
}

// Endpoints of the authorization server may stand anywhere but where others stand.
BOOST_AUTO_TEST_CASE(an_endpoint_keeps_off_the_paths_that_no_key_can_move) {
    accepts(&flaw_of_endpoint_path, {"/oauth2/auth", "/token", "/oauth/token", "/api/token",
                                     "/.well-known/jwks.json", "/a-b_c.d~e", "/rx", "/controls"});
    refuses(&flaw_of_endpoint_path,
            {"/healthz", "/readyz", "/metrics", "/anything", "/callback", "/api/callback", "/oauth",
             "/oauth/login", "/oauth/callback", "/control", "/control/state", "/r", "/r/a",
             "/s/plain/1", "/.well-known/openid-configuration", "/.well-known"},
            "is a path of tollgate itself");
    refuses(&flaw_of_endpoint_path, {"/token/"}, "must not end with");
    refuses(&flaw_of_endpoint_path, {"token", "", "https://as.example/token"}, "must begin with");
    refuses(&flaw_of_endpoint_path, {"/a//b", "/a?b", "/a%20b", "/{agent}/token", "/a b", "/a;b"},
            "no plain path");
    // RFC 3986 §5.2.4
    refuses(&flaw_of_endpoint_path, {"/./token", "/a/..", "/../token", "/a/."}, "dot segment");
    accepts(&flaw_of_endpoint_path, {"/a/...", "/.a/b.", "/..a"});
}

BOOST_AUTO_TEST_CASE(a_transport_has_a_dot_segment_as_little_as_an_endpoint) {
    refuses(&flaw_of_http_path, {"/mcp/..", "/./mcp"}, "dot segment");
    refuses(&flaw_of_http_path, {"/{agent}/../mcp"}, "no path with an agent");
}

// RFC 8252 §7.1: private-use schemes are for native apps; §8.3: none of them may run code
BOOST_AUTO_TEST_CASE(a_redirect_uri_with_a_scheme_that_runs_code_is_refused_in_any_case) {
    refuses(&flaw_of_redirect_uri,
            {"javascript:x", "JAVASCRIPT:x", "data:,x", "vbscript:x", "file:///x", "blob:x"},
            "a scheme that cannot receive a code");
    refuses(&flaw_of_redirect_uri, {"https:///cb", "http:/cb"}, "has no host");
    refuses(&flaw_of_redirect_uri, {"https://a.example/cb#"}, "RFC 6749 section 3.1.2");
}

// RFC 6454 §6.2
BOOST_AUTO_TEST_CASE(one_entry_lets_in_one_origin_and_no_pattern) {
    refuses(&flaw_of_page_origin, {"https://*.example", "*.example", "https://*"},
            "stands for many origins");
    accepts(&flaw_of_page_origin, {"https://app.example", "http://[::1]:3000"});
}

BOOST_AUTO_TEST_CASE(what_is_shown_stands_in_quotes_on_one_line) {
    BOOST_TEST(in_quotes("a\r\nb\x1b[2Jc") == "\"a??b?[2Jc\"");
    BOOST_TEST(in_quotes("") == "\"\"");
    BOOST_TEST(in_quotes(std::string(1000, 'x')).size() < 300u);
}

BOOST_AUTO_TEST_CASE(takes_every_slash_off_the_end_and_none_off_the_beginning) {
    BOOST_TEST(without_trailing_slash("https://a.example//") == "https://a.example");
    BOOST_TEST(without_trailing_slash("/a") == "/a");
    BOOST_TEST(without_trailing_slash("///") == "");
}

// RFC 3986 §3.1: a scheme has no case.
BOOST_AUTO_TEST_CASE(a_scheme_may_be_in_capitals) {
    accepts(&flaw_of_origin, {"HTTPS://idp.example", "Http://localhost:1"});
    refuses(&flaw_of_origin, {"FTP://idp.example"}, "is no http or https URL");
}

// RFC 9110 §5.1, §5.5
BOOST_AUTO_TEST_CASE(header_fields_are_a_name_and_a_value) {
    for (auto const* fine : {"X-Key: a", "x:y", "Authorization:Bearer a.b", "A: b: c"})
        BOOST_TEST(!flaw_of_header_field(fine), fine);
    for (auto const* wrong : {"", "X-Key", "X-Key:", "X-Key:  ", ": a", "X Key: a", "X: a\nY: b"})
        BOOST_TEST(flaw_of_header_field(wrong).has_value(), wrong);
    BOOST_TEST(flaw_of_header_field("hunter2").value().find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
