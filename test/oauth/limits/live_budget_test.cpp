#include "oauth/limits/live_budget.hpp"

#include <thread>

#include <boost/test/unit_test.hpp>

using namespace tollgate;
using namespace std::chrono_literals;
using oauth::lapsing_count;
using oauth::live_budget;
using oauth::place_end;
using spent = live_budget::spent;

namespace {

auto const start = tollgate::time_point(1000s);

live_budget::owner owner(std::string client, std::string peer = {}, std::uint64_t realm = 1) {
    live_budget::owner o;
    o.realm = realm;
    o.client = std::move(client);
    o.who.peer = std::move(peer);
    return o;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(live_budget_suite)

BOOST_AUTO_TEST_CASE(counts_what_has_not_lapsed_and_never_too_little) {
    lapsing_count c;
    for (int i = 0; i < 100; ++i)
        c.add(1, start + std::chrono::seconds(i) + 1h, start + std::chrono::seconds(i));
    BOOST_TEST(c.lapse(start + 1h - 1s) == 0u);
    BOOST_TEST(c.count() == 100u);
    // Steps are an eighth of the life at most.
    BOOST_TEST(c.lapse(start + 99s + 1h + 450s) == 100u);
    BOOST_TEST(c.count() == 0u);
}

BOOST_AUTO_TEST_CASE(takes_out_what_was_added_whatever_its_step_is_called) {
    lapsing_count c;
    c.add(3, start + 1h, start);
    c.add(2, start + 61min, start);
    BOOST_TEST(c.remove(4, start + 1h) == 4u);
    BOOST_TEST(c.remove(4, start + 1h) == 1u);
    BOOST_TEST(c.count() == 0u);
    BOOST_TEST(c.remove(1, start + 100h) == 0u);
}

BOOST_AUTO_TEST_CASE(bounds_each_client_and_leaves_room_for_others) {
    live_budget b({3, 100, 100});
    BOOST_TEST((b.take(owner("a"), 3, start + 60s, start) == spent::nothing));
    BOOST_TEST((b.ask(owner("a"), 1, start) == spent::by_client));
    BOOST_TEST((b.take(owner("a"), 1, start + 60s, start) == spent::by_client));
    BOOST_TEST((b.take(owner("b"), 3, start + 60s, start) == spent::nothing));
    BOOST_TEST((b.take(owner("a", {}, 2), 3, start + 60s, start) == spent::nothing));
    BOOST_TEST(b.in_all() == 9);
    BOOST_TEST((b.take(owner("a"), 1, start + 200s, start + 100s) == spent::nothing));
}

BOOST_AUTO_TEST_CASE(bounds_each_peer_whichever_clients_it_uses) {
    live_budget b({100, 3, 100});
    for (auto const* client : {"a", "b", "c"})
        BOOST_TEST((b.take(owner(client, "p"), 1, start + 60s, start) == spent::nothing));
    BOOST_TEST((b.ask(owner("d", "p"), 1, start) == spent::by_peer));
    BOOST_TEST((b.take(owner("d", "p"), 1, start + 60s, start) == spent::by_peer));
    BOOST_TEST(b.in_all() == 3);  // what was refused is counted nowhere
    BOOST_TEST((b.take(owner("d", "q"), 1, start + 60s, start) == spent::nothing));
    BOOST_TEST((b.take(owner("d"), 1, start + 60s, start) == spent::nothing));
    b.forget_peers();
    BOOST_TEST((b.take(owner("d", "p"), 1, start + 60s, start) == spent::nothing));
}

BOOST_AUTO_TEST_CASE(bounds_all_together_until_something_lapses) {
    live_budget b({5, 5, 8});
    BOOST_TEST((b.take(owner("a"), 5, start + 10s, start) == spent::nothing));
    BOOST_TEST((b.take(owner("b"), 3, start + 100s, start) == spent::nothing));
    BOOST_TEST((b.ask(owner("c"), 1, start) == spent::by_all));
    BOOST_TEST((b.take(owner("c"), 1, start + 10s, start) == spent::by_all));
    // Nobody asks for "a" again, and yet its room is free.
    BOOST_TEST((b.take(owner("c"), 5, start + 100s, start + 20s) == spent::nothing));
    BOOST_TEST(b.in_all() == 8);
}

BOOST_AUTO_TEST_CASE(gives_back_what_did_not_come_about_and_forgets_a_realm) {
    live_budget b({5, 5, 100});
    BOOST_TEST((b.take(owner("a", "p"), 5, start + 10s, start) == spent::nothing));
    b.give_back(owner("a", "p"), 5, start + 10s);
    b.give_back(owner("a", "p"), 5, start + 10s);
    BOOST_TEST(b.in_all() == 0);
    BOOST_TEST((b.take(owner("a", "p"), 5, start + 10s, start) == spent::nothing));
    BOOST_TEST((b.take(owner("a", {}, 11), 5, start + 10s, start) == spent::nothing));
    b.forget_realm(1);
    BOOST_TEST(b.in_all() == 5);
    BOOST_TEST((b.take(owner("a"), 5, start + 10s, start) == spent::nothing));
    BOOST_TEST((b.ask(owner("a", {}, 11), 1, start) == spent::by_client));
}

BOOST_AUTO_TEST_CASE(what_a_clock_that_stands_holds_back_lapses_when_it_has_gone_on) {
    auto const clock = std::make_shared<time_shift>();
    clock->freeze(true, start);
    live_budget b({5, 8, 100});
    place_end const end(start + 10s, clock, start + 10s);
    BOOST_TEST((b.take(owner("a", "p"), 5, end, start) == spent::nothing));
    BOOST_TEST((b.ask(owner("a"), 1, start + 100h) == spent::by_client));
    BOOST_TEST((b.ask(owner("b", "p"), 4, start + 100h) == spent::by_peer));
    clock->freeze(false, start + 100h);
    BOOST_TEST((b.ask(owner("a"), 1, start + 100h + 5s) == spent::by_client));
    BOOST_TEST((b.ask(owner("a"), 5, start + 100h + 12s) == spent::nothing));
    BOOST_TEST((b.ask(owner("b", "p"), 5, start + 100h + 12s) == spent::nothing));
    BOOST_TEST(b.in_all() == 0);
}

BOOST_AUTO_TEST_CASE(a_clock_that_stands_can_be_moved_on_and_what_it_held_is_over) {
    auto const clock = std::make_shared<time_shift>();
    clock->freeze(true, start);
    live_budget b({5, 8, 100});
    BOOST_TEST((b.take(owner("a"), 5, {start + 10s, clock, start + 10s}, start) == spent::nothing));
    BOOST_REQUIRE(clock->advance(1min, start));
    BOOST_TEST((b.ask(owner("a"), 5, start) == spent::nothing));
}

BOOST_AUTO_TEST_CASE(a_peer_keeps_what_it_used_for_as_long_as_if_the_clock_had_gone_on) {
    auto clock = std::make_shared<time_shift>();
    clock->freeze(true, start);
    live_budget b({5, 5, 100});
    BOOST_TEST(
        (b.take(owner("a", "p"), 5, {start + 10s, clock, start + 10s}, start) == spent::nothing));
    b.forget_realm(1);
    clock.reset();
    BOOST_TEST((b.ask(owner("b", "p", 2), 1, start + 9s) == spent::by_peer));
    BOOST_TEST((b.ask(owner("b", "p", 2), 5, start + 12s) == spent::nothing));
}

BOOST_AUTO_TEST_CASE(gives_back_what_was_counted_by_a_clock_that_stands) {
    auto const clock = std::make_shared<time_shift>();
    auto const other = std::make_shared<time_shift>();
    clock->freeze(true, start);
    other->freeze(true, start);
    live_budget b({5, 8, 100});
    place_end const end(start + 10s, clock, start + 10s);
    BOOST_TEST((b.take(owner("a"), 3, end, start) == spent::nothing));
    b.give_back(owner("a"), 3, {start + 10s, other, start + 10s});
    BOOST_TEST(b.in_all() == 3);
    b.give_back(owner("a"), 3, end);
    BOOST_TEST(b.in_all() == 0);
}

BOOST_AUTO_TEST_CASE(goes_with_a_gauge) {
    tollgate::metric gauge(tollgate::metric::kind::gauge, "tollgate_test_live", "A test's own.");
    {
        live_budget b({5, 5, 8}, &gauge);
        b.take(owner("a"), 5, start + 10s, start);
        b.take(owner("b"), 5, start + 10s, start);
        BOOST_TEST(gauge.value() == 5);
    }
    BOOST_TEST(gauge.value() == 0);
}

// One client that has all it may have asks on and on: nobody else is refused for it.
BOOST_AUTO_TEST_CASE(who_is_refused_takes_no_place_of_others_meanwhile) {
    live_budget b({100, 100, 101});
    BOOST_TEST((b.take(owner("greedy"), 100, start + 1h, start) == spent::nothing));
    std::atomic<bool> done{false};
    std::thread greedy([&] {
        while (!done)
            b.take(owner("greedy"), 1, start + 1h, start);
    });
    int refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        if (b.take(owner("modest"), 1, start + 1h, start) != spent::nothing)
            ++refused;
        else
            b.give_back(owner("modest"), 1, start + 1h);
    }
    done = true;
    greedy.join();
    BOOST_TEST(refused == 0);
}

// A realm is forgotten while somebody of it is being refused: all that is left is what is there.
BOOST_AUTO_TEST_CASE(a_realm_that_goes_meanwhile_leaves_no_error_in_the_sum) {
    live_budget b({100, 100, 10});
    BOOST_TEST((b.take(owner("other", {}, 2), 10, start + 1h, start) == spent::nothing));
    std::atomic<bool> done{false};
    std::thread forgetful([&] {
        while (!done)
            b.forget_realm(1);
    });
    for (int i = 0; i < 20'000; ++i)
        b.take(owner("a", "p"), 1, start + 1h, start);
    done = true;
    forgetful.join();
    BOOST_TEST(b.in_all() == 10);
}

BOOST_AUTO_TEST_CASE(counts_right_from_many_threads) {
    live_budget b({1000, 1000, 1500});
    std::atomic<int> taken{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([&, t] {
            auto const o = owner("c" + std::to_string(t % 2), "p" + std::to_string(t));
            for (int i = 0; i < 1000; ++i)
                if (b.take(o, 1, start + 1h, start) == spent::nothing) ++taken;
        });
    for (auto& t : threads)
        t.join();
    BOOST_TEST(taken == 1500);
    BOOST_TEST(b.in_all() == 1500);
}

BOOST_AUTO_TEST_SUITE_END()
