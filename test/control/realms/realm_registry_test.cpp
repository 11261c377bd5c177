#include "control/realms/realm_registry.hpp"
#include "control/faults/realm_faults.hpp"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include "base/metrics.hpp"
#include "control/realms/realm_names.hpp"
#include "control/support/fakes.hpp"
#include "support/exchange.hpp"

using namespace test;
using namespace std::chrono_literals;
namespace control = tollgate::control;

namespace {

control::realm_registry::options small() {
    control::realm_registry::options o;
    o.max = 2;
    o.ttl = 60s;
    return o;
}

// This machine's own tests.
http::founder const local{{"", true}, false};

http::founder from(std::string peer, bool trusted = false) {
    return {{std::move(peer), false}, trusted};
}

struct setup {
    explicit setup(control::realm_registry::options o = small())
        : realms(std::move(o), clock, oauth, mcp) {}

    outcome<http::realm_ptr> create(std::string name,
                                    std::optional<control::milliseconds> ttl = {}) {
        control::realm_request wanted;
        wanted.name = std::move(name);
        wanted.ttl = ttl;
        return realms.create(std::move(wanted));
    }
    outcome<http::realm_ptr> use(std::string_view run, std::string_view scenario = "plain") {
        return realms.implicit(scenario, run, &local);
    }
    // Whether `by` may make that realm: 200, or the status of the refusal.
    unsigned found(http::founder const& by, std::string const& run_name) {
        return status(realms.implicit("plain", run_name, &by));
    }
    bool alive(std::string const& run_name) {
        return realms.look("s.plain." + run_name) != nullptr;
    }
    void sweep() { run(io, realms.sweep()); }
    // How many realms were forgotten when that removal was answered.
    task<std::size_t> closed_at_the_answer(std::string name) {
        auto const done = co_await realms.remove(std::move(name));
        co_return done ? oauth.closed.size() : std::size_t(1'000);
    }
    unsigned status(outcome<http::realm_ptr> const& r) { return r ? 200 : r.error().status(); }

    boost::asio::io_context io;
    tollgate::manual_clock clock;
    fake_oauth oauth;
    fake_mcp mcp;
    control::realm_registry realms;
};

struct explicit_setup : setup {
    explicit_setup() : setup(options()) {}
    static control::realm_registry::options options() {
        auto o = small();
        o.implicit = false;
        return o;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(realm_registry)

BOOST_FIXTURE_TEST_CASE(always_has_the_default_realm, setup) {
    clock.advance(24h * 400);
    sweep();
    auto const r = realms.find("default");
    BOOST_REQUIRE(r);
    BOOST_TEST(r->name() == "default");
    BOOST_TEST(oauth.opened == std::vector<std::string>{"default"});
    BOOST_TEST(mcp.opened == std::vector<std::string>{"default"});
}

BOOST_FIXTURE_TEST_CASE(opens_both_servers_before_a_realm_can_be_found, setup) {
    BOOST_TEST(!realms.find("alpha"));
    auto const made = create("alpha");
    BOOST_REQUIRE(bool(made));
    BOOST_TEST(realms.find("alpha") == *made);
    BOOST_TEST(count_of(oauth.opened, "alpha") == 1u);
    BOOST_TEST(count_of(mcp.opened, "alpha") == 1u);
    BOOST_TEST((*made)->get<control::realm_state>().birth().base == "/r/alpha");
}

BOOST_FIXTURE_TEST_CASE(makes_an_implicit_realm_on_first_use_and_only_when_it_may, setup) {
    BOOST_TEST(status(realms.implicit("refresh.dead", "r1", nullptr)) == 404u);
    auto const made = realms.implicit("refresh.dead", "r1", &local);
    BOOST_REQUIRE(bool(made));
    BOOST_TEST((*made)->name() == "s.refresh.dead.r1");
    BOOST_TEST((*made)->get<control::realm_state>().birth().base == "/s/refresh.dead/r1");
    BOOST_TEST((*made)->get<control::realm_faults>().has_faults());
    BOOST_TEST(*realms.implicit("refresh.dead", "r1", nullptr) == *made);
    BOOST_TEST(count_of(oauth.opened, "s.refresh.dead.r1") == 1u);
}

BOOST_FIXTURE_TEST_CASE(names_the_nearest_scenario_to_an_unknown_one, setup) {
    auto const r = use("r1", "refresh.ded");
    BOOST_REQUIRE(!r);
    BOOST_TEST(r.error().status() == 404u);
    BOOST_TEST(r.error().description().find("refresh.dead") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(keeps_implicit_realms_off_the_paths_of_named_ones, setup) {
    BOOST_REQUIRE(bool(use("r1")));
    BOOST_TEST(!realms.find("s.plain.r1"));
    BOOST_TEST(realms.look("s.plain.r1") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(refuses_a_run_that_cannot_part_from_the_scenario, setup) {
    for (auto const* name : {"", "a.b", "a/b", "a b", "\xc3\xa9"})
        BOOST_TEST(status(use(name)) == 404u);
    BOOST_TEST(status(use(std::string(65, 'a'))) == 404u);
    BOOST_TEST(status(use(std::string(64, 'a'))) == 200u);
}

BOOST_FIXTURE_TEST_CASE(makes_no_implicit_realm_where_they_are_off, explicit_setup) {
    BOOST_TEST(status(use("r1")) == 404u);
    BOOST_TEST(status(create("alpha")) == 200u);
}

BOOST_FIXTURE_TEST_CASE(lets_the_longest_idle_implicit_realm_go_at_max, setup) {
    use("old");
    clock.advance(2s);
    use("new");
    clock.advance(2s);
    use("old");  // a use
    clock.advance(2s);
    BOOST_TEST(status(use("third")) == 200u);
    BOOST_TEST(!realms.look("s.plain.new"));
    BOOST_TEST(realms.look("s.plain.old") != nullptr);
    BOOST_TEST(mcp.ended == std::vector<std::string>{"s.plain.new"});
    BOOST_TEST(oauth.closed.empty());  // nobody to do it yet
    sweep();
    BOOST_TEST(oauth.closed == std::vector<std::string>{"s.plain.new"});
}

BOOST_FIXTURE_TEST_CASE(never_lets_a_named_realm_go_and_answers_503, setup) {
    BOOST_TEST(status(create("alpha")) == 200u);
    BOOST_TEST(status(create("beta")) == 200u);
    auto const full = create("gamma");
    BOOST_REQUIRE(!full);
    BOOST_TEST(full.error().status() == 503u);
    BOOST_TEST(full.error().headers().has("Retry-After"));
    BOOST_TEST(status(use("r1")) == 503u);
    BOOST_TEST(realms.look("alpha") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(takes_an_expired_realm_before_a_living_one, setup) {
    create("brief", 1s);
    use("r1");
    clock.advance(5s);
    BOOST_TEST(status(use("r2")) == 200u);
    BOOST_TEST(!realms.look("brief"));
    BOOST_TEST(realms.look("s.plain.r1") != nullptr);
}

BOOST_FIXTURE_TEST_CASE(counts_the_time_of_a_realm_from_its_last_use, setup) {
    create("alpha", 10s);
    clock.advance(9s);
    BOOST_TEST(realms.find("alpha") != nullptr);
    clock.advance(9s);
    BOOST_TEST(realms.find("alpha") != nullptr);
    clock.advance(10s);
    BOOST_TEST(!realms.find("alpha"));
    sweep();
    BOOST_TEST(oauth.closed == std::vector<std::string>{"alpha"});
}

BOOST_FIXTURE_TEST_CASE(sweeps_implicit_realms_that_nobody_uses, setup) {
    use("r1");
    clock.advance(59s);
    sweep();
    BOOST_TEST(realms.look("s.plain.r1") != nullptr);
    clock.advance(1s);
    sweep();
    BOOST_TEST(!realms.look("s.plain.r1"));
    BOOST_TEST(oauth.closed == std::vector<std::string>{"s.plain.r1"});
    BOOST_TEST(status(use("r1")) == 200u);  // anew
    BOOST_TEST(count_of(oauth.opened, "s.plain.r1") == 2u);
}

BOOST_FIXTURE_TEST_CASE(makes_no_realm_of_a_name_that_is_still_being_forgotten, setup) {
    create("alpha", 1s);
    clock.advance(2s);
    BOOST_TEST(!realms.find("alpha"));
    BOOST_TEST(status(create("alpha")) == 503u);  // or its records would be wiped under it
    sweep();
    BOOST_TEST(status(create("alpha")) == 200u);
}

BOOST_FIXTURE_TEST_CASE(tries_again_when_the_store_could_not_forget, setup) {
    create("alpha");
    oauth.close_fails = true;
    auto const refused = run(io, realms.remove("alpha"));
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().status() == 503u);
    BOOST_TEST(refused.error().headers().has("Retry-After"));
    BOOST_TEST(!realms.look("alpha"));
    BOOST_TEST(status(create("alpha")) == 503u);
    sweep();
    BOOST_TEST(oauth.closed.empty());
    oauth.close_fails = false;
    sweep();
    BOOST_TEST(oauth.closed == std::vector<std::string>{"alpha"});
    BOOST_TEST(status(create("alpha")) == 200u);
}

BOOST_FIXTURE_TEST_CASE(forgets_at_once_where_it_has_an_executor, setup) {
    realms.forget_on(io.get_executor());
    create("alpha", 1s);
    clock.advance(2s);
    BOOST_TEST(!realms.find("alpha"));
    io.restart();
    io.run();
    BOOST_TEST(oauth.closed == std::vector<std::string>{"alpha"});
}

// Who makes one of the same name right after the answer must not find it still being closed.
BOOST_FIXTURE_TEST_CASE(has_forgotten_a_realm_when_its_removal_is_answered, setup) {
    realms.forget_on(io.get_executor());
    oauth.closes_slowly = true;
    create("alpha");
    BOOST_TEST(run(io, closed_at_the_answer("alpha")) == 1u);
    BOOST_TEST(status(create("alpha")) == 200u);
}

BOOST_FIXTURE_TEST_CASE(of_two_removals_at_once_one_is_told_to_come_again, setup) {
    oauth.closes_slowly = true;
    create("alpha");
    auto first = boost::asio::co_spawn(io, realms.remove("alpha"), boost::asio::use_future);
    auto second = boost::asio::co_spawn(io, realms.remove("alpha"), boost::asio::use_future);
    io.run();
    BOOST_TEST(bool(first.get()));
    auto const told = second.get();
    BOOST_REQUIRE(!told);
    BOOST_TEST(told.error().status() == 503u);
    io.restart();
    BOOST_TEST(run(io, realms.remove("alpha")).error().status() == 404u);
}

BOOST_FIXTURE_TEST_CASE(leaves_a_removed_realm_to_those_who_still_hold_it, setup) {
    auto const made = create("alpha");
    BOOST_REQUIRE(bool(made));
    auto const held = *made;
    run(io, realms.remove("alpha"));
    BOOST_TEST(!realms.find("alpha"));
    BOOST_TEST(held->get<control::realm_state>().current_scenario().name == "plain");
}

BOOST_FIXTURE_TEST_CASE(counts_the_realms_that_are_alive, setup) {
    auto const shown = [](int n) {
        return tollgate::render_metrics().find("tollgate_realms " + std::to_string(n) + '\n') !=
               std::string::npos;
    };
    BOOST_TEST(shown(1));
    create("alpha");
    BOOST_TEST(shown(2));
    run(io, realms.remove("alpha"));
    BOOST_TEST(shown(1));
}

BOOST_FIXTURE_TEST_CASE(gives_many_threads_one_and_the_same_realm, setup) {
    std::vector<http::realm_ptr> got(8);
    std::vector<std::thread> threads;
    for (auto& mine : got) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                auto const r = realms.implicit("plain", "shared", &local);
                if (r) mine = *r;
                static_cast<void>(realms.find("alpha"));
            }
        });
    }
    for (int i = 0; i < 20; ++i) {
        create("alpha");
        run(io, realms.remove("alpha"));
    }
    for (auto& t : threads)
        t.join();
    for (auto const& r : got)
        BOOST_TEST(r == got.front());
    BOOST_TEST(got.front() != nullptr);
    BOOST_TEST(count_of(oauth.opened, "s.plain.shared") == 1u);
}

struct budgeted : setup {
    budgeted() : setup(options()) {}
    static control::realm_registry::options options() {
        control::realm_registry::options o;
        o.max = 6;
        o.max_per_peer = 2;
        o.made = {3, 5};
        return o;
    }
};

BOOST_FIXTURE_TEST_CASE(one_peer_makes_so_many_realms_a_minute_and_others_go_on, budgeted) {
    auto const stranger = from("192.0.2.1");
    for (auto const* run_name : {"a1", "a2", "a3"})
        BOOST_TEST(found(stranger, run_name) == 200u);
    auto const refused = realms.implicit("plain", "a4", &stranger);
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().status() == 429u);  // RFC 6585 §4
    BOOST_TEST(refused.error().headers().get("Retry-After") == "60");
    BOOST_TEST(refused.error().description().find("limits.peer_realms") != std::string::npos);
    BOOST_TEST(found(stranger, "a3") == 200u);  // to use one is not to make one
    BOOST_TEST(found(from("192.0.2.2"), "b1") == 200u);
    clock.advance(60s);
    BOOST_TEST(found(stranger, "a4") == 200u);
}

BOOST_FIXTURE_TEST_CASE(strangers_together_make_so_many_realms_a_minute, budgeted) {
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(found(from("192.0.2." + std::to_string(i)), "r" + std::to_string(i)) == 200u);
    BOOST_TEST(found(from("192.0.2.9"), "r9") == 503u);  // RFC 9110 §15.6.4
    BOOST_TEST(found(local, "mine") == 200u);
    BOOST_TEST(found(from("192.0.2.9", true), "told") == 200u);
    clock.advance(60s);
    BOOST_TEST(found(from("192.0.2.9"), "r9") == 200u);
}

// 1005 requests of one stranger used to end all the idle runs of others.
BOOST_FIXTURE_TEST_CASE(a_peer_with_many_realms_takes_the_room_of_its_own, budgeted) {
    BOOST_TEST(found(from("192.0.2.7"), "theirs") == 200u);
    BOOST_TEST(found(local, "mine") == 200u);
    auto const stranger = from("192.0.2.1");
    for (int i = 0; i < 30; ++i) {
        clock.advance(61s);
        BOOST_REQUIRE(found(stranger, "a" + std::to_string(i)) == 200u);
        sweep();
    }
    BOOST_TEST(alive("theirs"));
    BOOST_TEST(alive("mine"));
    BOOST_TEST(!alive("a27"));
    BOOST_TEST(alive("a28"));
    BOOST_TEST(alive("a29"));
}

BOOST_FIXTURE_TEST_CASE(hundreds_of_realms_of_this_machine_meet_no_budget, setup) {
    for (int i = 0; i < 600; ++i) {
        BOOST_REQUIRE(found(local, "ci" + std::to_string(i)) == 200u);
        BOOST_REQUIRE(found(from("192.0.2.1", true), "told" + std::to_string(i)) == 200u);
        sweep();
    }
}

BOOST_AUTO_TEST_CASE(knows_the_names_that_are_one_dns_label) {  // RFC 1035 §2.3.1, lower case
    for (auto const* good : {"a", "alpha", "ci-42", "0"})
        BOOST_TEST(control::is_realm_name(good));
    for (auto const* bad : {"", "-a", "a-", "A", "a.b", "a_b", "a b", "s/x"})
        BOOST_TEST(!control::is_realm_name(bad));
    BOOST_TEST(control::is_realm_name(std::string(63, 'a')));
    BOOST_TEST(!control::is_realm_name(std::string(64, 'a')));
}

BOOST_AUTO_TEST_SUITE_END()
