// RFC 9068 §4, with keys from a server.
#include <boost/asio/co_spawn.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include "base/crypto.hpp"
#include "oauth/bearer/validators.hpp"
#include "oauth/jose/jws_manner.hpp"
#include "oauth/jose/signing_key.hpp"
#include "oauth/upstream/provider_peer.hpp"
#include "support/waiting.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
using tollgate::outcome;
namespace http = tollgate::http;
namespace json = boost::json;
using namespace std::chrono_literals;

signing_key const& first_key() {
    static signing_key const made = signing_key::generate_rsa();
    return made;
}

signing_key const& second_key() {
    static signing_key const made = signing_key::generate_rsa();
    return made;
}

std::string jwks_of(std::vector<signing_key> const& keys) {
    json::array list;
    for (auto const& k : keys)
        list.push_back(k.public_jwk());
    json::object set;
    set["keys"] = std::move(list);
    return json::serialize(set);
}

json::object claims() {
    json::object c;
    c["iss"] = "http://localhost:9100";
    c["sub"] = "u1";
    c["aud"] = "http://localhost:9101/mcp";
    c["client_id"] = "c1";
    c["scope"] = "mcp:tools profile";
    c["iat"] = 1'800'000'000;
    c["exp"] = 1'800'086'400;
    c["jti"] = "j1";
    return c;
}

std::string token(signing_key const& by = first_key(), json::object const& c = claims(),
                  std::string_view typ = "at+jwt") {
    return sign_jwt(by, typ, c);
}

std::string token_without(std::string_view name) {
    auto c = claims();
    c.erase(name);
    return token(first_key(), c);
}

std::string token_with(std::string_view name, json::value value) {
    auto c = claims();
    c[name] = std::move(value);
    return token(first_key(), c);
}

struct fixture : test::validator_bench {
    validator_options options;

