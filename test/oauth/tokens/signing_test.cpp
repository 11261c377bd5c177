// What the JWTs that we issue are signed with and say: RFC 9068, OpenID Connect Core, rotation.
#include "base/crypto.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/jose/jws.hpp"
#include "oauth/server/authorization_bench.hpp"

using namespace test;

namespace {

using oauth::jws_algorithm;

oauth::server_options with_secret() {
    oauth::server_options o;
    o.hs256_secret = std::string(32, 's');
    return o;
}

struct signed_tokens : authorization_bench {
    std::string id = public_client();

    signed_tokens() : authorization_bench(with_secret()) {
        policy([](auto& p) { p.format = oauth::token_format::jwt; });
    }
    void sign_with(jws_algorithm a) {
        policy([a](auto& p) { p.signing_alg = a; });
    }
    oauth::jws_parts parts(std::string const& jwt) {
        auto p = oauth::split_jws(jwt);
        BOOST_REQUIRE(bool(p));
        return std::move(*p);
    }
    json::array key_set() { return web.get("/.well-known/jwks.json").json().at("keys").as_array(); }
    std::vector<oauth::verification_key> published() {
        return *oauth::parse_jwks(web.get("/.well-known/jwks.json").body);
    }
    bool verifies(std::string const& jwt, std::vector<oauth::verification_key> const& keys) {
        oauth::jwt_expectations e;
        e.algorithms = {oauth::asymmetric_algorithms.begin(), oauth::asymmetric_algorithms.end()};
        e.algorithms.push_back(jws_algorithm::hs256);
        e.issuer = [](std::string_view) { return true; };
        e.now = web.clock.now();
        return oauth::verify_jwt(jwt, keys, e).has_value();
    }
    std::string rotate() {
        auto const kid = run(server.rotate_keys(*web.realm));
        BOOST_REQUIRE(bool(kid));
        return *kid;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(signing, signed_tokens)

// RFC 9068 §2.1: typ at+jwt and never alg none.
// RFC 9068 §2.1: access tokens are signed, and RS256 is among the algorithms.
BOOST_AUTO_TEST_CASE(signs_access_tokens_with_the_algorithm_of_the_realm) {
    for (auto const a : oauth::asymmetric_algorithms) {
        sign_with(a);
        auto const access = text(login(id), "access_token");
        auto const p = parts(access);
        BOOST_TEST(text(p.header, "alg") == oauth::to_text(a));
        BOOST_TEST(text(p.header, "typ") == "at+jwt");
        BOOST_TEST(verifies(access, published()), oauth::to_text(a));
    }
}

// RFC 7518 §6.4: the secret of HS256 is in no key set.
BOOST_AUTO_TEST_CASE(signs_with_the_configured_secret_and_does_not_publish_it) {
    sign_with(jws_algorithm::hs256);
    auto const access = text(login(id), "access_token");
    BOOST_TEST(text(parts(access).header, "alg") == "HS256");
    BOOST_TEST(!verifies(access, published()));
    for (auto const& jwk : key_set())
        BOOST_TEST(text(jwk, "kty") != "oct");
    auto const verifier_key = server.hs256_verifier(*web.realm);
    BOOST_REQUIRE(verifier_key.has_value());
    BOOST_TEST(verifies(access, {*verifier_key}));
    BOOST_TEST(is_active(access));
    sign_with(jws_algorithm::rs256);
    BOOST_TEST(!server.hs256_verifier(*web.realm).has_value());
}

// OpenID Connect Core §15.1: id_tokens can always be signed with RS256.
BOOST_AUTO_TEST_CASE(signs_id_tokens_with_rs256_unless_the_client_registered_otherwise) {
    sign_with(jws_algorithm::es256);
    auto const jwt = text(login(id, "openid"), "id_token");
    BOOST_TEST(text(parts(jwt).header, "alg") == "RS256");
    BOOST_TEST(verifies(jwt, published()));
    json::object m;
    m["id_token_signed_response_alg"] = "ES256";
    auto const other = text(register_client(m), "client_id");
    auto const its = text(login(other, "openid"), "id_token");
    BOOST_TEST(text(parts(its).header, "alg") == "ES256");
    BOOST_TEST(verifies(its, published()));
    json::object all = m;
    all["id_token_signed_response_alg"] = "PS256";
    all["redirect_uris"] = json::array{callback};
    BOOST_TEST(refusal(web.post_json("/register", json::serialize(all))) ==
               "400 invalid_client_metadata");
    auto const d = web.get("/.well-known/openid-configuration").json();
    BOOST_TEST(json::serialize(d.at("id_token_signing_alg_values_supported")) ==
               R"(["RS256","ES256"])");
}

// OpenID Connect Core §3.1.3.6: at_hash is the left half of the hash of the access token.
BOOST_AUTO_TEST_CASE(names_the_hash_of_the_access_token) {
    for (auto const format : {oauth::token_format::jwt, oauth::token_format::opaque}) {
        policy([format](auto& p) { p.format = format; });
        auto const tokens = login(id, "openid");
        auto const claims = parts(text(tokens, "id_token")).claims;
        auto const hash = tollgate::sha256(text(tokens, "access_token"));
        BOOST_TEST(text(claims, "at_hash") == tollgate::base64url(hash.substr(0, 16)));
    }
}

// OpenID Connect Core §3.1.3.8: the hash is that of the algorithm in the header.
BOOST_AUTO_TEST_CASE(takes_the_hash_that_belongs_to_the_algorithm) {
    BOOST_TEST(oauth::half_hash("x", jws_algorithm::eddsa).size() == 43u);  // 32 of 64 bytes
    BOOST_TEST(oauth::half_hash("x", jws_algorithm::es256).size() == 22u);  // 16 of 32
    // The example of Appendix A.3.
    BOOST_TEST(oauth::half_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
                                jws_algorithm::rs256) == "77QmUPtjPfzWtF2AnpK9RQ");
}

// OpenID Connect Core §2: iss, sub, aud, exp, iat; auth_time and nonce as they were.
BOOST_AUTO_TEST_CASE(says_in_the_id_token_what_the_standard_requires) {
    auto const code = code_for(with(with(authorize_request(id), "scope", "openid"), "nonce", "n1"));
    later(std::chrono::seconds(5));
    auto const tokens = token(code_request(id, code)).json();
    auto const c = parts(text(tokens, "id_token")).claims;
    auto const now = oauth::to_epoch(web.clock.now());
    BOOST_TEST(text(c, "iss") == "http://localhost:9100");
    BOOST_TEST(text(c, "sub") == "demo");
    BOOST_TEST(text(c, "aud") == id);
    BOOST_TEST(text(c, "nonce") == "n1");
    BOOST_TEST(c.at("auth_time").as_int64() == now - 5);
    BOOST_TEST(c.at("iat").as_int64() == now);
    BOOST_TEST(c.at("exp").as_int64() == now + 3600);
    BOOST_TEST(!c.contains("azp"));  // §2: only needed beside other audiences
}

// RFC 9068 §2.2: iss, exp, aud, sub, client_id, iat, jti; §2.2.1: auth_time; §2.2.3: scope.
// RFC 9068 §3: without a resource in the request the aud is the default one.
// RFC 9068 §2.2.1: auth_time says when the person logged in.
// RFC 9068 §2.2.3: scope says what was granted.
BOOST_AUTO_TEST_CASE(says_in_the_access_token_what_the_profile_requires) {
    auto const c = parts(text(login(id), "access_token")).claims;
    auto const now = oauth::to_epoch(web.clock.now());
    BOOST_TEST(text(c, "iss") == "http://localhost:9100");
    BOOST_TEST(text(c, "sub") == "demo");
    BOOST_TEST(text(c, "aud") == mcp_url);
    BOOST_TEST(text(c, "client_id") == id);
    BOOST_TEST(text(c, "scope") == "mcp:tools");
    BOOST_TEST(c.at("auth_time").as_int64() == now);
    BOOST_TEST(c.at("iat").as_int64() == now);
    BOOST_TEST(c.at("exp").as_int64() == now + 3600);
    BOOST_TEST(text(c, "jti") != "(none)");
    BOOST_TEST(text(parts(text(login(id), "access_token")).claims, "jti") != text(c, "jti"));
}

BOOST_AUTO_TEST_CASE(speaks_as_the_issuer_where_the_login_began) {
    web.where.at = http::site::mcp_server;
    auto const code = code_for(with(authorize_request(id), "scope", "openid mcp:tools"));
    web.where.at = http::site::authorization_server;
    auto const tokens = token(code_request(id, code)).json();
    for (auto const* name : {"id_token", "access_token"})
        BOOST_TEST(text(parts(text(tokens, name)).claims, "iss") == "http://localhost:9101");
}

// RFC 9068 §2.2.2: claims of the user may be there; RFC 7662 §2.2: and in introspection.
BOOST_AUTO_TEST_CASE(tells_the_claims_of_the_user_everywhere_and_lets_none_replace_the_protocols) {
    policy([](auto& p) {
        json::object claims;
        claims["email"] = "ada@example.org";
        claims["groups"] = json::array{"staff"};
        for (auto const* name :
             {"sub", "aud", "iss", "scope", "client_id", "cnf", "active", "at_hash", "token_type"})
            claims[name] = "forged";
        claims["username"] = "forged";
        claims["exp"] = 1;
        p.users = {oauth::user{"ada", claims}};
    });
    auto const tokens = login(id, "openid email");
    auto const access = text(tokens, "access_token");
    json::object const told[] = {
        parts(access).claims, parts(text(tokens, "id_token")).claims,
        introspect(access).as_object(),
        web.get("/userinfo", {{"Authorization", "Bearer " + access}}).json().as_object()};
    for (auto const& claims : told) {
        BOOST_TEST(text(claims, "email") == "ada@example.org");
        BOOST_TEST(json::serialize(claims.at("groups")) == R"(["staff"])");
        BOOST_TEST(text(claims, "sub") == "ada");
        for (auto const& [name, value] : claims)
            if (name != "username") BOOST_TEST(value != "forged", name);
    }
    BOOST_TEST(text(told[2], "username") == "ada");
}

// OpenID Connect Core §10.1.1: keys rotate with an overlap.
BOOST_AUTO_TEST_CASE(goes_on_verifying_what_the_old_key_signed_for_as_long_as_it_is_valid) {
    auto const before = text(login(id), "access_token");
    auto const old_kid = text(parts(before).header, "kid");
    auto const kid = rotate();
    BOOST_TEST(kid != old_kid);
    auto const after = text(login(id), "access_token");
    BOOST_TEST(text(parts(after).header, "kid") == kid);
    BOOST_TEST(verifies(before, published()));
    BOOST_TEST(verifies(after, published()));
    later(std::chrono::hours(1));
    BOOST_REQUIRE_EQUAL(key_set().size(), 1u);
    BOOST_TEST(text(key_set()[0], "kid") == kid);
}

BOOST_AUTO_TEST_CASE(rotates_the_keys_of_one_realm_and_every_key_that_it_signs_with) {
    sign_with(jws_algorithm::es256);
    http::realm other("other");
    server.open(other);
    auto const theirs = server.state(other).keys().current(jws_algorithm::es256).key_id();
    auto const before = key_set();
    auto const kid = rotate();
    BOOST_TEST(text(parts(text(login(id), "access_token")).header, "kid") == kid);
    BOOST_TEST(key_set().size() == before.size() + 2);  // RS256 and ES256
    BOOST_TEST(server.state(other).keys().current(jws_algorithm::es256).key_id() == theirs);
}

BOOST_AUTO_TEST_CASE(keeps_its_keys_over_a_reset) {
    auto const kid = rotate();
    BOOST_TEST(bool(run(server.reset(*web.realm))));
    policy([](auto& p) { p.format = oauth::token_format::jwt; });
    BOOST_TEST(text(parts(text(login(id), "access_token")).header, "kid") == kid);
}

// OpenID Connect Core §12.2: the iss of a refreshed id_token is that of the first one
// RFC 9068 §2.2: iss of an access token is the issuer that issued it
BOOST_AUTO_TEST_CASE(a_refresh_under_a_new_name_keeps_the_iss_of_the_id_token_alone) {
    auto const first = login(id, "openid mcp:tools");
    BOOST_TEST(text(parts(text(first, "id_token")).claims, "iss") == "http://localhost:9100");
    auto before = std::make_shared<http::other_names>();
    before->issuers = {"http://localhost:9100"};
    before->mcp_bases = {"http://localhost:9101"};
    web.where.before = before;
    web.where.as_origin = "https://as.example";
    web.where.mcp_origin = "https://mcp.example";
    auto request = refresh_request(id, text(first, "refresh_token"));
    request.emplace_back("resource", "https://mcp.example/mcp");
    auto const second = token(request);
    BOOST_REQUIRE_MESSAGE(second.status == 200, second.body);
    auto const access = parts(text(second.json(), "access_token")).claims;
    BOOST_TEST(text(access, "iss") == "https://as.example");
    BOOST_TEST(text(access, "aud") == "https://mcp.example/mcp");
    auto const id_token = parts(text(second.json(), "id_token")).claims;
    BOOST_TEST(text(id_token, "iss") == "http://localhost:9100");
    BOOST_TEST(text(introspect(text(second.json(), "access_token")), "iss") ==
               "https://as.example");
    // And a login from now on speaks of the new name alone.
    auto const anew = login(id, "openid mcp:tools");
    BOOST_TEST(text(parts(text(anew, "id_token")).claims, "iss") == "https://as.example");
}

BOOST_AUTO_TEST_SUITE_END()
