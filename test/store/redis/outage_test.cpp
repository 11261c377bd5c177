// A server that is killed, frozen, full, emptied, or used by somebody else while the store is open.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "store/redis/redis_bench.hpp"

using namespace test::stores;

namespace {

using std::chrono::steady_clock;

struct redis_outage : own_redis {
    redis_outage() { open(); }
    explicit redis_outage(std::chrono::milliseconds patience) {
        timeout = patience;
        open();
    }
};
struct impatient : redis_outage {
    impatient() : redis_outage(1s) {}
};

std::string put_one(store& s, std::string const& key) {
    return failure(now(s.put("r", kind::code, key, text("x", "g"))));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(redis_outages)

// Callers notice nothing of a restart that is shorter than a call may take: what they sent is sent
// again, and done once.
BOOST_FIXTURE_TEST_CASE(loses_nothing_that_was_acknowledged_when_the_server_is_killed,
                        redis_outage) {
    std::atomic<bool> over{false};
    std::atomic<int> rounds{0};
    std::vector<std::string> kept_by[3];
    std::atomic<int> wrong{0};
    std::vector<std::jthread> threads;
    for (int t = 0; t < 3; ++t)
        threads.emplace_back([&, t] {
            for (int i = 0; !over; ++i) {
                auto const key = std::to_string(t) + '.' + std::to_string(i);
                if (put_one(s(), key) != "success") ++wrong;
                auto const used = now(s().redeem("r", kind::code, key));
                if (!used || !used->first_time) ++wrong;
                kept_by[t].push_back(key);
                ++rounds;
            }
        });
    for (int kills = 0; kills < 8; ++kills) {
        auto const before = rounds.load();
        BOOST_TEST(test::eventually([&] { return rounds > before + 20; }));
        server.kill();
        server.begin();
    }
    over = true;
    threads.clear();
    BOOST_TEST(wrong == 0);
    std::size_t lost = 0;
    for (auto const& keys : kept_by)
        for (auto const& key : keys) {
            auto const again = now(s().redeem("r", kind::code, key));
            if (!again || again->first_time) ++lost;
        }
    BOOST_TEST(lost == 0u);
}

BOOST_FIXTURE_TEST_CASE(fails_while_nobody_answers_and_goes_on_by_itself, impatient) {
    put_one(s(), "before");
    BOOST_TEST(opened.answers());
    server.kill();
    auto const got = now(s().get("r", kind::code, "before"));
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().status() == 503u);
    BOOST_TEST(got.error().error() == "unavailable");
    BOOST_TEST(put_one(s(), "meanwhile") == "unavailable");
    BOOST_TEST(!opened.answers());
    server.begin();
    BOOST_TEST(test::eventually([&] { return opened.answers(); }));
    BOOST_TEST(test::eventually([&] { return put_one(s(), "after") != "unavailable"; }));
    BOOST_TEST(failure(now(s().get("r", kind::code, "before"))) == "success");
}

// A call that was given up must not be done when the server wakes.
BOOST_FIXTURE_TEST_CASE(holds_its_deadline_and_does_nothing_afterwards, impatient) {
    put_one(s(), "before");
    server.freeze();
    auto const began = steady_clock::now();
    BOOST_TEST(put_one(s(), "late") == "unavailable");
    BOOST_TEST(failure(now(s().redeem("r", kind::code, "before"))) == "unavailable");
    BOOST_TEST(failure(now(s().erase_group("r", "g"))) == "unavailable");
    BOOST_TEST((steady_clock::now() - began < 10s));
    server.thaw();
    BOOST_TEST(test::eventually([&] { return put_one(s(), "after") != "unavailable"; }));
    BOOST_TEST(failure(now(s().get("r", kind::code, "late"))) == "not_found");
    BOOST_TEST(now(s().redeem("r", kind::code, "before"))->first_time);
}

BOOST_FIXTURE_TEST_CASE(fails_every_one_of_many_callers_of_a_frozen_server, impatient) {
    server.freeze();
    std::atomic<int> failed{0};
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 20; ++t)
            threads.emplace_back([&, t] {
                for (int i = 0; i < 5; ++i)
                    if (put_one(s(), std::to_string(t) + '.' + std::to_string(i)) == "unavailable")
                        ++failed;
            });
    }
    BOOST_TEST(failed == 100);
    server.thaw();
}

BOOST_FIXTURE_TEST_CASE(loads_its_scripts_again_where_the_server_has_forgotten_them, redis_outage) {
    BOOST_TEST(put_one(s(), "1") == "success");
    server.ask({"SCRIPT", "FLUSH"});
    BOOST_TEST(put_one(s(), "2") == "success");
    BOOST_TEST(now(s().redeem("r", kind::code, "2"))->first_time);
}

