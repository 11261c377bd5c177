// What a stdio session has under way.
#include "mcp/transport/stdio/jobs.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include "support/exchange.hpp"

namespace asio = boost::asio;
namespace mcp = tollgate::mcp;
using tollgate::task;
using namespace std::chrono_literals;

namespace {

task<void> sleeping(asio::io_context& io, int& ended) {
    asio::steady_timer timer(io, 24h);
    auto const token = asio::as_tuple(asio::use_awaitable);
    co_await timer.async_wait(token);
    ++ended;
}

// Stopped by an exception, as most of what waits is.
task<void> interrupted(asio::io_context& io) {
    asio::steady_timer timer(io, 24h);
    co_await timer.async_wait(asio::use_awaitable);
}

task<void> at_once(int& ended) {
    ++ended;
    co_return;
}

task<void> blowing_up() {
    throw std::runtime_error("a bug");
    co_return;
}

struct fixture {
    asio::io_context io;
    int ended = 0;
    mcp::stdio_jobs jobs{io.get_executor(), 4};

    void sleeps(std::string id, bool streams = false, bool modern = false) {
        jobs.spawn([this] { return sleeping(io, ended); }, std::move(id), streams, modern);
    }
    void settle() {
        io.restart();
        while (io.poll() != 0) {
        }
    }
    // On its executor a job begins at once: whoever stops it from elsewhere lets it begin first.
    // Since Boost 1.82 a coroutine that is cancelled before it has begun ends the program.
    ~fixture() {
        settle();
        jobs.cancel_all();
        settle();
    }
};

using strings = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(mcp_stdio_jobs, fixture)

BOOST_AUTO_TEST_CASE(a_job_is_known_until_it_ends) {
    BOOST_TEST(jobs.empty());
    jobs.spawn([this] { return at_once(ended); }, "1");
    BOOST_TEST(jobs.under_way() == 1u);
    settle();
    BOOST_TEST(jobs.empty());
    BOOST_TEST(ended == 1);
}

BOOST_AUTO_TEST_CASE(what_streams_is_not_counted_among_those_that_end_by_themselves) {
    sleeps("1");
    sleeps("2", true, true);
    sleeps("", true);
    BOOST_TEST(jobs.under_way() == 1u);
    BOOST_TEST(jobs.streaming() == strings{"2"}, boost::test_tools::per_element());
}

// MCP 2026-07-28, Cancellation: on stdio by notifications/cancelled.
BOOST_AUTO_TEST_CASE(a_modern_request_is_stopped_by_its_id_and_no_other_is) {
    sleeps("1", false, true);
    sleeps("2", false, true);
    sleeps("\"1\"", false, true);
    settle();
    jobs.cancel("1");
    settle();
    BOOST_TEST(ended == 1);
    BOOST_TEST(jobs.under_way() == 2u);
    jobs.cancel("3");
    jobs.cancel("");
    settle();
    BOOST_TEST(ended == 1);
}

// The session of a legacy request cancels it; its line is answered with nothing.
BOOST_AUTO_TEST_CASE(a_legacy_request_is_not_stopped_here) {
    sleeps("1");
    settle();
    jobs.cancel("1");
    settle();
    BOOST_TEST(ended == 0);
    BOOST_TEST(jobs.under_way() == 1u);
}

// MCP 2025-11-25, Cancellation, "Behavior Requirements": no response to what was cancelled.
BOOST_AUTO_TEST_CASE(no_answer_is_expected_to_what_was_cancelled_while_it_ran) {
    sleeps("1");
    sleeps("");
    BOOST_TEST(jobs.expects_answer("1"));
    jobs.expect_no_answer("2");
    jobs.expect_no_answer("");
    BOOST_TEST(jobs.expects_answer("1"));
    BOOST_TEST(jobs.expects_answer(""));
    jobs.expect_no_answer("1");
    BOOST_TEST(!jobs.expects_answer("1"));
    BOOST_TEST(jobs.expects_answer("2"));
}

BOOST_AUTO_TEST_CASE(an_id_may_be_used_again_after_its_job_was_cancelled) {
    jobs.spawn([this] { return at_once(ended); }, "1");
    jobs.expect_no_answer("1");
    settle();
    sleeps("1");
    BOOST_TEST(jobs.expects_answer("1"));
}

BOOST_AUTO_TEST_CASE(what_has_no_room_waits_and_begins_in_its_turn) {
    for (auto const* id : {"1", "2", "3", "4"})
        sleeps(id, false, true);
    jobs.spawn([this] { return at_once(ended); }, "5");
    sleeps("6");
    BOOST_TEST(jobs.waiting() == 2u);
    BOOST_TEST(jobs.under_way() == 6u);
    settle();
    BOOST_TEST(ended == 0);
    jobs.cancel("3");
    settle();
    BOOST_TEST(ended == 2);  // the one that was stopped, and the first that waited
    BOOST_TEST(jobs.waiting() == 0u);
}

BOOST_AUTO_TEST_CASE(streams_need_no_room) {
    for (auto const* id : {"1", "2", "3", "4"})
        sleeps(id);
    sleeps("5", true, true);
    BOOST_TEST(jobs.waiting() == 0u);
    BOOST_TEST(jobs.streaming() == strings{"5"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_cancelled_while_it_waits_never_begins) {
    for (auto const* id : {"1", "2", "3", "4"})
        sleeps(id);
    jobs.spawn([this] { return at_once(ended); }, "5", false, true);
    jobs.spawn([this] { return at_once(ended); }, "6");
    jobs.cancel("5");
    jobs.expect_no_answer("6");
    BOOST_TEST(jobs.waiting() == 0u);
    settle();
    jobs.cancel_all();
    settle();
    BOOST_TEST(ended == 4);
}

BOOST_AUTO_TEST_CASE(all_can_be_stopped_whatever_they_are) {
    sleeps("1");
    sleeps("2", false, true);
    sleeps("3", true, true);
    sleeps("", true);
    jobs.spawn([this] { return interrupted(io); }, "4");
    settle();
    jobs.cancel_all();
    settle();
    BOOST_TEST(jobs.empty());
    BOOST_TEST(ended == 4);
    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_CASE(a_job_that_throws_has_ended) {
    jobs.spawn([] { return blowing_up(); }, "1");
    settle();
    BOOST_TEST(jobs.empty());
}

BOOST_AUTO_TEST_CASE(who_waits_for_the_next_end_is_woken_by_it) {
    bool woken = false;
    sleeps("1", false, true);
    sleeps("2", false, true);
    auto waiting = jobs.next_end();
    asio::co_spawn(io, std::move(waiting), [&](std::exception_ptr) { woken = true; });
    settle();
    BOOST_TEST(!woken);
    jobs.cancel("2");
    settle();
    BOOST_TEST(woken);
    BOOST_TEST(jobs.under_way() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
