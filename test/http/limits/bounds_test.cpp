// Bounds at their edges: how guesses and requests are told apart, and when a minute is over.
#include <string>

#include <boost/test/unit_test.hpp>

#include "http/limits/guess_limit.hpp"
#include "http/limits/rate_budget.hpp"

using namespace tollgate;
using namespace tollgate::http;
using namespace std::chrono_literals;
using spent = rate_budget::spent;

namespace {

guess at(secret_kind of, std::string name, std::string by) {
    return guess{of, std::move(name), std::move(by)};
}

struct guessing {
    time_point now = manual_clock().now();
    guess_limit limit{guess_bounds{2, 4}};

    void wrong(guess const& g, int times) {
        for (int i = 0; i < times; ++i)
            limit.wrong(g, now);
    }
};

account peer(std::string name) {
    return {std::move(name), false};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(limit_bounds)

// RFC 6749 §10.10: a minute begins with the first wrong guess and is not stretched by later ones.
BOOST_FIXTURE_TEST_CASE(a_minute_begins_with_the_first_wrong_guess, guessing) {
    auto const g = at(secret_kind::user, "ada", "a");
    wrong(g, 1);
    now += 59s;
    wrong(g, 1);
    BOOST_TEST(!limit.open(g, now));
    now += 1s;
    BOOST_TEST(limit.open(g, now));
}

BOOST_FIXTURE_TEST_CASE(a_name_and_a_peer_are_not_read_as_one_another, guessing) {
    wrong(at(secret_kind::user, "ab", "c"), 2);
    BOOST_TEST(limit.open(at(secret_kind::user, "a", "bc"), now));
    BOOST_TEST(limit.open(at(secret_kind::user, "abc", ""), now));
    BOOST_TEST(limit.open(at(secret_kind::user, "", "abc"), now));
    BOOST_TEST(!limit.open(at(secret_kind::user, "ab", "c"), now));
}

BOOST_FIXTURE_TEST_CASE(each_kind_of_secret_is_guessed_at_by_itself, guessing) {
    for (auto const of : {secret_kind::client, secret_kind::user, secret_kind::control_token}) {
        auto const g = at(of, "x", "a");
        BOOST_TEST(limit.open(g, now));
        wrong(g, 2);
        BOOST_TEST(!limit.open(g, now));
    }
}

// Otherwise whoever has one account would open the door to all the others for a search.
BOOST_FIXTURE_TEST_CASE(who_was_right_about_one_secret_is_not_known_for_another, guessing) {
    limit.right(at(secret_kind::user, "mallory", "a"), now);
    for (auto const* by : {"b", "c"})
        wrong(at(secret_kind::user, "ada", by), 2);
    BOOST_TEST(!limit.open(at(secret_kind::user, "ada", "a"), now));
}

BOOST_FIXTURE_TEST_CASE(being_right_does_not_wipe_out_what_was_wrong, guessing) {
    auto const g = at(secret_kind::user, "ada", "a");
    wrong(g, 1);
    limit.right(g, now);
    wrong(g, 1);
    BOOST_TEST(!limit.open(g, now));
}

BOOST_FIXTURE_TEST_CASE(who_was_right_is_known_for_twelve_hours, guessing) {
    auto const owner = at(secret_kind::user, "ada", "home");
    limit.right(owner, now);
    now += guess_limit::known_for - 1s;
    for (auto const* by : {"b", "c"})
        wrong(at(secret_kind::user, "ada", by), 2);
    BOOST_TEST(limit.open(owner, now));
    now += 1s;
    BOOST_TEST(!limit.open(owner, now));
}

BOOST_FIXTURE_TEST_CASE(asking_costs_nothing, guessing) {
    auto const g = at(secret_kind::client, "app", "a");
    for (int i = 0; i < 50; ++i)
        BOOST_TEST(limit.open(g, now));
    wrong(g, 2);
    for (int i = 0; i < 50; ++i)
        BOOST_TEST(!limit.open(g, now));
    BOOST_TEST(limit.open(at(secret_kind::client, "app", "b"), now));
}

// Whoever has used up their own is told so, 429, even when there is nothing left for anybody.
BOOST_AUTO_TEST_CASE(who_has_used_up_their_own_is_told_so_first) {
    rate_budget b({1, 1});
    auto const now = time_point();
    BOOST_TEST(bool(b.take(peer("a"), now)));
    BOOST_TEST((b.take(peer("a"), now).used_up == spent::by_peer));
    BOOST_TEST((b.take(peer("b"), now).used_up == spent::by_all));
}

BOOST_AUTO_TEST_CASE(a_local_account_has_no_bound_but_that_of_all) {
    rate_budget b({1, 3});
    auto const now = time_point();
    account const local{{}, true};
    for (int i = 0; i < 3; ++i)
        BOOST_TEST(bool(b.take(local, now)));
    BOOST_TEST((b.take(local, now).used_up == spent::by_all));
}

// RFC 9110 §10.2.3: Retry-After in whole seconds; who comes back then is not refused again
BOOST_AUTO_TEST_CASE(who_waits_as_long_as_was_said_is_served) {
    rate_budget b({1, 10});
    manual_clock clock;
    BOOST_TEST(bool(b.take(peer("a"), clock.now())));
    for (auto const passed : {1ms, 999ms, 30'500ms, 28'499ms}) {
        clock.advance(passed);
        auto const refused = b.ask(peer("a"), clock.now());
        BOOST_REQUIRE(!refused);
        BOOST_TEST(refused.wait.count() >= 1);
        BOOST_TEST(bool(b.ask(peer("a"), clock.now() + refused.wait)));
    }
}

BOOST_AUTO_TEST_CASE(a_new_minute_has_a_whole_budget) {
    rate_budget b({2, 2});
    manual_clock clock;
    for (int minute = 0; minute < 3; ++minute) {
        BOOST_TEST(bool(b.take(peer("a"), clock.now())));
        BOOST_TEST(bool(b.take(peer("a"), clock.now())));
        BOOST_TEST(!b.take(peer("a"), clock.now()));
        clock.advance(rate_budget::length);
    }
}

// RFC 6585 §4: 429 with Retry-After; the sentence names the key that bounds it
BOOST_AUTO_TEST_CASE(a_refusal_says_how_long_and_which_key) {
    rate_budget::answer const own{spent::by_peer, 42s};
    auto const p = refusal_of(own, "registrations", "registrations");
    BOOST_TEST(p.status() == 429u);
    BOOST_TEST(p.headers().get("Retry-After") == "42");
    BOOST_TEST(p.description() ==
               "too many registrations from your address; try again in 42 seconds "
               "(limits.peer_registrations)");
    rate_budget::answer const all{spent::by_all, 7s};
    auto const q = refusal_of(all, "wrong codes", "user_codes");
    BOOST_TEST(q.status() == 503u);
    BOOST_TEST(q.headers().get("Retry-After") == "7");
    BOOST_TEST(q.description() ==
               "this server gets too many wrong codes at the moment; try again in 7 seconds "
               "(limits.user_codes)");
}

BOOST_AUTO_TEST_SUITE_END()
