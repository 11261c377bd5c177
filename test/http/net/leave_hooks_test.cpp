// What is done when a context is left.
#include "http/net/leave_hooks.hpp"

#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>

namespace asio = boost::asio;
using tollgate::http::leave_hooks;

BOOST_AUTO_TEST_SUITE(leave_hooks_)

BOOST_AUTO_TEST_CASE(run_in_the_order_in_which_they_came_and_each_time) {
    asio::io_context io;
    std::string order;
    leave_hooks::of(io).add([&] { order += 'a'; });
    leave_hooks::of(io).add([&] { order += 'b'; });
    leave_hooks::of(io).run();
    BOOST_TEST(order == "ab");
    leave_hooks::of(io).run();
    BOOST_TEST(order == "abab");
}

BOOST_AUTO_TEST_CASE(belong_to_one_context_each) {
    asio::io_context one;
    asio::io_context other;
    int ran = 0;
    leave_hooks::of(one).add([&] { ++ran; });
    leave_hooks::of(other).run();
    BOOST_TEST(ran == 0);
    leave_hooks::of(one).run();
    BOOST_TEST(ran == 1);
}

// A hook that ends a service may be what makes another one come to be.
BOOST_AUTO_TEST_CASE(may_add_a_hook_for_the_next_time) {
    asio::io_context io;
    int later = 0;
    bool added = false;
    leave_hooks::of(io).add([&] {
        if (!added) leave_hooks::of(io).add([&] { ++later; });
        added = true;
    });
    leave_hooks::of(io).run();
    BOOST_TEST(later == 0);
    leave_hooks::of(io).run();
    BOOST_TEST(later == 1);
}

BOOST_AUTO_TEST_CASE(let_a_context_run_out_of_work) {
    asio::io_context io;
    asio::steady_timer forever(io, asio::steady_timer::time_point::max());
    forever.async_wait([](boost::system::error_code const&) {});
    leave_hooks::of(io).add([&] { forever.cancel(); });
    leave_hooks::of(io).run();
    io.run();  // returns
    BOOST_TEST(io.stopped());
}

BOOST_AUTO_TEST_CASE(are_let_go_of_with_their_context_and_not_run_by_that) {
    auto const held = std::make_shared<int>(0);
    {
        asio::io_context io;
        leave_hooks::of(io).add([held] { ++*held; });
        BOOST_TEST(held.use_count() == 2);
    }
    BOOST_TEST(held.use_count() == 1);
    BOOST_TEST(*held == 0);
}

BOOST_AUTO_TEST_SUITE_END()
