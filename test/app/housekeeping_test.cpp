// The thread beside the requests: signals, and work that is given up at the end.
#include "app/housekeeping.hpp"

#include <signal.h>
#include <unistd.h>
#include <atomic>
#include <stdexcept>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include "base/log/log.hpp"
#include "control/support/fakes.hpp"
#include "support/waiting.hpp"

using namespace tollgate;
namespace asio = boost::asio;

namespace {

struct fixture {
    fixture() { set_log(log_level::off, log_format::text); }

    void start() {
        keeper.start([this] { count(terminated); }, [this] { count(hung_up); });
    }
    void count(std::atomic<int>& what) {
        beside = std::this_thread::get_id();
        ++what;
    }

    manual_clock clock;
    test::fake_oauth oauth;
    test::fake_mcp mcp;
    control::realm_registry realms{control::realm_registry::options(), clock, oauth, mcp};
    std::atomic<int> terminated{0};
    std::atomic<int> hung_up{0};
    std::atomic<std::thread::id> beside{};
    housekeeping keeper{realms};
};

bool reaches(std::atomic<int> const& count, int n) {
    return test::eventually([&] { return count == n; });
}

// 1: it waits; 2: it was given up.
task<> wait_for_ever(std::atomic<int>* state) {
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, std::chrono::hours(1));
    *state = 1;
    auto const result = asio::as_tuple(asio::use_awaitable);
    auto const waited = co_await timer.async_wait(result);
    if (std::get<0>(waited) == asio::error::operation_aborted) *state = 2;
}

task<> fail(std::atomic<int>* state) {
    *state = 1;
    throw std::runtime_error("a bug");
    co_return;
}

// Who is called by the kernel for that signal.
void (*handler_of(int signal))(int) {
    struct sigaction now {};
    sigaction(signal, nullptr, &now);
    return now.sa_handler;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(app_housekeeping)

BOOST_FIXTURE_TEST_CASE(ends_on_interrupt_and_terminate_and_rereads_on_hangup, fixture) {
    start();
    kill(getpid(), SIGHUP);
    BOOST_TEST(reaches(hung_up, 1));
    kill(getpid(), SIGTERM);
    BOOST_TEST(reaches(terminated, 1));
    kill(getpid(), SIGINT);
    BOOST_TEST(reaches(terminated, 2));
    BOOST_TEST(hung_up == 1);
}

// Whoever sends a second SIGTERM means it: it is heard as well.
BOOST_FIXTURE_TEST_CASE(hears_a_signal_as_often_as_it_is_sent, fixture) {
    start();
    for (int n = 1; n <= 3; ++n) {
        kill(getpid(), SIGTERM);
        BOOST_TEST(reaches(terminated, n));
    }
}

BOOST_FIXTURE_TEST_CASE(calls_from_a_thread_of_its_own, fixture) {
    start();
    kill(getpid(), SIGHUP);
    BOOST_TEST(reaches(hung_up, 1));
    BOOST_TEST((beside.load() != std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(leaves_signals_as_they_were_when_it_is_gone) {
    auto const before = handler_of(SIGTERM);
    {
        fixture f;
        BOOST_TEST((handler_of(SIGTERM) == before));  // not yet
        f.start();
        BOOST_TEST((handler_of(SIGTERM) != before));
    }
    for (int signal : {SIGINT, SIGTERM, SIGHUP})
        BOOST_TEST((handler_of(signal) == SIG_DFL), signal);
}

BOOST_FIXTURE_TEST_CASE(work_begins_with_the_start_and_is_given_up_at_the_end, fixture) {
    std::atomic<int> state{0};
    keeper.spawn(wait_for_ever(&state));
    BOOST_TEST(state == 0);
    start();
    BOOST_TEST(reaches(state, 1));
    keeper.end();
    BOOST_TEST(state == 2);
}

BOOST_FIXTURE_TEST_CASE(work_that_fails_stops_nothing_else, fixture) {
    std::atomic<int> state{0};
    keeper.spawn(fail(&state));
    start();
    BOOST_TEST(reaches(state, 1));
    kill(getpid(), SIGHUP);
    BOOST_TEST(reaches(hung_up, 1));
}

BOOST_FIXTURE_TEST_CASE(does_what_can_wait_soon_after_the_start_and_on_its_own_thread, fixture) {
    std::atomic<int> done{0};
    keeper.do_soon([&] { count(done); });
    BOOST_TEST(done == 0);
    start();
    BOOST_TEST(reaches(done, 1));
    BOOST_TEST((beside.load() != std::this_thread::get_id()));
}

BOOST_FIXTURE_TEST_CASE(leaves_undone_what_could_wait_when_the_end_comes_sooner, fixture) {
    std::atomic<int> done{0};
    keeper.do_soon([&] { count(done); });
    start();
    keeper.end();
    BOOST_TEST(done == 0);
}

BOOST_FIXTURE_TEST_CASE(ends_once_however_often_it_is_told_to, fixture) {
    keeper.end();  // not started
    start();
    keeper.end();
    keeper.end();
    BOOST_TEST(terminated == 0);
}

BOOST_AUTO_TEST_SUITE_END()
