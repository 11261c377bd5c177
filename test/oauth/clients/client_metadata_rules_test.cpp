// What registration asks of application types, keys and software statements.
#include <boost/json/parse.hpp>

#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

answer send(authorization_bench& b, json::object o) {
    if (!o.contains("redirect_uris")) o["redirect_uris"] = json::array{callback};
    if (!o.contains("token_endpoint_auth_method")) o["token_endpoint_auth_method"] = "none";
    return b.web.post_json("/register", json::serialize(o));
}

json::object one(std::string_view name, json::value value) {
    json::object o;
    o[name] = std::move(value);
    return o;
}

json::object typed(std::string_view type, json::array redirects) {
    auto o = one("application_type", json::string(type));
    o["redirect_uris"] = std::move(redirects);
    return o;
}

std::string sentence(answer const& a) {
    return text(a.json(), "error") + ": " + text(a.json(), "error_description");
}

// RFC 7517 Appendix A.1.
json::object public_keys() {
    return json::parse(
               R"({"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"1","e":"AQAB","n":")"
               "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6"
               "tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v"
               "-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08q"
               "NLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8aw"
               R"(apJzKnqDKgw"}]})")
        .as_object();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registration_rules)

// OpenID Connect Registration §2: web redirects are https and never localhost
BOOST_AUTO_TEST_CASE(a_web_client_redirects_to_https_and_not_to_this_machine) {
    authorization_bench b;
    for (auto const* uri : {"http://localhost/cb", "http://127.0.0.1:1/cb", "https://localhost/cb",
                            "https://127.0.0.1/cb", "https://[::1]/cb", "cursor://a/b"}) {
        auto const a = send(b, typed("web", {"https://a.example/cb", uri}));
        BOOST_TEST(refusal(a) == "400 invalid_redirect_uri", uri);
        BOOST_TEST(sentence(a).find("native") != std::string::npos);
    }
    BOOST_TEST(send(b, typed("web", {"https://a.example/cb"})).status == 201u);
}

// OpenID Connect Registration §2, RFC 8252 §7.1: private-use schemes
// RFC 8252 §7.2: claimed https URIs
// RFC 8252 §7.3: http on loopback
// RFC 7591 §5: a redirect is of a site with TLS, of this machine, or of an application.
BOOST_AUTO_TEST_CASE(a_native_client_redirects_to_loopback_its_own_scheme_or_a_claimed_url) {
    authorization_bench b;
    for (auto const* uri : {"http://localhost/cb", "http://127.0.0.1/cb", "http://[::1]:7/cb",
                            "com.example.app:/cb", "cursor://a/b", "https://a.example/cb"})
        BOOST_TEST(send(b, typed("native", {uri})).status == 201u, uri);
    BOOST_TEST(refusal(send(b, typed("native", {"http://a.example/cb"}))) ==
               "400 invalid_redirect_uri");
}

BOOST_AUTO_TEST_CASE(a_client_that_does_not_say_what_it_is_is_what_its_redirects_show) {
    authorization_bench b;
    auto const type_of = [&](json::array redirects) {
        auto const a = send(b, one("redirect_uris", std::move(redirects)));
        BOOST_REQUIRE_MESSAGE(a.status == 201u, a.body);
        return text(a.json(), "application_type");
    };
    BOOST_TEST(type_of({"https://a.example/cb"}) == "web");
    BOOST_TEST(type_of({"HTTPS://a.example/cb"}) == "web");
    BOOST_TEST(type_of({"http://localhost/cb"}) == "native");
    BOOST_TEST(type_of({"https://vscode.dev/redirect", "http://127.0.0.1/"}) == "native");
    BOOST_TEST(type_of({"cursor://a/b"}) == "native");
}

// RFC 8252 §7.3: any port at the time of the request
BOOST_AUTO_TEST_CASE(a_loopback_redirect_is_registered_once_for_every_port) {
    authorization_bench b;
    auto const a = send(b, one("redirect_uris", json::array{"http://127.0.0.1/cb"}));
    auto const request = b.authorize_request(text(a.json(), "client_id"));
    BOOST_TEST(b.authorize(with(request, "redirect_uri", "http://127.0.0.1:51004/cb")).status ==
               302u);
    BOOST_TEST(b.authorize(with(request, "redirect_uri", "http://127.0.0.1:51004/other")).status ==
               400u);
}

