// Tokens of somebody else's, judged by what its issuer publishes.
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/jose/jws_manner.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/upstream/provider.hpp"
#include "oauth/upstream/provider_peer.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
namespace http = tollgate::http;
namespace json = boost::json;
using namespace std::chrono_literals;

signing_key const& first_key() {
    static signing_key const made = signing_key::generate(jws_algorithm::es256);
    return made;
}

signing_key const& second_key() {
    static signing_key const made = signing_key::generate(jws_algorithm::es256);
    return made;
}

// The peer is the provider: it publishes a document, and the rest of its endpoints answer `says`.
struct fixture : test::validator_bench {
    provider_options configured;
    validator_options options;
    json::object document;
    http::reply (*says)(test::heard const&) = nullptr;
    std::string keys;
    bool up = true;
    std::unique_ptr<provider> upstream;

    fixture() {
        configured.issuer = peer.url();
        configured.timeout = 1s;
        document["issuer"] = peer.url();
        document["userinfo_endpoint"] = peer.url() + "/me";
        document["introspection_endpoint"] = peer.url() + "/ask?tenant=1";
        document["jwks_uri"] = peer.url() + "/certs";
        options.internal_credential = "between-us";
        options.issuer = peer.url();
        publish(first_key());
        peer.script = [this](test::heard const& h) { return answer(h); };
        where.internal_issuer = test::nobody();
    }
    void publish(signing_key const& key) {
        json::array list{key.public_jwk()};
        json::object set;
        set["keys"] = std::move(list);
        keys = json::serialize(set);
    }
    http::reply answer(test::heard const& h) const {
        if (!up) return http::reply(500, "text/html", "<p>down</p>");
        if (h.target == "/.well-known/openid-configuration")
            return http::reply(200, "application/json", json::serialize(document));
        if (h.target == "/certs") return http::reply(200, "application/json", keys);
        return says ? says(h) : http::reply(404, "text/plain", "no");
    }
    void knows_the_provider() {
        upstream = std::make_unique<provider>(client, configured, time);
        options.upstream = upstream.get();
    }
    void by_userinfo() {
        knows_the_provider();
        validator = make_userinfo_validator(client, options);
    }
    void by_introspection() {
        knows_the_provider();
        validator = make_introspection_validator(client, options);
    }
    void by_jwt() {
        knows_the_provider();
        validator = make_jwt_validator(client, options, time);
    }

    json::object claims() const {
        json::object c;
        c["iss"] = peer.url();
        c["sub"] = "u1";
        c["aud"] = "http://localhost:9101/mcp";
        c["scope"] = "openid profile";
        c["exp"] = 1'800'086'400;
        return c;
    }
    std::string token(signing_key const& by = first_key(), std::string_view typ = "at+jwt") const {
        return sign_jwt(by, typ, claims());
    }
    std::string token_from(std::string issuer) const {
        auto c = claims();
        c["iss"] = std::move(issuer);
        return sign_jwt(first_key(), "at+jwt", c);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(foreign_validation, fixture)

BOOST_AUTO_TEST_CASE(userinfo_is_asked_where_the_issuer_says_and_without_our_own_credential) {
    says = [](test::heard const&) {
        return http::reply(200, "application/json", R"({"sub":"u1","scope":"mcp:admin"})");
    };
    by_userinfo();
    auto const got = ask();
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->subject == "u1");
    BOOST_TEST(!got->scopes.has_value());
    auto const asked = peer.asked();
    BOOST_REQUIRE(asked.size() == 2u);
    BOOST_TEST(asked[1].target == "/me");
    BOOST_TEST(asked[1].authorization == "Bearer tok");
    BOOST_TEST(asked[1].internal.empty());
    BOOST_TEST(status() == 200u);
    BOOST_TEST(peer.count() == 3u);  // the document is not asked for again
}

// RFC 7662 §2.1: the endpoint is protected, and the resource server authenticates
BOOST_AUTO_TEST_CASE(introspection_is_asked_with_the_credentials_for_the_provider) {
    says = [](test::heard const&) {
        return http::reply(200, "application/json",
                           R"({"active":true,"sub":"u1","scope":"openid"})");
    };
    options.client_id = "us";
    options.client_secret = "s:1";
    by_introspection();
    auto const got = ask();
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->has_scope("openid"));
    BOOST_TEST(!got->has_scope("mcp:tools"));
    auto const asked = peer.asked().back();
    BOOST_TEST(asked.target == "/ask?tenant=1");
    BOOST_TEST(asked.authorization == "Basic " + to_base64("us:s%3A1"));
    BOOST_TEST(asked.internal.empty());
}

// RFC 7662 §2.2: scope is optional, and silence about it is not the same as none
BOOST_AUTO_TEST_CASE(introspection_that_is_silent_about_scope_and_audience_reveals_neither) {
    says = [](test::heard const&) {
        return http::reply(200, "application/json", R"({"active":true,"sub":"u1"})");
    };
    by_introspection();
    auto const got = ask();
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(!got->scopes.has_value());
    BOOST_TEST(got->audience.empty());
}

