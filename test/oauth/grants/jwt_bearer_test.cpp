// Assertions as authorization grants (RFC 7521 §4.1, RFC 7523 §2.1, §3).
#include "base/crypto.hpp"
#include "oauth/grants/assertion_bench.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

std::string const jwt_bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
std::string const idp = "https://idp.example";
std::string const id_jag = "oauth-id-jag+jwt";

oauth::server_options configured() {
    oauth::server_options o;
    oauth::configured_client agent;
    agent.client_id = "agent";
    agent.client_secret = "secret";
    agent.grant_types = {jwt_bearer};
    auto open = agent;
    open.client_id = "open";
    open.client_secret = "";
    auto other = agent;
    other.client_id = "other";
    other.grant_types = {"client_credentials"};
    o.clients = {agent, open, other};
    oauth::trusted_issuer from;
    from.issuer = idp;
    from.jwks = key_set(their_key());
    o.configured.trusted_issuers = {from};
    return o;
}

struct asserting : authorization_bench {
    asserting() : authorization_bench(configured()) {}

    int made = 0;
    unsigned_assertion workload(std::string const& subject = "build-7") {
        return {idp, subject, "id-" + std::to_string(++made)};
    }
    unsigned_assertion identity() {
        auto a = workload("alice");
        a.typ = id_jag;
        a.claims["client_id"] = "agent";
        a.claims["resource"] = mcp_url;
        return a;
    }
    answer present(std::string const& assertion, fields more = {{"client_id", "open"}}) {
        more.emplace_back("grant_type", jwt_bearer);
        more.emplace_back("assertion", assertion);
        return token(more);
    }
    answer by_agent(std::string const& assertion, fields more = {}) {
        more.emplace_back("client_id", "agent");
        more.emplace_back("client_secret", "secret");
        return present(assertion, more);
    }
    template <class Change>
    std::string refused(Change change) {
        auto a = workload();
        change(a);
        return refusal(present(a.text()));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(assertion_grant, asserting)

// RFC 7523 §2.1, RFC 7521 §4.1: an access token as in RFC 6749 §5.1; refresh tokens not normally.
BOOST_AUTO_TEST_CASE(gives_a_workload_a_token_in_its_own_name) {
    auto const a = present(workload().text());
    BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
    auto const tokens = a.json();
    BOOST_TEST(text(tokens, "refresh_token") == "(none)");
    BOOST_TEST(text(tokens, "scope") == "mcp:tools");
    auto const told = introspect(text(tokens, "access_token"));
    BOOST_TEST(text(told, "sub") == "build-7");
    BOOST_TEST(text(told, "client_id") == "open");
    BOOST_TEST(text(told, "aud") == mcp_url);
}

// RFC 7521 §4.1: client_id is optional, and so is the authentication of the client.
// RFC 9700 §4.15.1: who brings an assertion cannot pass for a client that is known
BOOST_AUTO_TEST_CASE(takes_an_assertion_without_any_client) {
    auto const a = present(workload().text(), {});
    BOOST_REQUIRE_MESSAGE(a.status == 200, a.body);
    auto const told = introspect(text(a.json(), "access_token"));
    BOOST_TEST(text(told, "client_id") == "build-7");
    // It cannot pass for a client that is known here.
    BOOST_TEST(refusal(present(workload("agent").text(), {})) == "400 invalid_grant");
}

// RFC 7521 §4.1: client credentials that are there must be valid.
BOOST_AUTO_TEST_CASE(looks_at_credentials_that_are_sent) {
    BOOST_TEST(by_agent(workload().text()).status == 200);
    BOOST_TEST(refusal(present(workload().text(), {{"client_id", "agent"}})) ==
               "401 invalid_client");
    BOOST_TEST(refusal(present(workload().text(), {{"client_id", "nobody"}})) ==
               "401 invalid_client");
    fields const other{{"client_id", "other"}, {"client_secret", "secret"}};
    BOOST_TEST(refusal(present(workload().text(), other)) == "400 unauthorized_client");
}

// RFC 7523 §3: iss, sub, aud and exp are required; exp, nbf and iat are held to.
// RFC 7523 §3.1: an assertion that is not valid is answered with invalid_grant.
BOOST_AUTO_TEST_CASE(refuses_claims_that_are_missing_or_wrong) {
    for (auto const* name : {"iss", "sub", "aud", "exp", "jti"})
        BOOST_TEST(refused([&](auto& a) { a.claims.erase(name); }) == "400 invalid_grant", name);
    auto const with_claim = [&](char const* name, json::value value) {
        return refused([&](auto& a) { a.claims[name] = value; });
    };
    BOOST_TEST(with_claim("iss", "https://stranger.example") == "400 invalid_grant");
    BOOST_TEST(with_claim("sub", "") == "400 invalid_grant");
    BOOST_TEST(with_claim("aud", "https://as.example") == "400 invalid_grant");
    BOOST_TEST(with_claim("aud", json::array()) == "400 invalid_grant");
    BOOST_TEST(with_claim("aud", 1) == "400 invalid_grant");
    BOOST_TEST(with_claim("exp", 1'799'999'900) == "400 invalid_grant");
    BOOST_TEST(with_claim("exp", "soon") == "400 invalid_grant");
    BOOST_TEST(with_claim("nbf", 1'800'000'100) == "400 invalid_grant");
    BOOST_TEST(with_claim("iat", 1'800'000'100) == "400 invalid_grant");
    // RFC 7523 §3: "MAY reject JWTs with an exp claim value that is unreasonably far in the
    // future".
    BOOST_TEST(with_claim("exp", 1'800'010'000) == "400 invalid_grant");
    BOOST_TEST(with_claim("jti", json::string(600, 'x')) == "400 invalid_grant");
}

// RFC 7523 §3: aud identifies the authorization server; the token endpoint URL may be used.
// RFC 7523 §3: a JWT is rejected that is not for this server.
BOOST_AUTO_TEST_CASE(is_addressed_by_issuer_or_token_endpoint_under_each_of_its_names) {
    for (auto const* aud :
         {"http://localhost:9100", "http://localhost:9100/", "http://127.0.0.1:9100",
          "http://localhost:9100/token", "http://[::1]:9100/token", "http://localhost:9101",
          "http://localhost:9101/token", "http://localhost:9100/oauth/token"}) {
        auto a = workload();
        a.claims["aud"] = aud;
        BOOST_TEST(present(a.text()).status == 200, aud);
    }
    auto several = workload();
    several.claims["aud"] = json::array{"https://other.example", "http://localhost:9100"};
    BOOST_TEST(present(several.text()).status == 200);
}

// RFC 7523 §3: "The JWT MUST be digitally signed"; RFC 8725 §3.1: by an algorithm of the verifier.
BOOST_AUTO_TEST_CASE(believes_only_signatures_of_the_issuers_keys) {
    auto const stranger = oauth::signing_key::generate(oauth::jws_algorithm::es256);
    BOOST_TEST(refusal(present(workload().signed_with(stranger))) == "400 invalid_grant");
    auto const token = workload().text();
    auto const flipped = token.substr(0, token.size() - 8) + "AAAAAAAA";
    BOOST_TEST(refusal(present(flipped)) == "400 invalid_grant");
    BOOST_TEST(refusal(present("a.b.c")) == "400 invalid_grant");
    BOOST_TEST(refusal(present("opaque")) == "400 invalid_grant");
    json::object none;
    none["alg"] = "none";
    auto const unsigned_one = tollgate::base64url(json::serialize(none)) + '.' +
                              tollgate::base64url(json::serialize(workload().claims)) + '.';
    BOOST_TEST(refusal(present(unsigned_one)) == "400 invalid_grant");
    auto const shared = oauth::signing_key::from_secret(std::string(40, 'k'));
    BOOST_TEST(refusal(present(workload().signed_with(*shared))) == "400 invalid_grant");
    BOOST_TEST(refused([](auto& a) { a.key_id = "unheard-of"; }) == "400 invalid_grant");
    // RFC 8725 §3.11: a token of another kind is no assertion.
    for (auto const* typ : {"at+jwt", "dpop+jwt", "logout+jwt"})
        BOOST_TEST(refused([&](auto& a) { a.typ = typ; }) == "400 invalid_grant", typ);
    auto plain = workload();
    plain.typ = "";
    BOOST_TEST(present(plain.text()).status == 200);
}

// RFC 7523 §3: the server may ensure that JWTs are not replayed, by their jti.
BOOST_AUTO_TEST_CASE(takes_each_assertion_once) {
    auto const token = workload().text();
    BOOST_TEST(present(token).status == 200);
    BOOST_TEST(refusal(present(token)) == "400 invalid_grant");
}

// RFC 7523 §2.1: assertion holds a single JWT.
BOOST_AUTO_TEST_CASE(wants_the_assertion_once) {
    BOOST_TEST(refusal(token({{"grant_type", jwt_bearer}})) == "400 invalid_request");
    fields const twice{{"assertion", "a"}, {"assertion", "b"}, {"grant_type", jwt_bearer}};
    BOOST_TEST(refusal(token(twice)) == "400 invalid_request");
}

// RFC 6749 §5.2: unsupported_grant_type where nobody's assertions are trusted.
BOOST_AUTO_TEST_CASE(is_there_only_with_trusted_issuers) {
    auto const path = "/.well-known/oauth-authorization-server";
    BOOST_TEST(web.get(path).body.find(jwt_bearer) != std::string::npos);
    policy([](auto& p) { p.trusted_issuers.clear(); });
    BOOST_TEST(refusal(present(workload().text())) == "400 unsupported_grant_type");
    BOOST_TEST(web.get(path).body.find(jwt_bearer) == std::string::npos);
}

// RFC 6749 §3.3: a default scope, or invalid_scope
// RFC 8707 §2: invalid_target for a resource that is not served
BOOST_AUTO_TEST_CASE(keeps_to_the_scopes_and_resources_that_may_be_had) {
    BOOST_TEST(text(present(workload().text(), {{"scope", "mcp:admin"}}).json(), "scope") ==
               "mcp:admin");
    policy([](auto& p) { p.trusted_issuers.front().scopes = {"mcp:tools"}; });
    BOOST_TEST(refusal(present(workload().text(), {{"scope", "mcp:admin"}})) ==
               "400 invalid_scope");
    BOOST_TEST(refusal(present(workload().text(), {{"resource", "https://a.example"}})) ==
               "400 invalid_target");
}

// MCP enterprise-managed authorization: the ID-JAG names user, client and resource.
BOOST_AUTO_TEST_CASE(gives_a_client_the_token_that_an_identity_assertion_is_for) {
    auto a = identity();
    a.claims["scope"] = "mcp:tools mcp:admin";
    auto const got = by_agent(a.text());
    BOOST_REQUIRE_MESSAGE(got.status == 200, got.body);
    BOOST_TEST(text(got.json(), "scope") == "mcp:tools mcp:admin");
    auto const told = introspect(text(got.json(), "access_token"));
    BOOST_TEST(text(told, "sub") == "alice");
    BOOST_TEST(text(told, "client_id") == "agent");
    BOOST_TEST(text(told, "aud") == mcp_url);
    BOOST_TEST(text(got.json(), "refresh_token") == "(none)");
}

// MCP enterprise-managed authorization: client_id, aud, resource and scope of the ID-JAG bind.
BOOST_AUTO_TEST_CASE(holds_an_identity_assertion_to_all_that_it_says) {
    auto const refused_with = [&](char const* name, json::value value) {
        auto a = identity();
        if (value.is_null())
            a.claims.erase(name);
        else
            a.claims[name] = std::move(value);
        return refusal(by_agent(a.text()));
    };
    BOOST_TEST(refused_with("client_id", "other") == "400 invalid_grant");
    BOOST_TEST(refused_with("client_id", nullptr) == "400 invalid_grant");
    BOOST_TEST(refused_with("jti", nullptr) == "400 invalid_grant");
    // Its audience is the issuer identifier, alone.
    BOOST_TEST(refused_with("aud", "http://localhost:9100/token") == "400 invalid_grant");
    BOOST_TEST(refused_with("aud", json::array{"http://localhost:9100", "https://b.example"}) ==
               "400 invalid_grant");
    BOOST_TEST(refused_with("resource", "https://elsewhere.example") == "400 invalid_grant");
    BOOST_TEST(refused_with("resource", 1) == "400 invalid_grant");
    BOOST_TEST(refused_with("scope", "a  b") == "400 invalid_grant");
    auto narrow = identity();
    narrow.claims["scope"] = "mcp:tools";
    BOOST_TEST(refusal(by_agent(narrow.text(), {{"scope", "mcp:admin"}})) == "400 invalid_scope");
    auto foreign = identity();
    BOOST_TEST(refusal(by_agent(foreign.text(), {{"resource", "https://a.example"}})) ==
               "400 invalid_target");
}

BOOST_AUTO_TEST_CASE(takes_identity_assertions_only_of_clients_that_authenticate) {
    BOOST_TEST(refusal(present(identity().text())) == "400 unauthorized_client");
    BOOST_TEST(refusal(present(identity().text(), {})) == "400 unauthorized_client");
}

BOOST_AUTO_TEST_CASE(takes_of_an_issuer_what_it_is_trusted_for) {
    policy([](auto& p) { p.trusted_issuers.front().id_jag = false; });
    BOOST_TEST(refusal(by_agent(identity().text())) == "400 invalid_grant");
    BOOST_TEST(by_agent(workload().text()).status == 200);
    policy([](auto& p) {
        p.trusted_issuers.front().id_jag = true;
        p.trusted_issuers.front().workloads = false;
    });
    BOOST_TEST(by_agent(identity().text()).status == 200);
    BOOST_TEST(refusal(by_agent(workload().text())) == "400 invalid_grant");
}

BOOST_AUTO_TEST_SUITE_END()
