#include "oauth/model/redirect_uri.hpp"

#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::oauth;

namespace {

std::vector<std::string> const any{"*"};

std::string verdict(std::string const& uri, std::vector<std::string> const& hosts = any) {
    auto const checked = check_redirect_uri(uri, hosts);
    return checked ? "fine" : checked.error().error();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(redirect)

BOOST_AUTO_TEST_CASE(accepts_https_loopback_and_private_use_schemes) {
    for (auto const* uri :
         {"https://claude.ai/api/mcp/auth_callback", "https://app.example/cb?tenant=1",
          "http://localhost:6274/oauth/callback", "http://127.0.0.1/", "http://[::1]:9/cb",
          "https://localhost:8443/cb", "cursor://anysphere.cursor-retrieval/oauth/callback",
          "com.example.app:/oauth2redirect", "vscode://vscode.github-authentication/did"})
        BOOST_TEST(verdict(uri) == "fine", uri);
}

// RFC 9700 §2.1: redirects lead to clients and nowhere else
BOOST_AUTO_TEST_CASE(refuses_schemes_that_run_code_or_read_files) {
    for (auto const* uri :
         {"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd",
          "vbscript:x", "blob:https://a.example/1", "about:blank", "ws://a.example/",
          "mailto:a@b.example", "urn:ietf:wg:oauth:2.0:oob", "view-source:https://a.example"})
        BOOST_TEST(verdict(uri) == "invalid_redirect_uri", uri);
}

BOOST_AUTO_TEST_CASE(refuses_schemes_that_belong_to_the_operating_system) {
    for (auto const* uri :
         {"ldap://a.example/x", "ldaps://a.example/x", "smb://a.example/share", "ssh://a.example/",
          "telnet://a.example/", "gopher://a.example/", "search-ms:query=x", "ms-settings:privacy",
          "ms-msdt:/id", "MS-Word:ofe", "ms-anything-new://x/y"})
        BOOST_TEST(verdict(uri) == "invalid_redirect_uri", uri);
    BOOST_TEST(verdict("ssh://a.example/", {"ssh://"}) == "invalid_redirect_uri");
    BOOST_TEST(verdict("msteams://a/b") == "fine");
}

BOOST_AUTO_TEST_CASE(refuses_a_scheme_without_authority_and_path) {
    for (auto const* uri : {"x:", "com.example.app:", "x:?code=1"})
        BOOST_TEST(verdict(uri) == "invalid_redirect_uri", uri);
    for (auto const* uri : {"x:/cb", "x:cb", "x://cb", "x://"})
        BOOST_TEST(verdict(uri) == "fine", uri);
}

// RFC 8252 §7.3: http for the loopback interface alone
// RFC 9700 §2.6: no redirect URIs of scheme http but those of native clients on loopback
BOOST_AUTO_TEST_CASE(refuses_plain_http_that_leaves_the_machine) {
    for (auto const* uri : {"http://app.example/cb", "http://localhost.example/cb",
                            "http://127.0.0.1.example/", "http://10.0.0.1/cb", "http://0.0.0.0/"})
        BOOST_TEST(verdict(uri) == "invalid_redirect_uri", uri);
}

// RFC 6749 §3.1.2: a redirect URI is absolute and has no fragment
BOOST_AUTO_TEST_CASE(refuses_what_is_no_absolute_uri_without_fragment) {
    for (auto const* uri : {"", "/cb", "//app.example/cb", "app.example/cb", "https://",
                            "https:///cb", "https://app.example/cb#here", "https://app.example/cb#",
                            "https://user:pw@app.example/cb", "https://app.example/a b",
                            "https://app.example\\@evil.example/", "https://app.example/\r\nX: y"})
        BOOST_TEST(verdict(uri) == "invalid_redirect_uri", uri);
    BOOST_TEST(verdict("https://a.example/" + std::string(3000, 'x')) == "invalid_redirect_uri");
}

BOOST_AUTO_TEST_CASE(keeps_to_the_list_of_hosts) {
    std::vector<std::string> const some{"loopback", "claude.ai", "cursor://"};
    BOOST_TEST(verdict("https://claude.ai/cb", some) == "fine");
    BOOST_TEST(verdict("https://CLAUDE.ai/cb", some) == "fine");
    BOOST_TEST(verdict("http://localhost:1/cb", some) == "fine");
    BOOST_TEST(verdict("http://[::1]:1/cb", some) == "fine");
    BOOST_TEST(verdict("cursor://x/y", some) == "fine");
    BOOST_TEST(verdict("https://evil.example/cb", some) == "invalid_redirect_uri");
    BOOST_TEST(verdict("https://claude.ai.evil.example/cb", some) == "invalid_redirect_uri");
    BOOST_TEST(verdict("https://x.claude.ai/cb", some) == "invalid_redirect_uri");
    BOOST_TEST(verdict("vscode://x/y", some) == "invalid_redirect_uri");
    BOOST_TEST(verdict("http://localhost:1/cb", {"claude.ai"}) == "invalid_redirect_uri");
    // Not even by name.
    BOOST_TEST(verdict("javascript:x", {"javascript:"}) == "invalid_redirect_uri");
    BOOST_TEST(verdict("http://evil.example/", {"evil.example"}) == "invalid_redirect_uri");
}

// RFC 7591 §3.2.2: a description for the developer: which one, why, and what to do
BOOST_AUTO_TEST_CASE(says_which_uri_it_refuses_and_what_is_wrong_with_it) {
    std::vector<std::string> const few{"loopback", "claude.ai"};
    struct {
        std::string uri;
        char const* says;
    } const refused[] = {{"https://*.example/cb", "has a wildcard for a host"},
                         {"https://app.*/cb", "has a wildcard for a host"},
                         {"https://app.example:99999/cb", "has a port beyond 65535"},
                         {"http://localhost:99999/cb", "has a port beyond 65535"},
                         {"https://b\xc3\xbc"
                          "cher.example/cb",
                          "xn--"},
                         {"https://app.example/\xc3\xbc", "percent-encoded"},
                         {"/cb", "is not an absolute URI"},
                         {"https://app.example/cb#x", "must not have a fragment"},
                         {"http://app.example/cb", "is plain http"},
                         {"https://insiders.vscode.dev/redirect",
                          "add insiders.vscode.dev to registration.redirect_hosts"},
                         {"cursor://anysphere.cursor-mcp/oauth/callback",
                          "add cursor:// to registration.redirect_hosts"}};
    for (auto const& [uri, says] : refused) {
        auto const checked = check_redirect_uri(uri, few);
        BOOST_REQUIRE_MESSAGE(!checked, uri);
        auto const said = checked.error().description();
        BOOST_TEST(said.starts_with("the redirect URI " + uri.substr(0, 9)), said);
        BOOST_TEST(said.find(says) != std::string::npos, said);
        BOOST_TEST(said.find_first_of("\"\\") == std::string::npos, said);
    }
    BOOST_TEST(check_redirect_uri("http://localhost:1/cb", {"claude.ai"})
                   .error()
                   .description()
                   .find("add loopback to registration.redirect_hosts") != std::string::npos);
    auto const long_one = check_redirect_uri("https://a.example/" + std::string(3000, 'x'), few);
    BOOST_TEST(long_one.error().description().size() < 400u);
}

// RFC 6749 §3.1.2.3: two full URIs are compared as strings
// RFC 9700 §2.1: exact string matching
// RFC 9700 §4.1.3: both URIs are equal by simple string comparison
BOOST_AUTO_TEST_CASE(compares_redirects_as_strings) {
    BOOST_TEST(redirect_matches("https://app.example/cb", "https://app.example/cb"));
    for (auto const* other :
         {"https://app.example/cb/", "https://app.example/CB", "https://APP.example/cb",
          "https://app.example:443/cb", "https://app.example/cb?x=1", "http://app.example/cb",
          "https://app.example/cb/../cb", "https://app.example/%63b", ""})
        BOOST_TEST(!redirect_matches("https://app.example/cb", other), other);
}

// RFC 8252 §7.3: any port at the time of the request
// RFC 9700 §2.1: the port in localhost URIs of native apps is the only exception
BOOST_AUTO_TEST_CASE(lets_only_the_port_of_a_loopback_redirect_differ) {
    BOOST_TEST(redirect_matches("http://127.0.0.1/cb", "http://127.0.0.1:51004/cb"));
    BOOST_TEST(redirect_matches("http://localhost:1/cb?a=b", "http://localhost:2/cb?a=b"));
    BOOST_TEST(redirect_matches("http://[::1]:1/cb", "http://[::1]/cb"));
    BOOST_TEST(redirect_matches("http://localhost:1", "http://localhost:2"));
    for (auto const* other :
         {"http://127.0.0.1:2/cb", "http://localhost:2/cb/", "http://localhost:2/",
          "http://localhost:2/cb?x", "http://localhost:2/cb#x", "https://localhost:2/cb",
          "http://localhost:99999/cb", "http://localhost:/cb", "http://localhost:2@evil.example/cb",
          "http://localhost:2x/cb", "http://localhost.evil.example:2/cb", "http://u@localhost:2/cb",
          "http://LOCALHOST:2/cb", "http://localhost:2\\@evil.example/cb"})
        BOOST_TEST(!redirect_matches("http://localhost:1/cb", other), other);
    BOOST_TEST(!redirect_matches("https://127.0.0.1:1/cb", "https://127.0.0.1:2/cb"));
}

BOOST_AUTO_TEST_CASE(looks_for_the_redirect_among_all_that_are_registered) {
    std::vector<std::string> const some{"https://a.example/", "http://localhost/cb"};
    BOOST_TEST(is_registered_redirect(some, "http://localhost:7/cb"));
    BOOST_TEST(!is_registered_redirect(some, "https://b.example/"));
    BOOST_TEST(!is_registered_redirect({}, ""));
}

BOOST_AUTO_TEST_CASE(knows_absolute_uris_without_fragment) {
    BOOST_TEST(is_absolute_without_fragment("https://a.example/x?y"));
    BOOST_TEST(is_absolute_without_fragment("urn:x:y"));
    for (auto const* wrong : {"", "x", "/x", "https://a.example/#", "https://a.example/ x"})
        BOOST_TEST(!is_absolute_without_fragment(wrong), wrong);
}

BOOST_AUTO_TEST_SUITE_END()
