#include "config/values/formats.hpp"

#include <boost/test/unit_test.hpp>

using namespace tollgate::settings;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(config_formats)

BOOST_AUTO_TEST_CASE(takes_addresses_apart) {
    auto const name = parse_address("localhost:9100");
    BOOST_TEST(name.value().host == "localhost");
    BOOST_TEST(name.value().port == 9100);
    auto const six = parse_address("[::1]:0");
    BOOST_TEST(six.value().host == "[::1]");
    BOOST_TEST(six.value().port == 0);
    for (auto const* text : {"", "localhost", "localhost:", ":9100", "::1:9100", "host:65536",
                             "host:-1", "host:1x", "http://host:1", "a b:1", "u@host:1"})
        BOOST_TEST(!parse_address(text), text);
}

BOOST_AUTO_TEST_CASE(knows_which_addresses_are_loopback) {
    for (auto const* text :
         {"localhost:1", "alpha.localhost:1", "127.0.0.1:1", "127.3.2.1:1", "[::1]:1"})
        BOOST_TEST(is_loopback(parse_address(text).value()), text);
    for (auto const* text :
         {"0.0.0.0:1", "[::]:1", "192.168.0.1:1", "localhost.example.com:1", "127.example.com:1"})
        BOOST_TEST(!is_loopback(parse_address(text).value()), text);
}

BOOST_AUTO_TEST_CASE(an_origin_has_neither_path_nor_query_nor_fragment_nor_user) {
    for (auto const* text : {"https://as.example.com", "http://localhost:9100/", "https://[::1]"})
        BOOST_TEST(!flaw_of_origin(text), text);
    for (auto const* text : {"as.example.com", "ftp://host", "https://host/path", "https://host?q",
                             "https://host#f", "https://user:secret@host", "https://", "/x"})
        BOOST_TEST(flaw_of_origin(text).has_value(), text);
}

// RFC 6454 §6.2: scheme://host, and the port unless it is the scheme's own
BOOST_AUTO_TEST_CASE(the_origin_of_a_page_may_be_of_any_scheme_and_is_kept_as_browsers_send_it) {
    struct {
        char const* given;
        char const* compared;
    } const rows[] = {
        {"https://app.example", "https://app.example"},
        {"https://App.Example:443/", "https://app.example"},
        {"http://app.example:8080", "http://app.example:8080"},
        {"chrome-extension://abcdefghijklmnop", "chrome-extension://abcdefghijklmnop"},
        {"safari-web-extension://A1B2-C3", "safari-web-extension://A1B2-C3"},
        {"vscode-webview://0a1b", "vscode-webview://0a1b"},
        {"tauri://localhost", "tauri://localhost"},
        {"app://obsidian.md/", "app://obsidian.md"},
        {"capacitor://localhost:8100", "capacitor://localhost:8100"}};
    for (auto const& [given, compared] : rows) {
        BOOST_TEST(!flaw_of_page_origin(given), given);
        BOOST_TEST(compared_origin(given) == compared);
    }
    for (auto const* text :
         {"", "app.example", "https://", "https://app.example/path", "https://u:p@app.example",
          "chrome-extension://", "x://a/b", "x://a?b", "x://a:", "x://a:99999", "x://a b", "://a",
          "1x://a", "x y://a", "mailto:a@b.example"})
        BOOST_TEST(flaw_of_page_origin(text).has_value(), text);
}

// RFC 6454 §7.3: "null" names nobody
BOOST_AUTO_TEST_CASE(the_origins_that_no_list_may_hold_have_hints_of_their_own) {
    auto const says = [](char const* text, char const* part) {
        auto const flaw = flaw_of_page_origin(text).value_or("fine");
        BOOST_TEST(flaw.find(part) != std::string::npos, flaw);
    };
    says("*", "every page of the web");
    says("null", "names nobody");
    says("file://", "null");
    says("chrome-extension:abc", "chrome-extension://ID");
}

BOOST_AUTO_TEST_CASE(a_flaw_never_repeats_a_password_in_a_url) {
    auto const flaw = flaw_of_url("https://user:hunter2@host/x").value();
    BOOST_TEST(flaw.find("hunter2") == std::string::npos);
}

// RFC 6749 §3.1.2: absolute, no fragment.
BOOST_AUTO_TEST_CASE(a_redirect_uri_is_absolute_without_a_fragment_and_runs_nothing) {
    for (auto const* text : {"https://client.example/cb?x=1", "http://127.0.0.1/cb",
                             "cursor://anysphere.cursor-mcp/oauth", "com.example.app:/cb"})
        BOOST_TEST(!flaw_of_redirect_uri(text), text);
    for (auto const* text :
         {"", "/cb", "client.example", "https://client.example/cb#f", "javascript:alert(1)",
          "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd"})
        BOOST_TEST(flaw_of_redirect_uri(text).has_value(), text);
}

// RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ).
BOOST_AUTO_TEST_CASE(a_scope_token_follows_the_grammar) {
    for (auto const* text : {"mcp:tools", "!", "a/b", "~"})
        BOOST_TEST(!flaw_of_scope_token(text), text);
    for (auto const* text : {"", "a b", "a\"b", "a\\b", "\x7f", "\xc3\xa9"})
        BOOST_TEST(flaw_of_scope_token(text).has_value(), text);
}

// RFC 6750 §2.1: b64token.
BOOST_AUTO_TEST_CASE(a_control_token_can_stand_behind_bearer) {
    for (auto const* text : {"abc", "a-._~+/b==", "1"})
        BOOST_TEST(!flaw_of_bearer_token(text), text);
    for (auto const* text : {"", "=", "a b", "a=b", "a\"b", "\xc3\xa9"})
        BOOST_TEST(flaw_of_bearer_token(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(an_http_path_is_plain_and_not_one_of_our_own) {
    for (auto const* text : {"/mcp", "/a/b", "/v1.0/mcp_x", "/oauth/mcp", "/registered", "/rs",
                             "/{agent}/mcp", "/agents/{agent}/v1/mcp", "/mcp/{agent}"})
        BOOST_TEST(!flaw_of_http_path(text), text);
    for (auto const* text : {"",
                             "mcp",
                             "/",
                             "/mcp/",
                             "//mcp",
                             "/a//b",
                             "/mcp?x",
                             "/mcp#x",
                             "/a b",
                             "/%6dcp",
                             "/token",
                             "/oauth/token",
                             "/control",
                             "/control/x",
                             "/r/x",
                             "/s",
                             "/.well-known/x",
                             "/{agent}x/mcp",
                             "/x{agent}",
                             "/{agent}/{agent}",
                             "/{other}/mcp",
                             "/r/{agent}",
                             "/{agent}/",
                             "{agent}"})
        BOOST_TEST(flaw_of_http_path(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(splits_and_joins_words) {
    BOOST_TEST(split(" a  b ", ' ') == (std::vector<std::string>{"a", "b"}),
               boost::test_tools::per_element());
    BOOST_TEST(split("", '|').empty());
    BOOST_TEST(quoted_list({"a"}, " or ") == "\"a\"");
    BOOST_TEST(quoted_list({"a", "b", "c"}, " or ") == "\"a\", \"b\" or \"c\"");
}

BOOST_AUTO_TEST_SUITE_END()
