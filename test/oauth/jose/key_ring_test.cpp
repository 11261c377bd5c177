#include "oauth/jose/key_ring.hpp"
#include "oauth/model/id_token_algorithm.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
namespace http = tollgate::http;
using namespace std::chrono_literals;
using enum jws_algorithm;

tollgate::time_point const start(std::chrono::seconds(1'800'000'000));

std::shared_ptr<key_source> source() {
    static signing_key const rsa = signing_key::generate_rsa();
    return std::make_shared<key_source>(std::vector{rsa});
}

std::set<std::string> kids(key_ring& ring, tollgate::time_point now,
                           std::vector<jws_algorithm> const& offered = {}) {
    std::set<std::string> all;
    for (auto const& jwk : ring.published(offered, now))
        all.insert(std::string(jwk.at("kid").as_string()));
    return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(gives_every_realm_the_same_key_until_one_exchanges_it) {
    auto const shared = source();
    key_ring a(shared);
    key_ring b(shared);
    auto const before = a.current(es256).key_id();
    BOOST_TEST(b.current(es256).key_id() == before);
    auto const fresh = signing_key::generate(es256);
    BOOST_REQUIRE(a.replace({fresh}, start, start + 1h).has_value());
    BOOST_TEST(a.current(es256).key_id() == fresh.key_id());
    BOOST_TEST(b.current(es256).key_id() == before);
    BOOST_TEST(!kids(b, start).contains(fresh.key_id()));
}

// OpenID Connect Core §10.1.1: the old key stays in the set for as long as it is needed.
BOOST_AUTO_TEST_CASE(publishes_a_replaced_key_until_what_it_signed_is_over) {
    key_ring ring(source());
    auto const old = ring.current(rs256).key_id();
    auto const fresh = signing_key::generate(rs256);
    BOOST_REQUIRE(ring.replace({fresh}, start, start + 1h).has_value());
    std::set<std::string> const both{old, fresh.key_id()};
    std::set<std::string> const one{fresh.key_id()};
    BOOST_TEST((kids(ring, start) == both));
    BOOST_TEST((kids(ring, start + 1h - 1s) == both));
    BOOST_TEST((kids(ring, start + 1h) == one));
}

BOOST_AUTO_TEST_CASE(publishes_what_is_offered_and_what_was_signed_with_but_no_secret) {
    key_ring ring(source());
    BOOST_TEST(kids(ring, start, {rs256, eddsa}).size() == 2u);
    ring.current(es256);
    ring.current(hs256);
    auto const set = ring.published({rs256, hs256}, start);
    BOOST_TEST(set.size() == 3u);
    for (auto const& jwk : set) {
        BOOST_TEST(jwk.at("kty") != "oct");
        BOOST_TEST(!jwk.contains("d"));
    }
}

BOOST_AUTO_TEST_CASE(bounds_the_keys_that_are_still_valid) {
    key_ring ring(source());
    auto const fresh = signing_key::generate(eddsa);
    for (std::size_t i = 0; i < key_ring::most_retired; ++i)
        BOOST_REQUIRE(ring.replace({fresh}, start, start + 1h).has_value());
    auto const refused = ring.replace({fresh}, start, start + 1h);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().status() == 409u);
    BOOST_TEST(ring.replace({fresh}, start + 1h, start + 2h).has_value());
}

// OpenID Connect Discovery §3: RS256 MUST be offered for id_tokens.
BOOST_AUTO_TEST_CASE(always_offers_rs256_for_id_tokens_and_never_a_secret_of_its_own) {
    policy p;
    auto const names = [&] {
        std::string all;
        for (auto const a : id_token_algorithms(p))
            all += std::string(to_text(a)) + ' ';
        return all;
    };
    BOOST_TEST(names() == "RS256 ");
    p.signing_alg = es256;
    BOOST_TEST(names() == "RS256 ES256 ");
    p.signing_alg = hs256;
    BOOST_TEST(names() == "RS256 ");
}

// OpenID Connect Registration §2: id_token_signed_response_alg; RS256 when it is left out.
BOOST_AUTO_TEST_CASE(signs_id_tokens_as_the_client_registered_where_that_is_offered) {
    policy p;
    p.signing_alg = es256;
    boost::json::object metadata;
    BOOST_TEST((id_token_algorithm(p, metadata) == rs256));
    metadata["id_token_signed_response_alg"] = "ES256";
    BOOST_TEST((id_token_algorithm(p, metadata) == es256));
    metadata["id_token_signed_response_alg"] = "EdDSA";
    BOOST_TEST((id_token_algorithm(p, metadata) == rs256));
    metadata["id_token_signed_response_alg"] = 5;
    BOOST_TEST((id_token_algorithm(p, metadata) == rs256));
}

BOOST_AUTO_TEST_SUITE_END()
