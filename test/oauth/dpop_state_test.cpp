#include "oauth/dpop_state.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace tollgate::oauth;
namespace http = tollgate::http;
using namespace std::chrono_literals;

http::time_point const start(std::chrono::seconds(1'800'000'000));  // a whole minute

dpop_proof proof(std::string id, std::string key = "k1") {
    dpop_proof p;
    p.id = std::move(id);
    p.thumbprint = std::move(key);
    return p;
}

constexpr auto as = dpop_side::authorization_server;
constexpr auto rs = dpop_side::resource;

}  // namespace

BOOST_AUTO_TEST_SUITE(dpop_state_)

// RFC 9449 §11.1: a jti is accepted once for a target, for as long as the proof could be.
BOOST_AUTO_TEST_CASE(knows_a_proof_again_for_its_whole_life) {
    dpop_state s;
    BOOST_TEST(s.is_first_time(proof("a"), "POST /token", start));
    BOOST_TEST(!s.is_first_time(proof("a"), "POST /token", start));
    BOOST_TEST(!s.is_first_time(proof("a"), "POST /token", start + 119s));
    BOOST_TEST(s.is_first_time(proof("a"), "POST /token", start + 120s));
}

// RFC 9449 §11.1: a jti counts in the context of the target URI.
BOOST_AUTO_TEST_CASE(tells_proofs_apart_by_jti_key_and_target) {
    dpop_state s;
    BOOST_TEST(s.is_first_time(proof("a"), "POST /token", start));
    BOOST_TEST(s.is_first_time(proof("b"), "POST /token", start));
    BOOST_TEST(s.is_first_time(proof("a", "k2"), "POST /token", start));
    BOOST_TEST(s.is_first_time(proof("a"), "GET /userinfo", start));
}

BOOST_AUTO_TEST_CASE(forgets_the_oldest_of_too_many) {
    dpop_state s;
    for (std::size_t i = 0; i <= dpop_state::most_proofs; ++i)
        BOOST_REQUIRE(s.is_first_time(proof(std::to_string(i)), "x", start));
    BOOST_TEST(!s.is_first_time(proof("1"), "x", start));
    BOOST_TEST(s.is_first_time(proof("0"), "x", start));
}

// RFC 9449 §8.2: nonces change; the one before is still taken.
// RFC 9449 §9: a nonce of the authorization server is none of the resource.
// RFC 9449 §8: nonces cannot be predicted.
BOOST_AUTO_TEST_CASE(changes_its_nonces_every_minute) {
    dpop_state const s;
    auto const first = s.nonce(as, start);
    BOOST_TEST(first.size() == 24u);
    BOOST_TEST(s.nonce(as, start + 59s) == first);
    BOOST_TEST(s.nonce(as, start + 60s) != first);
    BOOST_TEST(s.is_nonce(as, first, start));
    BOOST_TEST(s.is_nonce(as, first, start + 119s));
    BOOST_TEST(!s.is_nonce(as, first, start + 120s));
    BOOST_TEST(!s.is_nonce(as, first, start - 1s));
    BOOST_TEST(!s.is_nonce(rs, first, start));
    BOOST_TEST(!s.is_nonce(as, "", start));
    BOOST_TEST(!dpop_state().is_nonce(as, first, start));
}

BOOST_AUTO_TEST_SUITE_END()
