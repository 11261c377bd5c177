// The keys of a trusted issuer, from its own address.
#include "oauth/grants/assertion_bench.hpp"
#include "oauth/server/authorization_bench.hpp"
#include "oauth/upstream/provider_peer.hpp"

using namespace test;

namespace {

std::string const jwt_bearer = "urn:ietf:params:oauth:grant-type:jwt-bearer";
std::string const idp = "https://idp.example";

struct outside {
    provider_peer peer;
    http::client client{http::client::options()};

    oauth::server_options asking() {
        oauth::server_options o;
        o.outbound = &client;
        oauth::trusted_issuer from;
        from.issuer = idp;
        from.jwks_uri = peer.url() + "/jwks";
        o.configured.trusted_issuers = {from};
        return o;
    }
};

struct remote : outside, authorization_bench {
    remote() : authorization_bench(asking()) {
        peer.answers_json(json::serialize(key_set(their_key())));
    }

    int made = 0;
    answer present(oauth::signing_key const& key) {
        unsigned_assertion a(idp, "build-7", "id-" + std::to_string(++made));
        a.key_id = key.key_id();
        return token({{"grant_type", jwt_bearer}, {"assertion", a.signed_with(key)}});
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(trusted_keys, remote)

BOOST_AUTO_TEST_CASE(are_fetched_once_for_many_assertions) {
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(present(their_key()).status == 200);
    BOOST_TEST(peer.count() == 1u);
    BOOST_TEST(peer.asked().front().target == "/jwks");
}

// RFC 7517 §4.5: an unknown kid may be that of a key that was added since.
BOOST_AUTO_TEST_CASE(are_asked_for_again_when_a_key_is_new) {
    BOOST_TEST(present(their_key()).status == 200);
    auto const next = oauth::signing_key::generate(oauth::jws_algorithm::es256);
    BOOST_TEST(refusal(present(next)) == "400 invalid_grant");
    peer.answers_json(json::serialize(key_set(next)));
    later(std::chrono::seconds(6));
    BOOST_TEST(present(next).status == 200);
}

BOOST_AUTO_TEST_CASE(that_cannot_be_had_are_no_fault_of_the_client) {
    peer.answers(500, "text/plain", "");
    BOOST_TEST(refusal(present(their_key())) == "503 temporarily_unavailable");
    peer.answers_json("[]");
    later(std::chrono::seconds(1));
    BOOST_TEST(refusal(present(their_key())) == "503 temporarily_unavailable");
}

// RFC 9110 §15.6.4: nor is a key that is not among those of before
BOOST_AUTO_TEST_CASE(that_cannot_be_had_again_leave_a_new_key_undecided) {
    BOOST_TEST(present(their_key()).status == 200);
    later(std::chrono::seconds(6));
    peer.answers(500, "text/plain", "");
    auto const next = oauth::signing_key::generate(oauth::jws_algorithm::es256);
    auto const a = present(next);
    BOOST_TEST(refusal(a) == "503 temporarily_unavailable");
    BOOST_TEST(a.headers.has("Retry-After"));
    BOOST_TEST(present(their_key()).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
