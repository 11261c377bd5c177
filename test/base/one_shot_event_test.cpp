#include "base/one_shot_event.hpp"

#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include "support/exchange.hpp"

using namespace tollgate;
namespace asio = boost::asio;

namespace {

struct fixture {
    asio::io_context io{1};
    one_shot_event event{io.get_executor()};
    int woken = 0;

    void wait(asio::io_context& on) {
        asio::co_spawn(on, event.wait(), [this](std::exception_ptr e) {
            BOOST_TEST(!e);
            ++woken;
        });
    }
    static void turn(asio::io_context& on) {
        on.restart();
        on.poll();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(one_shot_events, fixture)

BOOST_AUTO_TEST_CASE(wakes_everybody_who_waits) {
    for (int i = 0; i < 3; ++i)
        wait(io);
    turn(io);
    BOOST_TEST(woken == 0);
    event.open();
    turn(io);
    BOOST_TEST(woken == 3);
}

BOOST_AUTO_TEST_CASE(keeps_nobody_waiting_once_it_is_open) {
    event.open();
    event.open();
    wait(io);
    wait(io);
    turn(io);
    BOOST_TEST(woken == 2);
}

BOOST_AUTO_TEST_CASE(resumes_on_the_executor_of_whoever_waits) {
    asio::io_context other{1};
    wait(other);
    turn(other);
    event.open();
    turn(io);
    BOOST_TEST(woken == 0);  // its own executor has nothing to do with it
    turn(other);
    BOOST_TEST(woken == 1);
}

BOOST_AUTO_TEST_CASE(can_be_opened_by_another_thread) {
    std::jthread opener;
    asio::post(io, [&] { opener = std::jthread([this] { event.open(); }); });
    test::run(io, event.wait());
    BOOST_TEST(opener.joinable());
}

BOOST_AUTO_TEST_CASE(lets_a_cancelled_caller_go_and_keeps_the_others) {
    asio::cancellation_signal cancel;
    bool gone = false;
    auto const ended = [&](std::exception_ptr) { gone = true; };
    asio::co_spawn(io, event.wait(), asio::bind_cancellation_slot(cancel.slot(), ended));
    wait(io);
    turn(io);
    cancel.emit(asio::cancellation_type::terminal);
    turn(io);
    BOOST_TEST(gone);
    BOOST_TEST(woken == 0);
    event.open();
    turn(io);
    BOOST_TEST(woken == 1);
}

BOOST_AUTO_TEST_SUITE_END()
