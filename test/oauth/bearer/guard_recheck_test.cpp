// The token behind an open stream is asked about again.
#include <chrono>

#include "oauth/bearer/guard_bench.hpp"

using namespace test::guarding;
using namespace std::chrono_literals;

BOOST_FIXTURE_TEST_SUITE(guard_recheck, fixture)

BOOST_AUTO_TEST_CASE(asks_again_after_the_exchange_is_over) {
    with("Bearer abc");
    bench->where.mcp_origin = "http://localhost:1";  // the recheck has its own copy
    auto const alive = recheck();
    BOOST_REQUIRE(alive.has_value());
    BOOST_TEST(alive->subject == "demo");
    BOOST_TEST(validator.calls == 2);
    BOOST_TEST(validator.last_token == "abc");
    BOOST_TEST(validator.last_origin == "http://localhost:9101");
}

BOOST_AUTO_TEST_CASE(finds_in_the_recheck_that_a_token_has_died) {
    with("Bearer abc");
    validator.answer = problem(401, "invalid_token", "x");
    BOOST_TEST(recheck().error().status() == 401u);
    validator.answer = problem(503, "temporarily_unavailable", "x");
    BOOST_TEST(recheck().error().status() == 503u);
    validator.answer = problem(403, "insufficient_scope", "x");
    BOOST_TEST(recheck().error().status() == 401u);
}

// A stream goes on while nobody can tell, but not past the end that was known from the start.
// RFC 6749 §7: a token that has expired is refused
BOOST_AUTO_TEST_CASE(finds_a_token_expired_in_the_recheck_while_nobody_can_be_asked) {
    auto who = demo();
    who.expires_at = bench->clock.now() + 10s;
    validator.answer = who;
    with("Bearer abc");
    validator.answer = problem(503, "temporarily_unavailable", "x");
    bench->clock.advance(10s - 1ns);
    BOOST_TEST(recheck().error().status() == 503u);
    bench->clock.advance(1ns);
    auto const asked = validator.calls;
    auto const late = recheck();
    BOOST_REQUIRE(!late);
    BOOST_TEST(late.error().status() == 401u);
    BOOST_TEST(late.error().error() == "invalid_token");
    BOOST_TEST(late.error().log_text() == "expired");
    BOOST_TEST(validator.calls == asked);
}

BOOST_AUTO_TEST_CASE(applies_audience_and_expiry_in_the_recheck_too) {
    auto who = demo();
    who.expires_at = bench->clock.now() + 10s;
    validator.answer = who;
    with("Bearer abc");
    bench->clock.advance(9s);
    BOOST_TEST(recheck().has_value());
    who.expires_at = bench->clock.now();  // the provider has cut its life short
    validator.answer = who;
    BOOST_TEST(recheck().error().status() == 401u);
    who.expires_at.reset();
    who.audience = {"https://elsewhere.example"};
    validator.answer = who;
    BOOST_TEST(recheck().error().status() == 401u);
}

// Who began something before a server was renamed is the same caller afterwards.
BOOST_AUTO_TEST_CASE(all_names_of_our_own_server_are_one_authority) {
    auto before = std::make_shared<http::other_names>();
    before->issuers = {"https://old.example"};
    bench->where.before = before;
    auto p = demo();
    for (auto const* own :
         {"http://localhost:9100", "http://127.0.0.1:9101", "https://old.example"}) {
        p.issuer = own;
        validator.answer = p;
        with("Bearer abc");
        BOOST_REQUIRE(inside.seen.has_value());
        BOOST_TEST(inside.seen->who.issuer == own);
        BOOST_TEST(inside.seen->who.authority() == "");
    }
    p.issuer = "https://idp.example";
    validator.answer = p;
    with("Bearer abc");
    BOOST_TEST(inside.seen->who.authority() == "https://idp.example");
}

BOOST_AUTO_TEST_SUITE_END()