// RFC 6749 §4.4: client credentials are for confidential clients alone
BOOST_AUTO_TEST_CASE(a_public_client_does_not_register_for_client_credentials) {
    authorization_bench b;
    b.policy([](auto& p) { p.registration_grant_types = {"client_credentials"}; });
    auto m = one("grant_types", json::array{"client_credentials"});
    BOOST_TEST(refusal(send(b, m)) == "400 invalid_client_metadata");
    m["token_endpoint_auth_method"] = "client_secret_basic";
    m["redirect_uris"] = json::array{};
    auto const a = send(b, m);
    BOOST_REQUIRE_MESSAGE(a.status == 201u, a.body);
    BOOST_TEST(json::serialize(a.json().at("response_types")) == "[]");
    BOOST_TEST(text(a.json(), "application_type") == "(none)");
}

// RFC 7591 §3.2.2: invalid_software_statement and unapproved_software_statement
// RFC 7591 §2.3: a statement that cannot be verified says nothing; it would have come first.
BOOST_AUTO_TEST_CASE(software_statements_are_refused_by_their_own_codes) {
    authorization_bench b;
    BOOST_TEST(refusal(send(b, one("software_statement", "e30.e30.c2ln"))) ==
               "400 unapproved_software_statement");
    for (json::value const& wrong :
         {json::value("x"), json::value(""), json::value(7), json::value(json::object())})
        BOOST_TEST(refusal(send(b, one("software_statement", wrong))) ==
                   "400 invalid_software_statement");
}

// RFC 7591 §2: jwks is a JWK Set (RFC 7517 §5); keys of clients are public
BOOST_AUTO_TEST_CASE(a_key_set_holds_public_keys_that_can_be_used) {
    authorization_bench b;
    auto const a = send(b, one("jwks", public_keys()));
    BOOST_REQUIRE_MESSAGE(a.status == 201u, a.body);
    BOOST_TEST((a.json().at("jwks") == public_keys()));
    std::pair<char const*, char const*> const wrong[] = {
        {"{}", "jwks must have the array keys (RFC 7517 section 5)"},
        {R"({"keys":{}})", "jwks must have the array keys (RFC 7517 section 5)"},
        {R"({"keys":[]})", "jwks holds no key"},
        {R"({"keys":["x"]})", "jwks must hold JWKs"},
        {R"({"keys":[{"kid":"1"}]})", "jwks holds a key without kty (RFC 7517 section 4.1)"},
        {R"({"keys":[{"kty":"oct","k":"AAAA"}]})", "jwks must not hold symmetric keys"},
        {R"({"keys":[{"kty":"RSA","d":"AAAA"}]})", "jwks must not hold private keys"},
        {R"({"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}]})",
         "jwks holds no key that can verify a signature here"},
    };
    for (auto const& [set, said] : wrong)
        BOOST_TEST(sentence(send(b, one("jwks", json::parse(set)))) ==
                   std::string("invalid_client_metadata: ") + said);
}

// RFC 7591 §2: jwks_uri; Client ID Metadata Document draft-01 §6.5: never inside
BOOST_AUTO_TEST_CASE(a_key_set_elsewhere_is_https) {
    authorization_bench b;
    for (auto const* uri :
         {"http://a.example/jwks", "http://localhost/jwks", "https://u@a.example/"})
        BOOST_TEST(refusal(send(b, one("jwks_uri", uri))) == "400 invalid_client_metadata", uri);
    BOOST_TEST(send(b, one("jwks_uri", "https://a.example/jwks")).status == 201u);
    b.policy([](auto& p) { p.loopback_metadata = true; });
    BOOST_TEST(send(b, one("jwks_uri", "http://localhost/jwks")).status == 201u);
}

// OpenID Connect Registration §2: what else a client may say of itself has its type.
// RFC 9449 §5.2: dpop_bound_access_tokens is true or false.
BOOST_AUTO_TEST_CASE(further_members_are_kept_and_must_be_of_their_type) {
    authorization_bench b;
    json::object m;
    m["id_token_signed_response_alg"] = "RS256";
    m["default_max_age"] = 3600;
    m["require_auth_time"] = true;
    m["dpop_bound_access_tokens"] = true;
    auto const a = send(b, m);
    BOOST_REQUIRE_MESSAGE(a.status == 201u, a.body);
    for (auto const& [name, value] : m)
        BOOST_TEST((a.json().at(name) == value), name);
    std::pair<char const*, json::value> const wrong[] = {{"id_token_signed_response_alg", "none"},
                                                         {"id_token_signed_response_alg", 1},
                                                         {"default_max_age", -1},
                                                         {"default_max_age", "60"},
                                                         {"default_max_age", 1.5},
                                                         {"require_auth_time", "true"},
                                                         {"dpop_bound_access_tokens", 1}};
    for (auto const& [name, value] : wrong)
        BOOST_TEST(sentence(send(b, one(name, value)))
                       .starts_with(std::string("invalid_client_metadata: ") + name));
}

BOOST_AUTO_TEST_SUITE_END()
