#include "oauth/dpop/state.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
namespace http = tollgate::http;
using namespace std::chrono_literals;

tollgate::time_point const start(std::chrono::seconds(1'800'000'000));  // a whole minute

dpop_proof proof(std::string id, std::string key = "k1") {
    dpop_proof p;
    p.id = std::move(id);
    p.thumbprint = std::move(key);
    p.issued_at = start;
    return p;
}

using verdict = used_proofs::verdict;
bool first(verdict v) {
    return v == verdict::first_time;
}
bool replayed(verdict v) {
    return v == verdict::replayed;
}
bool full(verdict v) {
    return v == verdict::full;
}

constexpr auto as = dpop_side::authorization_server;
constexpr auto rs = dpop_side::resource;

}  // namespace

BOOST_AUTO_TEST_SUITE(dpop_state_)

// RFC 9449 §11.1: a jti is accepted once for a target, for as long as the proof could be.
BOOST_AUTO_TEST_CASE(knows_a_proof_again_for_its_whole_life) {
    used_proofs s;
    BOOST_TEST(first(s.use(proof("a"), "POST /token", start)));
    BOOST_TEST(replayed(s.use(proof("a"), "POST /token", start)));
    BOOST_TEST(replayed(s.use(proof("a"), "POST /token", start + 60s)));
    // Of the farthest future that is accepted.
    auto late = proof("b");
    late.issued_at = start + dpop_window;
    BOOST_TEST(first(s.use(late, "POST /token", start)));
    BOOST_TEST(replayed(s.use(late, "POST /token", start + 120s)));
    BOOST_TEST(s.size() == 1u);
    BOOST_TEST(first(s.use(proof("c"), "POST /token", start + 122s)));
    BOOST_TEST(s.size() == 1u);
}

// RFC 9449 §11.1: a jti counts in the context of the target URI.
BOOST_AUTO_TEST_CASE(tells_proofs_apart_by_jti_key_and_target) {
    used_proofs s;
    BOOST_TEST(first(s.use(proof("a"), "POST /token", start)));
    BOOST_TEST(first(s.use(proof("b"), "POST /token", start)));
    BOOST_TEST(first(s.use(proof("a", "k2"), "POST /token", start)));
    BOOST_TEST(first(s.use(proof("a"), "GET /userinfo", start)));
}

// RFC 9449 §11.1: no proof is good twice, however many others come.
BOOST_AUTO_TEST_CASE(refuses_what_it_could_not_remember_and_forgets_nothing) {
    used_proofs s;
    auto const a_key = used_proofs::most_of_a_key;
    for (std::size_t i = 0; i < a_key; ++i)
        BOOST_REQUIRE(first(s.use(proof(std::to_string(i)), "x", start)));
    BOOST_TEST(full(s.use(proof("one more"), "x", start)));
    BOOST_TEST(replayed(s.use(proof("0"), "x", start)));
    // One key has not taken the room of the others.
    for (std::size_t k = 2; s.size() < used_proofs::most_proofs; ++k)
        for (std::size_t i = 0; i < a_key; ++i)
            BOOST_REQUIRE(first(s.use(proof(std::to_string(i), std::to_string(k)), "x", start)));
    BOOST_TEST(full(s.use(proof("a", "new"), "x", start)));
    BOOST_TEST(replayed(s.use(proof("0"), "x", start + 60s)));
    BOOST_TEST(first(s.use(proof("a", "new"), "x", start + 62s)));
    BOOST_TEST(s.size() == 1u);
}

BOOST_AUTO_TEST_CASE(keeps_the_proofs_of_both_sides_apart) {
    dpop_state s;
    for (std::size_t i = 0; i < used_proofs::most_of_a_key; ++i)
        s.use(as, proof(std::to_string(i)), "POST /token", start);
    BOOST_TEST(full(s.use(as, proof("x"), "POST /token", start)));
    BOOST_TEST(first(s.use(rs, proof("x"), "GET /userinfo", start)));
    BOOST_TEST(replayed(s.use(rs, proof("x"), "GET /userinfo", start)));
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

// Tokens outlive a restart and notes of proofs do not: what could have been used before is not
// taken.
BOOST_AUTO_TEST_CASE(takes_no_proof_that_was_made_before_a_restart) {
    dpop_state s;
    s.forget_what_was_before(start + 500ms);
    BOOST_TEST((s.use(as, proof("a"), "POST /token", start + 1s) == verdict::from_before));
    auto fresh = proof("b");
    fresh.issued_at = start + 1s;
    BOOST_TEST(first(s.use(rs, fresh, "POST /mcp", start + 1s)));
}

BOOST_AUTO_TEST_SUITE_END()
