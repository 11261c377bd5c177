// private_key_jwt: clients that sign their requests (RFC 7521 §4.2, RFC 7523 §2.2, §3).
#include "base/crypto.hpp"
#include "oauth/grants/assertion_bench.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

std::string const assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

oauth::server_options configured() {
    oauth::server_options o;
    oauth::configured_client signer;
    signer.client_id = "signer";
    signer.redirect_uris = {callback};
    signer.grant_types = {"authorization_code", "client_credentials"};
    signer.token_endpoint_auth_method = "private_key_jwt";
    signer.jwks = key_set(their_key());
    oauth::configured_client sharer;
    sharer.client_id = "sharer";
    sharer.client_secret = "secret";
    sharer.redirect_uris = {callback};
    o.clients = {signer, sharer};
    return o;
}

struct signing : authorization_bench {
    explicit signing(oauth::server_options o = configured()) : authorization_bench(std::move(o)) {}

    int made = 0;
    unsigned_assertion assertion() { return {"signer", "signer", "id-" + std::to_string(++made)}; }
    static fields with_assertion(std::string const& token, fields f) {
        f.emplace_back("client_assertion_type", assertion_type);
        f.emplace_back("client_assertion", token);
        return f;
    }
    answer ask(std::string const& assertion, fields more = {}, fields headers = {}) {
        more.emplace_back("grant_type", "client_credentials");
        return token(with_assertion(assertion, more), std::move(headers));
    }
    template <class Change>
    std::string refused(Change change) {
        auto a = assertion();
        change(a);
        return refusal(ask(a.text()));
    }
};

struct few_assertions : signing {
    few_assertions() : signing(bounded()) {}