    fixture() {
        publish({first_key()});
        make();
    }
    void make() { validator = make_jwt_validator(client, options, time); }
    void publish(std::vector<signing_key> const& keys) { peer.answers_json(jwks_of(keys)); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(jwt_validator, fixture)

BOOST_AUTO_TEST_CASE(maps_the_claims_of_a_good_token) {
    auto const got = ask(token());
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(got->subject == "u1");
    BOOST_TEST(got->client_id == "c1");
    std::vector<std::string> const scopes{"mcp:tools", "profile"};
    BOOST_TEST(*got->scopes == scopes, boost::test_tools::per_element());
    BOOST_TEST(got->audience.size() == 1u);
    BOOST_TEST(got->audience.front() == "http://localhost:9101/mcp");
    BOOST_TEST((got->expires_at == tollgate::time_point(1'800'086'400s)));
    BOOST_TEST(got->issuer == "http://localhost:9100");
    BOOST_TEST(got->strategy == "jwt");
    BOOST_TEST(got->claims.at("jti") == "j1");
    BOOST_TEST(peer.asked()[0].method == "GET");
    BOOST_TEST(peer.asked()[0].target == "/.well-known/jwks.json");
}

// RFC 9068 §4: the algorithms that are accepted are ours to choose, and a secret is none of them.
// RFC 9068 §2.1: the resource server supports RS256.
BOOST_AUTO_TEST_CASE(takes_every_asymmetric_algorithm_and_no_secret) {
    for (auto const a : asymmetric_algorithms) {
        peer.delay = 0ms;
        time.advance(6min);
        auto const key = signing_key::generate(a);
        publish({key});
        BOOST_TEST(status(token(key)) == 200u, to_text(a));
    }
    BOOST_TEST(status(token(signing_key::generate(jws_algorithm::hs256))) == 401u);
}

BOOST_AUTO_TEST_CASE(takes_the_secret_of_our_own_server_where_the_realm_signs_with_it) {
    auto const secret = signing_key::generate(jws_algorithm::hs256);
    auto const other = signing_key::generate(jws_algorithm::hs256);
    bool asks_for_it = true;
    options.own_secret = [&](http::realm const&) {
        return asks_for_it ? std::optional(secret.verifier()) : std::nullopt;
    };
    make();
    BOOST_TEST(status(token(secret)) == 200u);
    BOOST_TEST(status(token(first_key())) == 200u);
    BOOST_TEST(status(token(other)) == 401u);
    asks_for_it = false;
    BOOST_TEST(status(token(secret)) == 401u);
    asks_for_it = true;
    options.endpoint = peer.url() + "/keys";  // somebody else's: it shares no secret with us
    make();
    BOOST_TEST(status(token(secret)) == 401u);
}

// RFC 9449 §6.1: cnf.jkt is the key that the token is bound to.
// RFC 7800 §3.1: a confirmation that is not understood is none that could be met.
// RFC 9449 §6: the resource server can tell whether a token is bound, and to what.
BOOST_AUTO_TEST_CASE(tells_the_key_that_a_token_is_bound_to) {
    BOOST_TEST(ask(token())->key.value() == "");
    json::object cnf;
    cnf["jkt"] = "thumb";
    BOOST_TEST(ask(token_with("cnf", cnf))->key.value() == "thumb");
    json::object certificate;
    certificate["x5t#S256"] = "hash";
    BOOST_TEST(ask(token_with("cnf", certificate))->key.value() == "of an unknown kind");
    BOOST_TEST(status(token_with("cnf", "thumb")) == 401u);
    cnf["jkt"] = 5;
    BOOST_TEST(status(token_with("cnf", cnf)) == 401u);
}

BOOST_AUTO_TEST_CASE(says_that_a_token_without_scope_has_none) {
    auto const got = ask(token_without("scope"));
    BOOST_REQUIRE(got.has_value());
    BOOST_REQUIRE(got->scopes.has_value());
    BOOST_TEST(got->scopes->empty());
}

// RFC 9068 §2.2: required claims; §4: the resource server MUST validate typ, iss, aud and exp.
// RFC 9068 §4: typ, iss, aud and exp are validated.
BOOST_AUTO_TEST_CASE(refuses_tokens_that_lack_what_the_profile_requires) {
    for (auto const* name : {"iss", "sub", "aud", "exp"})
        BOOST_TEST(status(token_without(name)) == 401u, name);
    BOOST_TEST(status(token_with("sub", "")) == 401u);
    BOOST_TEST(status(token_with("sub", 5)) == 401u);
    BOOST_TEST(status(token_with("aud", json::array())) == 401u);
    BOOST_TEST(status(token_with("aud", 5)) == 401u);
    BOOST_TEST(status(token_with("scope", json::array())) == 401u);
    BOOST_TEST(status(token(first_key(), claims(), "JWT")) == 401u);
    BOOST_TEST(status("opaque-token") == 401u);
    BOOST_TEST(status("") == 401u);
}

// RFC 9068 §4: iss is exactly an issuer of this server.
BOOST_AUTO_TEST_CASE(accepts_both_issuer_names_of_the_realm_and_their_aliases_only) {
    for (auto const* iss :
         {"http://localhost:9100", "http://127.0.0.1:9100", "http://localhost:9101"})
        BOOST_TEST(status(token_with("iss", iss)) == 200u, iss);
    for (auto const* iss :
         {"http://localhost:9100/r/alpha", "http://localhost:9102", "https://evil", ""})
        BOOST_TEST(status(token_with("iss", iss)) == 401u, iss);
}

// RFC 9068 §4: iss matches the issuer exactly.
BOOST_AUTO_TEST_CASE(compares_a_foreign_issuer_to_the_byte) {
    options.endpoint = peer.url() + "/keys";
    options.issuer = "https://as.example";
    make();
    BOOST_TEST(status(token_with("iss", "https://as.example")) == 200u);
    BOOST_TEST(peer.asked()[0].target == "/keys");
    for (auto const* iss : {"https://as.example/", "https://AS.example", "http://localhost:9100"})
        BOOST_TEST(status(token_with("iss", iss)) == 401u, iss);
}

// RFC 9068 §4: the current time is before exp.
BOOST_AUTO_TEST_CASE(knows_expiry_by_its_own_clock) {
    BOOST_TEST(status(token()) == 200u);
    time.advance(24h);
    BOOST_TEST(status(token()) == 401u);
}

BOOST_AUTO_TEST_CASE(fetches_the_keys_once_in_five_minutes) {
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(status(token()) == 200u);
    time.advance(5min - 1s);
    BOOST_TEST(status(token()) == 200u);
    BOOST_TEST(peer.count() == 1u);
    time.advance(1s);
    BOOST_TEST(status(token()) == 200u);
    BOOST_TEST(peer.count() == 2u);
}

// RFC 9068 §4: the signature is validated with the keys of the authorization server.
BOOST_AUTO_TEST_CASE(keeps_the_keys_of_two_servers_apart) {
    BOOST_TEST(status(token()) == 200u);
    test::provider_peer other;
    other.answers_json(jwks_of({second_key()}));
    where.internal_issuer = other.url() + "/r/alpha";
    BOOST_TEST(status(token(second_key())) == 200u);
    BOOST_TEST(other.asked()[0].target == "/r/alpha/.well-known/jwks.json");
    BOOST_TEST(status(token(first_key())) == 401u);
}

BOOST_AUTO_TEST_CASE(fetches_again_for_an_unknown_kid_at_once) {
    BOOST_TEST(status(token()) == 200u);
    publish({first_key(), second_key()});
    BOOST_TEST(status(token(second_key())) == 200u);
    BOOST_TEST(peer.count() == 2u);
    BOOST_TEST(status(token(first_key())) == 200u);
    BOOST_TEST(peer.count() == 2u);
}

// Or anybody could make us flood the server with forged kids.
BOOST_AUTO_TEST_CASE(fetches_for_unknown_kids_at_most_every_five_seconds) {
    BOOST_TEST(status(token()) == 200u);
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(status(token(second_key())) == 401u);
    BOOST_TEST(peer.count() == 2u);
    time.advance(5s - 1ms);
    BOOST_TEST(status(token(second_key())) == 401u);
    BOOST_TEST(peer.count() == 2u);
    time.advance(1ms);
    publish({second_key()});
    BOOST_TEST(status(token(second_key())) == 200u);
    BOOST_TEST(peer.count() == 3u);
    BOOST_TEST(status(token(first_key())) == 401u);  // that key is gone
}

BOOST_AUTO_TEST_CASE(keeps_the_last_good_keys_while_the_server_fails) {
    BOOST_TEST(status(token()) == 200u);
    time.advance(6min);
    peer.answers(500, "text/html", "oops");
    BOOST_TEST(status(token()) == 200u);
    BOOST_TEST(peer.count() == 2u);
    BOOST_TEST(status(token()) == 200u);  // and does not ask with every request
    BOOST_TEST(peer.count() == 2u);
    time.advance(5s);
    publish({second_key()});
    BOOST_TEST(status(token()) == 401u);
    BOOST_TEST(status(token(second_key())) == 200u);
}

// RFC 9110 §15.6.4: with the keys of before nobody can tell whose an unknown kid is
BOOST_AUTO_TEST_CASE(cannot_tell_of_an_unknown_kid_while_the_server_fails) {
    BOOST_TEST(status(token()) == 200u);
    time.advance(6s);
    peer.answers(500, "text/html", "oops");
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(status(token(second_key())) == 503u);
    BOOST_TEST(peer.count() == 2u);  // and does not ask with every request
    BOOST_TEST(status(token()) == 200u);
    time.advance(5s);
    publish({first_key()});
    BOOST_TEST(status(token(second_key())) == 401u);
}

BOOST_AUTO_TEST_CASE(cannot_tell_without_any_keys_and_recovers_within_a_second) {
    for (auto const* body : {"", "{}", "[]", R"({"keys":5})"}) {
        peer.answers_json(body);
        time.advance(1s);
        BOOST_TEST(status(token()) == 503u, body);
    }
    peer.answers(404, "application/json", jwks_of({first_key()}));
    time.advance(1s);
    BOOST_TEST(status(token()) == 503u);
    peer.answers(200, "text/html", jwks_of({first_key()}));
    time.advance(1s);
    BOOST_TEST(status(token()) == 503u);
    peer.answers(200, "application/jwk-set+json", jwks_of({first_key()}));
    time.advance(1s);
    BOOST_TEST(status(token()) == 200u);
}

BOOST_AUTO_TEST_CASE(asks_once_a_second_for_keys_that_it_never_had) {
    peer.answers(500, "text/plain", "");
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(why(token()) == "the JWKS endpoint answered with status 500");
    BOOST_TEST(peer.count() == 1u);
    time.advance(1s);
    BOOST_TEST(status(token()) == 503u);
    BOOST_TEST(peer.count() == 2u);
}

BOOST_AUTO_TEST_CASE(cannot_tell_when_nobody_is_there_or_the_answer_comes_too_late) {
    where.internal_issuer = test::nobody();
    BOOST_TEST(status(token()) == 503u);
    where.internal_issuer = peer.url();
    peer.delay = 2s;
    options.timeout = 100ms;
    make();
    BOOST_TEST(status(token()) == 503u);
}

BOOST_AUTO_TEST_CASE(fetches_once_for_many_who_ask_together) {
    peer.delay = 50ms;
    int good = 0;
    int finished = 0;
    for (int i = 0; i < 10; ++i) {
        auto question = validator->validate(token(), where);
        auto done = [&](std::exception_ptr e, outcome<http::principal> who) {
            ++finished;
            if (!e && who) ++good;
        };
        boost::asio::co_spawn(io, std::move(question), done);
    }
    BOOST_TEST(test::run_until(io, [&] { return finished == 10; }));
    BOOST_TEST(good == 10);
    BOOST_TEST(peer.count() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
