#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include "base/one_shot_event.hpp"
#include "oauth/bearer/validators.hpp"
#include "support/exchange.hpp"

namespace {

using namespace tollgate;
using namespace tollgate::oauth;
using tollgate::outcome;
using tollgate::problem;
using tollgate::task;
namespace asio = boost::asio;
namespace http = tollgate::http;
using namespace std::chrono_literals;

using answer = outcome<http::principal>;

http::principal named(std::string subject) {
    http::principal p;
    p.subject = std::move(subject);
    return p;
}

// Answers with "TOKEN at REALM, question N"; on demand not before the test lets it.
class slow_validator final : public token_validator {
public:
    std::atomic<int> calls{0};
    std::atomic<bool> held{false};
    std::optional<problem> failure;
    std::optional<tollgate::time_point> expires_at;
    bool throws = false;

    task<answer> validate(presented_token token, http::place const& where) override {
        auto const n = ++calls;
        auto const executor = co_await asio::this_coro::executor;
        asio::steady_timer timer(executor);
        while (held) {
            timer.expires_after(1ms);
            co_await timer.async_wait(asio::use_awaitable);
        }
        if (throws) throw std::runtime_error("a bug");
        if (failure) co_return *failure;
        auto who =
            named(token.text + " at " + where.realm->name() + ", question " + std::to_string(n));
        who.expires_at = expires_at;
        co_return who;
    }
};

struct fixture {
    tollgate::manual_clock time;
    slow_validator* inner = nullptr;
    std::unique_ptr<token_validator> cache;
    http::place where;
    asio::io_context io;

    fixture() { make(0ms); }
    void make(std::chrono::milliseconds ttl) {
        auto owned = std::make_unique<slow_validator>();
        inner = owned.get();
        cache = make_caching_validator(std::move(owned), ttl, time);
        where.realm = std::make_shared<http::realm>("default");
    }
    answer ask(std::string token) {
        auto question = cache->validate(std::move(token), where);
        return test::run(io, std::move(question));
    }
    std::string subject(std::string token) {
        auto const who = ask(std::move(token));
        return who ? who->subject : who.error().error();
    }
};

// Askers that are spawned and collected later; each may be cancelled.
struct crowd {
    struct member {
        std::optional<answer> got;
        std::exception_ptr failure;
        asio::cancellation_signal cancel;
        bool done = false;
    };
    std::deque<member> members;

    bool done() const { return std::ranges::all_of(members, &member::done); }