    static oauth::server_options bounded() {
        auto o = configured();
        o.limits.tokens = {4, 100, 100};  // three, and room for the token that is asked for
        return o;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(client_assertion, signing)

// RFC 7523 §3, item 7: each jti is remembered until its assertion is over. Who may register must
// not fill the memory with them, although no token comes of it.
BOOST_FIXTURE_TEST_CASE(leaves_no_more_notes_than_its_client_may, few_assertions) {
    fields const refused{{"scope", "nothing:known"}};
    auto const replayed = assertion().text();
    BOOST_TEST(refusal(ask(replayed, refused)) == "400 invalid_scope");
    BOOST_TEST(refusal(ask(replayed, refused)) == "401 invalid_client");  // leaves no second one
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(refusal(ask(assertion().text(), refused)) == "400 invalid_scope");
    auto const full = ask(assertion().text(), refused);
    BOOST_TEST(refusal(full) == "503 temporarily_unavailable");
    BOOST_TEST(full.header("Retry-After") != "");
}

// RFC 7523 §2.2: client_assertion_type and client_assertion; client_id is unnecessary.
BOOST_AUTO_TEST_CASE(proves_a_client_by_its_signature) {
    auto const a = ask(assertion().text());
    BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
    BOOST_TEST(text(introspect(text(a.json(), "access_token")), "client_id") == "signer");
    BOOST_TEST(ask(assertion().text(), {{"client_id", "signer"}}).status == 200);
    BOOST_TEST(refusal(ask(assertion().text(), {{"client_id", "sharer"}})) == "401 invalid_client");
}

// RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request."
BOOST_AUTO_TEST_CASE(stands_alone) {
    BOOST_TEST(refusal(ask(assertion().text(), {{"client_secret", "s"}})) == "400 invalid_request");
    BOOST_TEST(refusal(ask(assertion().text(), {}, basic(tollgate::to_base64("signer:s")))) ==
               "400 invalid_request");
}

// RFC 7521 §4.2: the type is one the server knows, and both parameters are there.
BOOST_AUTO_TEST_CASE(wants_type_and_assertion) {
    fields const grant{{"grant_type", "client_credentials"}, {"client_id", "signer"}};
    BOOST_TEST(refusal(token(with(grant, "client_assertion", assertion().text()))) ==
               "401 invalid_client");
    BOOST_TEST(refusal(token(with(grant, "client_assertion_type", assertion_type))) ==
               "401 invalid_client");
    auto f = with_assertion(assertion().text(), grant);
    BOOST_TEST(refusal(token(with(f, "client_assertion_type",
                                  "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"))) ==
               "401 invalid_client");
    BOOST_TEST(refusal(ask("not-a-jwt")) == "401 invalid_client");
}

// RFC 7523 §3: iss and sub are the client_id; aud, exp, nbf, iat, jti and the signature hold.
// RFC 7523 §3.2: an assertion that is not valid is answered with invalid_client.
BOOST_AUTO_TEST_CASE(refuses_assertions_that_are_wrong) {
    for (auto const* name : {"iss", "sub", "aud", "exp", "jti"})
        BOOST_TEST(refused([&](auto& a) { a.claims.erase(name); }) == "401 invalid_client", name);
    auto const with_claim = [&](char const* name, json::value value) {
        return refused([&](auto& a) { a.claims[name] = value; });
    };
    BOOST_TEST(with_claim("sub", "sharer") == "401 invalid_client");
    BOOST_TEST(with_claim("aud", "https://as.example/token") == "401 invalid_client");
    BOOST_TEST(with_claim("exp", 1'799'999'000) == "401 invalid_client");
    BOOST_TEST(with_claim("exp", 1'800'090'000) == "401 invalid_client");
    BOOST_TEST(with_claim("nbf", 1'800'000'100) == "401 invalid_client");
    BOOST_TEST(with_claim("iat", 1'800'000'100) == "401 invalid_client");
    auto const stranger = oauth::signing_key::generate(oauth::jws_algorithm::es256);
    BOOST_TEST(refusal(ask(assertion().signed_with(stranger))) == "401 invalid_client");
    // RFC 8725 §3.11: another kind of token.
    BOOST_TEST(refused([](auto& a) { a.typ = "at+jwt"; }) == "401 invalid_client");
    BOOST_TEST(refused([](auto& a) { a.typ = "oauth-id-jag+jwt"; }) == "401 invalid_client");
    auto typed = assertion();
    typed.typ = "client-authentication+jwt";
    BOOST_TEST(ask(typed.text()).status == 200);
}

// RFC 7523 §3: "The token endpoint URL of the authorization server MAY be used" as audience.
BOOST_AUTO_TEST_CASE(is_addressed_to_us_under_each_of_our_names) {
    for (auto const* aud : {"http://localhost:9100", "http://127.0.0.1:9100/token",
                            "http://localhost:9101", "http://localhost:9101/token"}) {
        auto a = assertion();
        a.claims["aud"] = aud;
        BOOST_TEST(ask(a.text()).status == 200, aud);
    }
}

// RFC 7523 §3: the jti is not used twice while the JWT would be valid.
BOOST_AUTO_TEST_CASE(is_good_for_one_request) {
    auto const token = assertion().text();
    BOOST_TEST(ask(token).status == 200);
    BOOST_TEST(refusal(ask(token)) == "401 invalid_client");
}

// RFC 7591 §2: a client authenticates by the method that it registered.
// RFC 6749 §2.3.2: each client has the method that it registered
BOOST_AUTO_TEST_CASE(is_the_only_method_of_a_client_that_has_it) {
    BOOST_TEST(refusal(token({{"grant_type", "client_credentials"}, {"client_id", "signer"}})) ==
               "401 invalid_client");
    BOOST_TEST(refusal(token({{"grant_type", "client_credentials"}},
                             basic(tollgate::to_base64("signer:")))) == "401 invalid_client");
    unsigned_assertion const other("sharer", "sharer", "x");
    BOOST_TEST(refusal(ask(other.text())) == "401 invalid_client");
    unsigned_assertion const nobody("nobody", "nobody", "x");
    BOOST_TEST(refusal(ask(nobody.text())) == "401 invalid_client");
}

// RFC 7662 §2.1, RFC 7009 §2.1: the same authentication at the other endpoints.
BOOST_AUTO_TEST_CASE(opens_introspection_and_revocation) {
    auto const secret = text(ask(assertion().text()).json(), "access_token");
    auto const told =
        web.post_form("/introspect", with_assertion(assertion().text(), {{"token", secret}}));
    BOOST_REQUIRE_MESSAGE(told.status == 200, told.body);
    BOOST_TEST(told.json().at("active").as_bool());
    BOOST_TEST(
        web.post_form("/revoke", with_assertion(assertion().text(), {{"token", secret}})).status ==
        200);
    BOOST_TEST(!is_active(secret));
}

// RFC 8414 §2: the signing algorithms are listed beside private_key_jwt.
BOOST_AUTO_TEST_CASE(is_in_the_metadata_with_its_algorithms) {
    auto const d = web.get("/.well-known/oauth-authorization-server").json();
    BOOST_TEST(
        json::serialize(d.at("token_endpoint_auth_methods_supported")).find("private_key_jwt") !=
        std::string::npos);
    BOOST_TEST(json::serialize(d.at("token_endpoint_auth_signing_alg_values_supported")) ==
               R"(["RS256","PS256","ES256","EdDSA","Ed25519"])");
}

// RFC 7523 §3: who got a former name of ours (of a tunnel) may have been sent an assertion, too.
BOOST_AUTO_TEST_CASE(takes_no_former_name_for_an_audience) {
    auto const with_audience = [&](std::string const& audience) {
        auto a = assertion();
        a.claims["aud"] = audience;
        return ask(a.text());
    };
    http::other_names before;
    before.issuers = {"https://old-as.example"};
    before.mcp_bases = {"https://old-mcp.example"};
    web.where.before = std::make_shared<http::other_names>(before);
    for (std::string const former : {"https://old-as.example", "https://old-as.example/",
                                     "https://old-as.example/token", "https://old-mcp.example"})
        BOOST_TEST(refusal(with_audience(former)) == "401 invalid_client", former);
    for (std::string const now :
         {"http://localhost:9100", "http://localhost:9101", "http://localhost:9100/token"})
        BOOST_TEST(with_audience(now).status == 200, now);
    // Tokens of our own still say what we were called.
    BOOST_TEST(web.where.is_own_issuer("https://old-as.example"));
}

BOOST_AUTO_TEST_SUITE_END()