// RFC 9068 §4: the keys are those that the authorization server publishes
BOOST_AUTO_TEST_CASE(jwts_are_verified_with_the_keys_of_the_issuer) {
    by_jwt();
    BOOST_TEST(status(token()) == 200u);
    BOOST_TEST(peer.asked().back().target == "/certs");
    BOOST_TEST(status(token(second_key())) == 401u);
}

// RFC 9068 §4: iss matches the issuer exactly
BOOST_AUTO_TEST_CASE(jwts_must_name_the_issuer_to_the_byte_and_never_us) {
    by_jwt();
    BOOST_TEST(status(token_from(peer.url())) == 200u);
    for (auto const& iss : {peer.url() + "/", std::string("http://localhost:9100"),
                            std::string("http://localhost:9101"), std::string()})
        BOOST_TEST(status(token_from(iss)) == 401u, iss);
}

BOOST_AUTO_TEST_CASE(jwts_cannot_be_judged_without_an_issuer_to_compare_with) {
    options.issuer.clear();
    by_jwt();
    BOOST_TEST(status(token_from("http://localhost:9100")) == 503u);
    BOOST_TEST(peer.count() == 0u);
}

BOOST_AUTO_TEST_CASE(new_keys_of_the_issuer_are_fetched_for_an_unknown_kid_and_not_too_often) {
    by_jwt();
    BOOST_TEST(status(token()) == 200u);
    auto const before = peer.count();
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(status(token(second_key())) == 401u);
    BOOST_TEST(peer.count() == before + 1);
    publish(second_key());
    time.advance(5s);
    BOOST_TEST(status(token(second_key())) == 200u);
}

BOOST_AUTO_TEST_CASE(the_last_good_document_and_keys_serve_while_the_issuer_is_away) {
    by_jwt();
    BOOST_TEST(status(token()) == 200u);
    up = false;
    time.advance(6min);
    BOOST_TEST(status(token()) == 200u);
    BOOST_TEST(status(token()) == 200u);
}

// RFC 9068 §4: typ is at+jwt, and nothing else by default
// RFC 7519 §5.1: typ is optional, and JWT is what it says of a JWT
BOOST_AUTO_TEST_CASE(plain_jwts_are_taken_where_the_configuration_says_so) {
    by_jwt();
    BOOST_TEST(status(token(first_key(), "JWT")) == 401u);
    json::object untyped;
    untyped["alg"] = "ES256";
    untyped["kid"] = first_key().key_id();
    auto const bare = sign_jws(first_key(), untyped, json::serialize(claims()));
    BOOST_TEST(status(bare) == 401u);
    options.plain_jwts = true;
    by_jwt();
    BOOST_TEST(status(token(first_key(), "JWT")) == 200u);
    BOOST_TEST(status(bare) == 200u);
    BOOST_TEST(status(token()) == 200u);
    for (auto const* other : {"dpop+jwt", "logout+jwt", "oauth-id-jag+jwt", ""})
        BOOST_TEST(status(token(first_key(), other)) == 401u, other);
}

BOOST_AUTO_TEST_CASE(a_provider_that_cannot_be_asked_leaves_the_question_open) {
    up = false;
    by_userinfo();
    BOOST_TEST(status() == 503u);
    BOOST_TEST(why().find("status 500") != std::string::npos);
    by_introspection();
    BOOST_TEST(status() == 503u);
    by_jwt();
    BOOST_TEST(status(token()) == 503u);
    configured.issuer = test::nobody();
    by_userinfo();
    BOOST_TEST(status() == 503u);
    BOOST_TEST(why().find("cannot be reached") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_endpoint_that_nobody_publishes_is_named) {
    document.erase("userinfo_endpoint");
    document.erase("introspection_endpoint");
    document.erase("jwks_uri");
    by_userinfo();
    BOOST_TEST(status() == 503u);
    BOOST_TEST(why().find("set upstream.userinfo_endpoint") != std::string::npos);
    by_introspection();
    BOOST_TEST(why().find("set upstream.introspection_endpoint") != std::string::npos);
    by_jwt();
    BOOST_TEST(why(token()).find("set upstream.jwks_uri") != std::string::npos);
}

// RFC 8414 §3.3: a document of another issuer must not be used
BOOST_AUTO_TEST_CASE(an_issuer_that_calls_itself_otherwise_is_not_believed) {
    document["issuer"] = peer.url() + "/";
    by_userinfo();
    BOOST_TEST(status() == 503u);
    BOOST_TEST(peer.asked().back().target != "/me");
}

BOOST_AUTO_TEST_CASE(an_endpoint_of_the_configuration_counts_for_more) {
    says = [](test::heard const&) {
        return http::reply(200, "application/json", R"({"sub":"u1"})");
    };
    options.endpoint = peer.url() + "/internal";
    by_userinfo();
    BOOST_TEST(status() == 200u);
    BOOST_TEST(peer.count() == 1u);
    BOOST_TEST(peer.asked()[0].target == "/internal");
}

BOOST_AUTO_TEST_SUITE_END()
