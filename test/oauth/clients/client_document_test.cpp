// Client ID Metadata Documents, the pure part: which URLs and which documents are accepted.
#include "oauth/clients/client_document.hpp"

#include <string>

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace tollgate::oauth;
namespace http = tollgate::http;
namespace json = boost::json;

namespace {

std::string const id = "https://app.example/oauth/client.json";

policy rules() {
    policy p;
    p.client_documents = true;
    return p;
}

std::string verdict(std::string const& url, policy const& p = rules()) {
    auto const checked = check_document_id(url, p);
    if (checked) return *checked == http::allowed_addresses::only_public ? "public" : "loopback";
    BOOST_TEST(checked.error().error() == "invalid_client");
    BOOST_TEST(checked.error().status() == 401u);
    return checked.error().description();
}

json::object document() {
    json::object o;
    o["client_id"] = id;
    o["client_name"] = "App";
    o["redirect_uris"] = json::array{"http://localhost:3000/callback", "https://app.example/cb"};
    return o;
}

std::string refusal(json::object const& o, policy const& p = rules()) {
    auto const c = client_from_document(id, o, p);
    if (c) return "accepted";
    BOOST_TEST(c.error().error() == "invalid_client");
    return c.error().description();
}

json::object with(std::string_view name, json::value value) {
    auto o = document();
    if (value.is_null())
        o.erase(name);
    else
        o[name] = std::move(value);
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_document)

BOOST_AUTO_TEST_CASE(tells_urls_from_other_client_ids) {
    BOOST_TEST(is_document_id("https://a.example/c"));
    BOOST_TEST(is_document_id("http://localhost/c"));
    for (auto const* other : {"", "abc", "a.example/c", "urn:x", "httpsx", "ftp://a.example/"})
        BOOST_TEST(!is_document_id(other), other);
}

// Client ID Metadata Document draft-01 §3: https with a path; a port and a query are allowed
BOOST_AUTO_TEST_CASE(accepts_https_urls_with_a_path) {
    for (auto const* url : {"https://app.example/client.json", "https://app.example:8443/c/",
                            "https://app.example/c?v=1", "https://app.example/a.b/..c/c..json",
                            "https://app.example:443/c", "https://8.8.8.8/c",
                            "https://app.example/", "https://app.example/?v=1"})
        BOOST_TEST(verdict(url) == "public", url);
}

// Client ID Metadata Document draft-01 §3: no fragment, no user, no dot segments, no empty path
BOOST_AUTO_TEST_CASE(refuses_urls_that_cannot_identify_a_client) {
    for (auto const* url : {"https://app.example",
                            "https://app.example?x",
                            "https://",
                            "https:///c",
                            "https://app.example/c#",
                            "https://app.example/c#x",
                            "https://u@app.example/c",
                            "https://u:p@app.example/c",
                            "https://app.example/./c",
                            "https://app.example/a/../c",
                            "https://app.example/..",
                            "https://app.example/a/.",
                            "https://app.example/%2e%2E/c",
                            "https://app.example/%2/c",
                            "https://app.example/a b",
                            "https://app.example\\c",
                            "https://app.example/c\\d",
                            "https://app.example:99999/c",
                            "https://app.example/\xc3\xa9",
                            "http://app.example/c",
                            "http://localhost/c"})
        BOOST_TEST(verdict(url) != "public", url);
    BOOST_TEST(verdict("https://app.example/" + std::string(3000, 'x')) != "public");
}

BOOST_AUTO_TEST_CASE(takes_plain_http_on_loopback_where_the_policy_says_so_and_exactly_that) {
    auto p = rules();
    p.loopback_metadata = true;
    for (auto const* url : {"http://localhost:3000/c", "http://127.0.0.1/c", "http://[::1]:9/c"})
        BOOST_TEST(verdict(url, p) == "loopback", url);
    // https on loopback is held to the guard like every https URL.
    BOOST_TEST(verdict("https://localhost/c", p) == "public");
    for (auto const* url :
         {"http://app.example/c", "http://127.0.0.2/c", "http://localhost.example/c",
          "http://a.localhost/c", "http://10.0.0.1/c", "http://0.0.0.0/c", "http://127.1/c"})
        BOOST_TEST(
            verdict(url, p) == "a client_id that is a URL must be https, or http on loopback", url);
}

BOOST_AUTO_TEST_CASE(takes_none_where_the_policy_says_so) {
    policy p;
    p.client_documents = false;
    BOOST_TEST(verdict(id, p).find("not supported") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(makes_a_public_client_of_a_document) {
    auto const c = client_from_document(id, document(), rules());
    BOOST_REQUIRE(c);
    BOOST_TEST(c->id == id);
    BOOST_TEST(c->is_public());
    BOOST_TEST(c->from_document);
    BOOST_TEST(c->auth_method == "none");
    BOOST_TEST(c->redirect_uris.size() == 2u);
    BOOST_TEST(c->may_use(grant_code));
    BOOST_TEST(!c->may_use(grant_refresh));
}

// Client ID Metadata Document draft-01 §4.1: client_id must be the URL by simple string comparison
BOOST_AUTO_TEST_CASE(insists_on_exactly_the_url_that_was_fetched) {
    for (auto const* other :
         {"https://app.example/oauth/client.json/", "https://APP.example/oauth/client.json",
          "https://app.example:443/oauth/client.json", "https://app.example/oauth/client.json?",
          "https://evil.example/oauth/client.json", ""})
        BOOST_TEST(
            refusal(with("client_id", other)).find("not exactly the URL") != std::string::npos,
            other);
    BOOST_TEST(refusal(with("client_id", nullptr)).find("not exactly") != std::string::npos);
    BOOST_TEST(refusal(with("client_id", 1)).find("not exactly") != std::string::npos);
}

// MCP 2025-11-25, Authorization, "Client ID Metadata Documents": required members
BOOST_AUTO_TEST_CASE(needs_a_name_and_redirects) {
    BOOST_TEST(refusal(with("client_name", nullptr)).ends_with("client_name is missing"));
    BOOST_TEST(refusal(with("client_name", "")).ends_with("client_name is missing"));
    for (json::value const& none :
         {json::value(nullptr), json::value(json::array()), json::value("https://app.example/cb")})
        BOOST_TEST(
            refusal(with("redirect_uris", none)).ends_with("redirect_uris is missing or empty"));
}

// Client ID Metadata Document draft-01 §4.1: no method that rests on a shared secret, no secret
BOOST_AUTO_TEST_CASE(refuses_shared_secrets) {
    for (auto const* method : {"client_secret_basic", "client_secret_post", "client_secret_jwt"})
        BOOST_TEST(refusal(with("token_endpoint_auth_method", method)).find("shared secret") !=
                       std::string::npos,
                   method);
    BOOST_TEST(refusal(with("client_secret", "x")).find("client_secret") != std::string::npos);
    BOOST_TEST(refusal(with("client_secret_expires_at", 0)).find("client_secret_expires_at") !=
               std::string::npos);
    BOOST_TEST(refusal(with("token_endpoint_auth_method", "none")) == "accepted");
}

// RFC 8414 §2, RFC 7591 §2: a list of what the client can do, where the one it names is not to be
// had
BOOST_AUTO_TEST_CASE(takes_a_method_of_the_list_where_the_named_one_cannot_be_had) {
    auto const method = [](json::value named, json::array list, bool keys = false) -> std::string {
        auto o = with("token_endpoint_auth_method", std::move(named));
        o["token_endpoint_auth_methods_supported"] = std::move(list);
        if (keys) o["jwks_uri"] = "https://app.example/jwks.json";
        auto const c = client_from_document(id, o, rules());
        return c ? c->auth_method : c.error().description();
    };
    BOOST_TEST(method("client_secret_basic", {"client_secret_basic", "none"}) == "none");
    BOOST_TEST(method("tls_client_auth", {"private_key_jwt", "none"}, true) == "private_key_jwt");
    BOOST_TEST(method("tls_client_auth", {"private_key_jwt", "none"}) == "none");
    BOOST_TEST(method(nullptr, {"private_key_jwt"}, true) == "private_key_jwt");
    // What can be had is taken, whatever else is listed.
    BOOST_TEST(method("none", {"private_key_jwt"}, true) == "none");
    BOOST_TEST(method("private_key_jwt", {"none"}, true) == "private_key_jwt");
    BOOST_TEST(method(nullptr, {"tls_client_auth"}) == "none");
    BOOST_TEST(method("client_secret_basic", {"client_secret_post", 1, "tls_client_auth"})
                   .find("shared secret") != std::string::npos);
    auto p = rules();
    p.auth_methods = {"private_key_jwt"};
    auto o = with("token_endpoint_auth_methods_supported", json::array{"none"});
    BOOST_TEST(refusal(o, p) != "accepted");
}

// RFC 7591 §2.3: a statement that is not understood is ignored; the document is the client's own
BOOST_AUTO_TEST_CASE(ignores_a_software_statement) {
    for (json::value const& statement : {json::value("a.b.c"), json::value("x"), json::value(1)})
        BOOST_TEST(refusal(with("software_statement", statement)) == "accepted");
}

BOOST_AUTO_TEST_CASE(holds_the_document_to_the_rules_of_registration) {
    for (auto const* uri : {"http://evil.example/cb", "javascript:x", "/cb"})
        BOOST_TEST(refusal(with("redirect_uris", json::array{uri})) != "accepted", uri);
    BOOST_TEST(refusal(with("grant_types", json::array{"implicit"})) != "accepted");
    BOOST_TEST(refusal(with("client_uri", "javascript:x")) != "accepted");
    BOOST_TEST(refusal(with("application_type", "web")) != "accepted");
    auto p = rules();
    p.redirect_hosts = {"claude.ai"};
    BOOST_TEST(refusal(document(), p) != "accepted");
    p.redirect_hosts = {"loopback"};  // one of the two
    auto const c = client_from_document(id, document(), p);
    BOOST_REQUIRE(c);
    BOOST_TEST(c->redirect_uris == std::vector<std::string>{"http://localhost:3000/callback"});
}

// MCP 2025-11-25, Authorization, "Localhost Redirect URI Risks": a warning for loopback alone
BOOST_AUTO_TEST_CASE(knows_who_can_be_impersonated_on_the_users_machine) {
    auto const warns = [](json::array uris) {
        auto const c = client_from_document(id, with("redirect_uris", std::move(uris)), rules());
        BOOST_REQUIRE(c);
        return c->can_be_impersonated();
    };
    BOOST_TEST(warns({"http://localhost:3000/callback", "http://127.0.0.1/cb"}));
    BOOST_TEST(!warns({"http://localhost:3000/callback", "https://app.example/cb"}));
    client registered;
    registered.redirect_uris = {"http://localhost/cb"};
    BOOST_TEST(!registered.can_be_impersonated());
}

BOOST_AUTO_TEST_CASE(says_from_where_keys_may_come) {
    auto p = rules();
    BOOST_TEST((reach_of("https://app.example/jwks", p) == http::allowed_addresses::only_public));
    BOOST_TEST(!reach_of("http://localhost/jwks", p));
    p.loopback_metadata = true;
    BOOST_TEST((reach_of("http://localhost/jwks", p) == http::allowed_addresses::only_loopback));
    for (auto const* url : {"http://app.example/", "file:///etc/passwd", "", "https://a b/"})
        BOOST_TEST(!reach_of(url, p), url);
}

BOOST_AUTO_TEST_SUITE_END()