    member& spawn(asio::io_context& io, token_validator& v, http::place const& where,
                  std::string token) {
        auto& m = members.emplace_back();
        auto question = v.validate(std::move(token), where);
        auto finished = [&m](std::exception_ptr e, answer a) {
            m.failure = e;
            if (!e) m.got = std::move(a);
            m.done = true;
        };
        asio::co_spawn(io, std::move(question),
                       asio::bind_cancellation_slot(m.cancel.slot(), finished));
        return m;
    }
};

// Whoever was spawned gets as far as it can without waiting.
void start(asio::io_context& io) {
    io.restart();
    io.poll();
}

template <class Predicate>
void until(asio::io_context& io, Predicate happened) {
    auto const end = std::chrono::steady_clock::now() + 10s;
    while (!happened() && std::chrono::steady_clock::now() < end) {
        io.restart();
        io.run_for(2ms);
    }
    BOOST_REQUIRE(happened());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(caching_validator, fixture)

BOOST_AUTO_TEST_CASE(asks_every_time_without_a_ttl) {
    BOOST_TEST(subject("a") == "a at default, question 1");
    BOOST_TEST(subject("a") == "a at default, question 2");
}

BOOST_AUTO_TEST_CASE(keeps_a_good_answer_until_its_ttl_is_over) {
    make(10s);
    BOOST_TEST(subject("a") == "a at default, question 1");
    time.advance(10s - 1ns);
    BOOST_TEST(subject("a") == "a at default, question 1");
    time.advance(1ns);
    BOOST_TEST(subject("a") == "a at default, question 2");
}

// RFC 7662 §4: an answer with exp is not kept beyond that time.
BOOST_AUTO_TEST_CASE(never_keeps_an_answer_past_the_expiry_of_the_token) {
    make(1h);
    inner->expires_at = time.now() + 5s;
    BOOST_TEST(subject("a") == "a at default, question 1");
    time.advance(4s);
    BOOST_TEST(subject("a") == "a at default, question 1");
    time.advance(1s);
    BOOST_TEST(subject("a") == "a at default, question 2");  // expired when it came: not kept
    BOOST_TEST(subject("a") == "a at default, question 3");
}

BOOST_AUTO_TEST_CASE(never_keeps_a_refusal_or_a_503) {
    make(1h);
    for (auto const& p :
         {problem(401, "invalid_token", "x"), problem(503, "temporarily_unavailable", "x")}) {
        inner->failure = p;
        auto const before = inner->calls.load();
        BOOST_TEST(subject("a") == p.error());
        BOOST_TEST(subject("a") == p.error());
        BOOST_TEST(inner->calls == before + 2);
    }
    inner->failure.reset();
    BOOST_TEST(subject("a") == "a at default, question 5");
    BOOST_TEST(subject("a") == "a at default, question 5");
}

BOOST_AUTO_TEST_CASE(keeps_tokens_and_realms_apart) {
    make(1h);
    BOOST_TEST(subject("a") == "a at default, question 1");
    BOOST_TEST(subject("b") == "b at default, question 2");
    auto const first = where.realm;
    where.realm = std::make_shared<http::realm>("alpha");
    BOOST_TEST(subject("a") == "a at alpha, question 3");
    where.realm = first;
    BOOST_TEST(subject("a") == "a at default, question 1");
}

BOOST_AUTO_TEST_CASE(asks_anew_in_a_realm_that_has_the_name_of_a_deleted_one) {
    make(1h);
    BOOST_TEST(subject("a") == "a at default, question 1");
    auto const before = where.realm->id();
    where.realm.reset();
    where.realm = std::make_shared<http::realm>("default");
    BOOST_TEST(where.realm->id() != before);
    BOOST_TEST(subject("a") == "a at default, question 2");
}

BOOST_AUTO_TEST_CASE(drops_the_oldest_answers_when_it_is_full) {
    make(1h);
    for (int i = 0; i < 10'001; ++i)
        ask(std::to_string(i));
    BOOST_TEST(subject("10000") == "10000 at default, question 10001");
    BOOST_TEST(subject("1") == "1 at default, question 2");
    BOOST_TEST(subject("0") == "0 at default, question 10002");
}

BOOST_AUTO_TEST_CASE(asks_equal_questions_once_while_they_are_open) {
    inner->held = true;
    crowd all;
    for (int i = 0; i < 5; ++i)
        all.spawn(io, *cache, where, "a");
    all.spawn(io, *cache, where, "b");
    start(io);
    BOOST_TEST(inner->calls == 2);
    inner->held = false;
    until(io, [&] { return all.done(); });
    for (std::size_t i = 0; i < 5; ++i) {
        BOOST_REQUIRE(all.members[i].done);
        BOOST_TEST((*all.members[i].got)->subject == "a at default, question 1");
    }
    BOOST_TEST((*all.members[5].got)->subject == "b at default, question 2");
    BOOST_TEST(subject("a") == "a at default, question 3");  // the answer was not kept
}

BOOST_AUTO_TEST_CASE(shares_a_refusal_among_those_who_asked_together) {
    inner->held = true;
    inner->failure = problem(401, "invalid_token", "x");
    crowd all;
    for (int i = 0; i < 3; ++i)
        all.spawn(io, *cache, where, "a");
    start(io);
    inner->held = false;
    until(io, [&] { return all.done(); });
    BOOST_TEST(inner->calls == 1);
    for (auto const& m : all.members) {
        BOOST_REQUIRE(m.done);
        BOOST_TEST(m.got->error().status() == 401u);
    }
}

BOOST_AUTO_TEST_CASE(lets_a_waiter_lead_when_the_leader_is_cancelled) {
    inner->held = true;
    crowd all;
    auto& leader = all.spawn(io, *cache, where, "a");
    start(io);
    auto& second = all.spawn(io, *cache, where, "a");
    auto& third = all.spawn(io, *cache, where, "a");
    start(io);
    BOOST_TEST(inner->calls == 1);
    leader.cancel.emit(asio::cancellation_type::terminal);
    until(io, [&] { return leader.done && inner->calls == 2; });
    BOOST_TEST(leader.done);
    BOOST_TEST(!second.done);
    BOOST_TEST(!third.done);
    BOOST_TEST(inner->calls == 2);
    inner->held = false;
    until(io, [&] { return all.done(); });
    BOOST_REQUIRE(second.done);
    BOOST_REQUIRE(third.done);
    BOOST_TEST((*second.got)->subject == "a at default, question 2");
    BOOST_TEST((*third.got)->subject == "a at default, question 2");
}

BOOST_AUTO_TEST_CASE(lets_a_waiter_go_that_is_cancelled_and_nobody_else) {
    inner->held = true;
    crowd all;
    auto& leader = all.spawn(io, *cache, where, "a");
    start(io);
    auto& second = all.spawn(io, *cache, where, "a");
    auto& third = all.spawn(io, *cache, where, "a");
    start(io);
    second.cancel.emit(asio::cancellation_type::terminal);
    until(io, [&] { return second.done; });
    BOOST_TEST(second.done);
    BOOST_TEST(!leader.done);
    BOOST_TEST(!third.done);
    inner->held = false;
    until(io, [&] { return all.done(); });
    BOOST_TEST((*leader.got)->subject == "a at default, question 1");
    BOOST_TEST((*third.got)->subject == "a at default, question 1");
    BOOST_TEST(inner->calls == 1);
}

BOOST_AUTO_TEST_CASE(survives_an_exception_of_the_leader) {
    inner->held = true;
    inner->throws = true;
    crowd all;
    auto& leader = all.spawn(io, *cache, where, "a");
    auto& second = all.spawn(io, *cache, where, "a");
    start(io);
    inner->held = false;
    until(io, [&] { return all.done(); });
    BOOST_TEST(bool(leader.failure));
    BOOST_TEST(bool(second.failure));  // it led in its turn and met the same bug
    BOOST_TEST(inner->calls == 2);
    inner->throws = false;
    BOOST_TEST(subject("a") == "a at default, question 3");
}

// Each core waits on its own io_context; the leader's answer reaches them all.
BOOST_AUTO_TEST_CASE(hands_answers_across_cores) {
    constexpr int cores = 4;
    constexpr int per_core = 25;
    for (int round = 0; round < 20; ++round) {
        inner->held = true;
        auto const before = inner->calls.load();
        std::atomic<int> finished{0};
        std::atomic<int> good{0};
        std::atomic<int> waiting{0};
        std::vector<std::unique_ptr<asio::io_context>> contexts;
        std::vector<std::jthread> threads;
        for (int c = 0; c < cores; ++c) {
            auto& core = *contexts.emplace_back(std::make_unique<asio::io_context>(1));
            for (int i = 0; i < per_core; ++i) {
                auto question = cache->validate("a", where);
                auto done = [&](std::exception_ptr e, answer a) {
                    if (!e && a && a->subject.starts_with("a at default")) ++good;
                    ++finished;
                };
                asio::co_spawn(core, std::move(question), done);
            }
            asio::post(core, [&] { ++waiting; });  // behind all of this core's questions
        }
        for (auto& core : contexts)
            threads.emplace_back([&core] { core->run(); });
        while (waiting != cores)
            std::this_thread::yield();
        inner->held = false;
        threads.clear();
        BOOST_TEST(finished == cores * per_core);
        BOOST_TEST(good == cores * per_core);
        BOOST_TEST(inner->calls == before + 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(switching_validator)

namespace {

class constant final : public token_validator {
public:
    explicit constant(std::string name) : name_(std::move(name)) {}
    task<answer> validate(presented_token, http::place const&) override { co_return named(name_); }

private:
    std::string name_;
};

}  // namespace

BOOST_AUTO_TEST_CASE(asks_the_strategy_that_the_realm_has_at_that_moment) {
    auto chosen = strategy::introspection;
    std::string asked_of;
    validator_set set;
    set.introspection = std::make_unique<constant>("introspection");
    set.userinfo = std::make_unique<constant>("userinfo");
    set.jwt = std::make_unique<constant>("jwt");
    set.local = std::make_unique<constant>("local");
    auto const v = make_switching_validator(std::move(set), [&](http::realm const& r) {
        asked_of = r.name();
        return chosen;
    });
    http::place where;
    where.realm = std::make_shared<http::realm>("alpha");
    asio::io_context io;
    std::pair<strategy, char const*> const all[] = {{strategy::introspection, "introspection"},
                                                    {strategy::userinfo, "userinfo"},
                                                    {strategy::jwt, "jwt"},
                                                    {strategy::local, "local"}};
    for (auto const& [which, name] : all) {
        chosen = which;
        auto question = v->validate("t", where);
        BOOST_TEST(test::run(io, std::move(question))->subject == name);
        BOOST_TEST(asked_of == "alpha");
    }
}

BOOST_AUTO_TEST_CASE(answers_503_for_a_strategy_that_was_not_given) {
    auto const v =
        make_switching_validator({}, [](http::realm const&) { return strategy::userinfo; });
    http::place where;
    where.realm = std::make_shared<http::realm>("alpha");
    asio::io_context io;
    auto question = v->validate("t", where);
    auto const got = test::run(io, std::move(question));
    BOOST_REQUIRE(!got);
    BOOST_TEST(got.error().status() == 503u);
}

BOOST_AUTO_TEST_SUITE_END()