// Out of memory is a failure of writes; what is there can be read, used up and revoked.
BOOST_FIXTURE_TEST_CASE(says_no_to_writes_when_the_server_is_full_and_revokes_nevertheless,
                        redis_outage) {
    put_one(s(), "1");
    server.ask({"CONFIG", "SET", "maxmemory", "1"});
    BOOST_TEST(put_one(s(), "2") == "unavailable");
    BOOST_TEST(failure(now(s().get("r", kind::code, "1"))) == "success");
    BOOST_TEST(*now(s().erase_group("r", "g")) == 1u);
    server.ask({"CONFIG", "SET", "maxmemory", "0"});
    BOOST_TEST(failure(now(s().put("r", kind::code, "3", text("x")))) == "success");
    BOOST_TEST(put_one(s(), "4") == "group_dead");
}

BOOST_FIXTURE_TEST_CASE(answers_nobody_while_somebody_else_has_the_lock, impatient) {
    put_one(s(), "1");
    server.ask({"SET", "{own/}:lock", "token elsewhere 7", "PX", "60000"});
    BOOST_TEST(test::eventually([&] { return !opened.answers(); }));
    BOOST_TEST(failure(now(s().get("r", kind::code, "1"))) == "unavailable");
    BOOST_TEST(put_one(s(), "2") == "unavailable");
    server.ask({"DEL", "{own/}:lock"});
    BOOST_TEST(test::eventually([&] { return opened.answers(); }));
    BOOST_TEST(put_one(s(), "3") == "success");
    BOOST_TEST(failure(now(s().get("r", kind::code, "2"))) == "not_found");
}

// Data that were lost are lost; the store goes on, and is its own again at the next start.
BOOST_FIXTURE_TEST_CASE(goes_on_with_a_server_that_was_emptied, impatient) {
    put_one(s(), "1");
    server.ask({"FLUSHALL"});
    BOOST_TEST(test::eventually([&] {
        return !contains(server.ask({"EXISTS", "{own/}:meta"}), ":0");
    }));
    BOOST_TEST(put_one(s(), "2") == "success");
    std::vector<std::string> const expected{"r"};
    BOOST_TEST(sorted(now(s().realms())) == expected, boost::test_tools::per_element());
    reopen();
    BOOST_TEST(failure(now(s().get("r", kind::code, "2"))) == "success");
}

// A master that became a replica takes no writes; when it is a master again, it goes on.
BOOST_FIXTURE_TEST_CASE(waits_for_a_server_that_is_a_replica_for_a_while, impatient) {
    auto const port = std::to_string(test::redis_server::free_port());
    server.ask({"REPLICAOF", "127.0.0.1", port});
    BOOST_TEST(put_one(s(), "1") == "unavailable");
    server.ask({"REPLICAOF", "NO", "ONE"});
    BOOST_TEST(test::eventually([&] { return put_one(s(), "2") == "success"; }));
}

BOOST_FIXTURE_TEST_CASE(lets_a_caller_go_who_is_cancelled, redis_outage) {
    server.freeze();
    boost::asio::io_context io;
    boost::asio::cancellation_signal stop;
    bool ended = false;
    auto const work = [](store& in) -> tollgate::task<void> {
        co_await in.get("r", kind::code, "k");
    };
    auto waiting = work(s());
    auto done = [&](std::exception_ptr) { ended = true; };
    boost::asio::co_spawn(io, std::move(waiting),
                          boost::asio::bind_cancellation_slot(stop.slot(), std::move(done)));
    io.poll();
    BOOST_TEST(!ended);
    stop.emit(boost::asio::cancellation_type::terminal);
    auto const began = steady_clock::now();
    io.run();
    BOOST_TEST(ended);
    BOOST_TEST((steady_clock::now() - began < 10s));
    server.thaw();
}

BOOST_FIXTURE_TEST_CASE(sweeps_what_is_over_and_forgets_realms_that_have_nothing_left,
                        redis_outage) {
    now(s().put("a", kind::code, "1", record("x", "f", time.now() + 1s))).value();
    now(s().put("b", kind::code, "1", text("x"))).value();
    auto const slow = std::make_shared<time_shift>();
    slow->freeze(true, time.now());
    s().keep_time("frozen", slow);
    now(s().put("frozen", kind::code, "1", record("x", "f", time.now() + 1s))).value();
    // Nothing goes before realms have their clocks.
    time.advance(1h);
    BOOST_TEST(now(s().copy("a"))->size() == 1u);
    opened.begin_sweeping();
    BOOST_TEST(test::eventually([&] { return now(s().copy("a"))->empty(); }));
    BOOST_TEST(test::eventually([&] {
        return !contains(server.ask({"ZRANGE", "{own/}:realms", "0", "-1"}), "\r\na\r\n");
    }));
    BOOST_TEST(contains(server.ask({"KEYS", "{own/a}*"}), "*0"));
    BOOST_TEST(failure(now(s().get("frozen", kind::code, "1"))) == "success");
    // Its name comes back with its next record.
    now(s().put("a", kind::code, "2", text("x"))).value();
    std::vector<std::string> const expected{"a", "b", "frozen"};
    BOOST_TEST(sorted(now(s().realms())) == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
