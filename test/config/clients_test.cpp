// [[clients]]: what registration would refuse is refused at the start, with line and column.
#include <boost/test/unit_test.hpp>

#include "app/translate.hpp"
#include "config/config_file.hpp"

using tollgate::test::load;
using tollgate::test::mistakes;

namespace {

std::string const begin = "[[clients]]\nclient_id = \"a\"\n";

// RFC 7517 Appendix A.1.
std::string const public_key =
    "{kty = \"EC\", crv = \"P-256\", x = \"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\", "
    "y = \"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}";

std::string wrong(std::string const& lines) {
    return mistakes({.toml = begin + lines});
}

bool ends_with(std::string const& text, std::string const& end) {
    BOOST_TEST_MESSAGE(text);
    return text.size() >= end.size() &&
           text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(config_clients)

BOOST_AUTO_TEST_CASE(redirects_are_held_to_the_rules_of_registration) {
    BOOST_TEST(
        wrong("redirect_uris = [\"http://app.example/cb\"]\n") ==
        "config.toml:3:18: clients[0].redirect_uris: \"http://app.example/cb\" is plain http: "
        "that must lead to localhost, 127.0.0.1 or [::1]");
    for (auto const* uri : {"javascript:x", "/cb", "https://a.example/#f", "ms-settings:x",
                            "https://u:p@a.example/", "x:"})
        BOOST_TEST(!wrong("redirect_uris = [\"" + std::string(uri) + "\"]\n").empty(), uri);
    for (auto const* uri : {"https://a.example/cb", "http://127.0.0.1/cb", "cursor://a/b"})
        BOOST_TEST(wrong("redirect_uris = [\"" + std::string(uri) + "\"]\n") == "", uri);
}

// OpenID Connect Registration §2: redirects of a web client are https and never localhost
BOOST_AUTO_TEST_CASE(a_web_client_has_no_redirect_to_loopback) {
    std::string const web = "application_type = \"web\"\n";
    for (auto const* uri : {"http://localhost/cb", "https://localhost/cb", "cursor://a/b"})
        BOOST_TEST(!wrong("redirect_uris = [\"" + std::string(uri) + "\"]\n" + web).empty(), uri);
    BOOST_TEST(wrong("redirect_uris = [\"https://a.example/cb\"]\n" + web) == "");
    BOOST_TEST(
        wrong("redirect_uris = [\"http://localhost/cb\"]\napplication_type = \"native\"\n") == "");
}

BOOST_AUTO_TEST_CASE(keys_are_public_and_usable) {
    std::string const redirect = "redirect_uris = [\"https://a.example/cb\"]\n";
    auto const flaw = [&](std::string const& set) {
        return wrong(redirect + "jwks = " + set + '\n');
    };
    BOOST_TEST(ends_with(flaw("{a = 1}"), "jwks: must have the array keys (RFC 7517 section 5)"));
    BOOST_TEST(ends_with(flaw("{keys = []}"), "jwks: holds no key"));
    BOOST_TEST(ends_with(flaw("{keys = [1]}"), "jwks: must hold JWKs"));
    BOOST_TEST(ends_with(flaw("{keys = [{}]}"), "holds a key without kty (RFC 7517 section 4.1)"));
    BOOST_TEST(ends_with(flaw("{keys = [{kty = \"oct\", k = \"AAAA\"}]}"),
                         "jwks: must not hold symmetric keys"));
    BOOST_TEST(ends_with(flaw("{keys = [{kty = \"EC\", d = \"AAAA\"}]}"),
                         "jwks: must not hold private keys"));
    BOOST_TEST(ends_with(wrong(redirect + "jwks = 7\n"), "found the integer 7"));
    BOOST_TEST(ends_with(flaw("{keys = [" + public_key + "]}\njwks_uri = \"https://a.example/j\""),
                         "jwks_uri: does not go with jwks (RFC 7591 section 2)"));
}

// RFC 7591 §2: private_key_jwt needs a key to verify with, and no secret
BOOST_AUTO_TEST_CASE(a_client_that_signs_its_requests_has_keys_and_no_secret) {
    std::string const redirect = "redirect_uris = [\"https://a.example/cb\"]\n";
    std::string const signs = "token_endpoint_auth_method = \"private_key_jwt\"\n";
    BOOST_TEST(ends_with(wrong(redirect + signs), "\"private_key_jwt\" needs jwks or jwks_uri"));
    std::string const keys = "jwks = {keys = [" + public_key + "]}\n";
    BOOST_TEST(wrong(redirect + signs + keys) == "");
    BOOST_TEST(wrong(redirect + signs + "jwks_uri = \"https://a.example/j\"\n") == "");
    BOOST_TEST(ends_with(wrong(redirect + signs + keys + "client_secret = \"s\"\n"),
                         "\"private_key_jwt\" does not go with a client_secret"));
}

BOOST_AUTO_TEST_CASE(the_other_names_of_rfc_7591_are_kept) {
    auto const c =
        load({.toml = begin + "redirect_uris = [\"https://a.example/cb\"]\n"
                              "client_uri = \"https://a.example/\"\n"
                              "logo_uri = \"https://a.example/l.png\"\n"
                              "tos_uri = \"https://a.example/t\"\n"
                              "policy_uri = \"https://a.example/p\"\n"
                              "contacts = [\"x@a.example\"]\nsoftware_id = \"s\"\n"
                              "software_version = \"1\"\ndpop_bound_access_tokens = true\n"});
    auto const& client = c.clients.at(0);
    BOOST_TEST(client.client_uri == "https://a.example/");
    BOOST_TEST(client.logo_uri == "https://a.example/l.png");
    BOOST_TEST(client.tos_uri == "https://a.example/t");
    BOOST_TEST(client.policy_uri == "https://a.example/p");
    BOOST_TEST(client.contacts.at(0) == "x@a.example");
    BOOST_TEST(client.software_id == "s");
    BOOST_TEST(client.software_version == "1");
    BOOST_TEST(client.dpop_bound_access_tokens);
    BOOST_TEST(!wrong("redirect_uris = [\"https://a.example/cb\"]\nlogo_uri = \"x\"\n").empty());
}

BOOST_AUTO_TEST_CASE(documents_of_clients_are_on_and_loopback_is_off_by_default) {
    auto const c = load({.toml = ""});
    BOOST_TEST(c.oauth.client_documents);
    BOOST_TEST(!c.oauth.loopback_metadata);
}

// RFC 8693 §2.1
BOOST_AUTO_TEST_CASE(exchange_audience_belongs_to_a_client_that_may_exchange) {
    std::string const rest = "exchange_audience = [\"https://api.example/\", \"reports\"]\n";
    auto const entry = [&](std::string const& grants) {
        return "[[clients]]\nclient_id = \"a\"\nclient_secret = \"s\"\ngrant_types = [" + grants +
               "]\n" + rest;
    };
    auto const exchange = "\"urn:ietf:params:oauth:grant-type:token-exchange\"";
    auto const c = load({.toml = entry(exchange)});
    std::vector<std::string> const expected{"https://api.example/", "reports"};
    BOOST_TEST(c.clients.at(0).exchange_audience == expected, boost::test_tools::per_element());
    BOOST_TEST(tollgate::configured_client(c.clients.at(0)).exchange_audience == expected,
               boost::test_tools::per_element());
    BOOST_TEST(mistakes({.toml = entry("\"client_credentials\"")}) ==
               std::string("config.toml:5:21: clients[0].exchange_audience: is of no use: "
                           "grant_types lacks ") +
                   exchange);
    BOOST_TEST(mistakes({.toml = "[[clients]]\nclient_id = \"a\"\nexchange_audience = [\"\"]\n"}) !=
               "");
}

BOOST_AUTO_TEST_SUITE_END()
