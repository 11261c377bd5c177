#include "base/single_flight.hpp"

#include <array>
#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include "support/exchange.hpp"

using namespace tollgate;
namespace asio = boost::asio;

namespace {

// Where questions are answered, once the test lets it.
struct desk {
    explicit desk(asio::io_context& io) : gate(io.get_executor()) {}
    one_shot_event gate;
    int asked = 0;
    bool first_fails = false;
};

task<int> answered_by(desk& d) {
    auto const n = ++d.asked;
    co_await d.gate.wait();
    if (n == 1 && d.first_fails) throw std::runtime_error("no answer");
    co_return n;
}

// How a call ended.
struct result {
    bool ended = false;
    bool threw = false;
    std::optional<int> answer;
    asio::cancellation_signal cancel;
};

struct fixture {
    asio::io_context io{1};
    desk d{io};
    single_flight<int> flights;

    void ask(std::string key, result& r) {
        auto question = [this] { return answered_by(d); };
        auto done = [&r](std::exception_ptr e, std::optional<int> answer) {
            r.ended = true;
            r.threw = e != nullptr;
            r.answer = answer;
        };
        asio::co_spawn(io, flights.run(std::move(key), question),
                       asio::bind_cancellation_slot(r.cancel.slot(), done));
        turn();
    }
    // Everything that can go on goes on.
    void turn() {
        io.restart();
        io.poll();
    }
};

task<int> counted(std::atomic<int>& asked) {
    auto const executor = co_await asio::this_coro::executor;
    auto const n = ++asked;
    co_await asio::post(executor, asio::use_awaitable);
    co_return n;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(single_flights, fixture)

BOOST_AUTO_TEST_CASE(asks_once_for_all_who_ask_at_the_same_time) {
    std::array<result, 3> callers;
    for (auto& r : callers)
        ask("k", r);
    BOOST_TEST(d.asked == 1);
    BOOST_TEST(!callers[0].ended);
    d.gate.open();
    turn();
    for (auto const& r : callers)
        BOOST_TEST((r.answer == 1));
}

BOOST_AUTO_TEST_CASE(asks_anew_once_the_answer_is_there) {
    d.gate.open();
    result first, second;
    ask("k", first);
    ask("k", second);
    BOOST_TEST((first.answer == 1));
    BOOST_TEST((second.answer == 2));
}

BOOST_AUTO_TEST_CASE(does_not_mix_different_questions) {
    result one, other;
    ask("one", one);
    ask("other", other);
    BOOST_TEST(d.asked == 2);
    d.gate.open();
    turn();
    BOOST_TEST((one.answer == 1));
    BOOST_TEST((other.answer == 2));
}

BOOST_AUTO_TEST_CASE(lets_a_follower_lead_when_the_leader_fails) {
    d.first_fails = true;
    std::array<result, 3> callers;
    for (auto& r : callers)
        ask("k", r);
    d.gate.open();
    turn();
    BOOST_TEST(callers[0].threw);
    BOOST_TEST(!callers[1].threw);
    BOOST_TEST((callers[1].answer == 2));
    BOOST_TEST(callers[2].ended);
    BOOST_TEST((callers[2].answer.value_or(0) >= 2));
}

BOOST_AUTO_TEST_CASE(lets_a_follower_lead_when_the_leader_is_cancelled) {
    result leader, follower;
    ask("k", leader);
    ask("k", follower);
    leader.cancel.emit(asio::cancellation_type::terminal);
    turn();
    BOOST_TEST(leader.ended);
    BOOST_TEST(!leader.answer.has_value());
    BOOST_TEST(!follower.ended);
    BOOST_TEST(d.asked == 2);
    d.gate.open();
    turn();
    BOOST_TEST((follower.answer == 2));
}

BOOST_AUTO_TEST_CASE(lets_a_cancelled_follower_go_and_answers_the_others) {
    std::array<result, 3> callers;
    for (auto& r : callers)
        ask("k", r);
    callers[1].cancel.emit(asio::cancellation_type::terminal);
    turn();
    BOOST_TEST(callers[1].ended);
    BOOST_TEST(!callers[1].answer.has_value());
    d.gate.open();
    turn();
    BOOST_TEST(d.asked == 1);
    BOOST_TEST((callers[0].answer == 1));
    BOOST_TEST((callers[2].answer == 1));
}

BOOST_AUTO_TEST_CASE(answers_everybody_whichever_core_they_run_on) {
    constexpr int each = 200;
    std::array<asio::io_context, 4> cores;
    single_flight<int> shared;
    std::atomic<int> asked{0};
    std::atomic<int> answers{0};
    {
        std::vector<std::jthread> threads;
        for (auto& core : cores)
            threads.emplace_back([&] {
                for (int i = 0; i < each; ++i) {
                    auto question = [&asked] { return counted(asked); };
                    auto const got = test::run(core, shared.run("k", question));
                    if (got && *got >= 1) ++answers;
                }
            });
    }
    BOOST_TEST(answers == 4 * each);
    BOOST_TEST(asked <= 4 * each);
}

BOOST_AUTO_TEST_SUITE_END()
