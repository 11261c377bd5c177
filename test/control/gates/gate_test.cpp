// Requests that stand at a gate, and the list of a realm's gates.
#include "control/gates/gate.hpp"

#include <deque>
#include <thread>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "control/gates/realm_gates.hpp"
#include "control/support/fakes.hpp"
#include "http/pipeline/router.hpp"
#include "support/exchange.hpp"
#include "support/waiting.hpp"

using namespace test;
using namespace std::chrono_literals;
using tollgate::control::gate;
using tollgate::control::realm_gates;

namespace {

constexpr auto for_ever = 1h;

// A client whose request comes to a gate.
struct visitor {
    visitor(boost::asio::io_context& io, tollgate::clock const& time)
        : c(asked, where, "/token", match, time, io.get_executor(), "test") {}

    http::request asked;
    http::place where;
    http::route_match match;
    http::context c;
    boost::asio::cancellation_signal gives_up;
    bool through = false;
    bool answered = false;
};

struct entrance {
    boost::asio::io_context io;
    tollgate::manual_clock clock;
    fake_oauth oauth;
    fake_mcp mcp;
    tollgate::control::administrations servers{oauth, mcp};
    std::deque<gate> gates;
    std::deque<visitor> visitors;
    std::vector<std::size_t> order;  // in which they went through

    gate const& make(std::optional<std::size_t> count, std::chrono::milliseconds patience) {
        return gates.emplace_back(count, patience);
    }
    // Runs what can be run now; who is held stays so.
    void settle() {
        io.restart();
        io.poll();
    }
    visitor& come(gate const& to) {
        auto const number = visitors.size();
        auto& v = visitors.emplace_back(io, clock);
        auto work = to.before(v.c, servers);
        auto then = [this, number](std::exception_ptr, std::optional<http::reply> r) {
            visitors[number].through = true;
            visitors[number].answered = r.has_value();
            order.push_back(number);
        };
        boost::asio::co_spawn(io, std::move(work),
                              boost::asio::bind_cancellation_slot(v.gives_up.slot(), then));
        settle();
        return v;
    }
    std::size_t through() const {
        return static_cast<std::size_t>(std::ranges::count(visitors, true, &visitor::through));
    }
    // Nobody is left whom the context would have to forget.
    ~entrance() {
        for (auto& v : visitors)
            if (!v.through) v.gives_up.emit(boost::asio::cancellation_type::all);
        settle();
    }
};

std::shared_ptr<gate const> closed(std::optional<std::size_t> count = {}) {
    return std::make_shared<gate>(count, for_ever);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(gate_suite, entrance)

BOOST_AUTO_TEST_CASE(is_closed_and_empty_at_first) {
    auto const& g = make(3, 250ms);
    BOOST_TEST(!g.now().open);
    BOOST_TEST(g.now().held == 0u);
    BOOST_TEST(g.now().passed == 0u);
    BOOST_TEST(g.count().value() == 3u);
    BOOST_TEST((g.patience() == 250ms));
}

BOOST_AUTO_TEST_CASE(stands_before_the_handler_and_answers_nothing_itself) {
    auto const& g = make({}, for_ever);
    BOOST_TEST(g.seams() == tollgate::control::before_handler);
    auto const& v = come(g);
    g.open();
    settle();
    BOOST_TEST(v.through);
    BOOST_TEST(!v.answered);
}

BOOST_AUTO_TEST_CASE(holds_everybody_until_it_is_opened) {
    auto const& g = make({}, for_ever);
    for (int i = 0; i < 5; ++i)
        come(g);
    BOOST_TEST(through() == 0u);
    BOOST_TEST(g.now().held == 5u);
    BOOST_TEST(g.now().passed == 0u);
    BOOST_TEST(g.open() == 5u);
    settle();
    BOOST_TEST(through() == 5u);
    BOOST_TEST(g.now().held == 0u);
    BOOST_TEST(g.now().passed == 5u);
}

BOOST_AUTO_TEST_CASE(lets_them_go_in_the_order_in_which_they_came) {
    auto const& g = make({}, for_ever);
    for (int i = 0; i < 4; ++i)
        come(g);
    g.open();
    settle();
    BOOST_TEST((order == std::vector<std::size_t>{0, 1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(opens_for_the_one_that_makes_the_count_full) {
    auto const& g = make(3, for_ever);
    come(g);
    come(g);
    BOOST_TEST(through() == 0u);
    BOOST_TEST(g.now().held == 2u);
    come(g);
    BOOST_TEST(through() == 3u);
    BOOST_TEST(g.now().open);
    BOOST_TEST(g.now().passed == 3u);
}

// Who made it full never waited; the others were woken by it.
BOOST_AUTO_TEST_CASE(lets_the_last_one_in_first) {
    auto const& g = make(2, for_ever);
    come(g);
    come(g);
    BOOST_TEST((order == std::vector<std::size_t>{1, 0}));
}

BOOST_AUTO_TEST_CASE(holds_nobody_when_one_is_enough) {
    auto const& g = make(1, for_ever);
    BOOST_TEST(come(g).through);
    BOOST_TEST(g.now().open);
    BOOST_TEST(g.now().passed == 1u);
}

BOOST_AUTO_TEST_CASE(stays_open) {
    auto const& g = make(2, for_ever);
    come(g);
    come(g);
    BOOST_TEST(come(g).through);
    BOOST_TEST(come(g).through);
    BOOST_TEST(g.now().held == 0u);
    BOOST_TEST(g.now().passed == 4u);
}

BOOST_AUTO_TEST_CASE(may_be_opened_before_anybody_comes) {
    auto const& g = make(10, for_ever);
    BOOST_TEST(g.open() == 0u);
    BOOST_TEST(come(g).through);
    BOOST_TEST(g.now().passed == 1u);
}

BOOST_AUTO_TEST_CASE(finds_nobody_when_it_is_opened_again) {
    auto const& g = make({}, for_ever);
    come(g);
    BOOST_TEST(g.open() == 1u);
    settle();
    BOOST_TEST(g.open() == 0u);
    BOOST_TEST(g.now().passed == 1u);
}

BOOST_AUTO_TEST_CASE(lets_one_go_on_alone_when_its_patience_is_over) {
    auto const& g = make({}, 1ms);
    auto const& v = come(g);
    BOOST_TEST(run_until(io, [&] { return v.through; }));
    BOOST_TEST(!v.answered);
    BOOST_TEST(!g.now().open);
    BOOST_TEST(g.now().held == 0u);
    BOOST_TEST(g.now().passed == 1u);
}

BOOST_AUTO_TEST_CASE(does_not_count_who_has_gone_on_alone) {
    auto const& g = make(2, 1ms);
    auto const& first = come(g);
    BOOST_TEST(run_until(io, [&] { return first.through; }));
    come(g);
    BOOST_TEST(!g.now().open);
}

BOOST_AUTO_TEST_CASE(holds_a_client_no_longer_that_gives_up) {
    auto const& g = make(2, for_ever);
    come(g).gives_up.emit(boost::asio::cancellation_type::terminal);
    settle();
    BOOST_TEST(g.now().held == 0u);
    BOOST_TEST(!come(g).through);
    BOOST_TEST(g.now().held == 1u);
    BOOST_TEST(!g.now().open);
}

BOOST_AUTO_TEST_CASE(is_opened_by_another_thread) {
    auto const& g = make({}, for_ever);
    auto const& v = come(g);
    std::size_t released = 0;
    std::thread opener([&] { released = g.open(); });
    BOOST_TEST(run_until(io, [&] { return v.through; }));
    opener.join();
    BOOST_TEST(released == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(realm_gates_suite, entrance)

BOOST_AUTO_TEST_CASE(are_numbered_from_one_on_and_listed_in_that_order) {
    realm_gates all;
    BOOST_TEST(all.add(closed(), "f7", {{"endpoint", "token"}}) == "1");
    BOOST_TEST(all.add(closed(2), "f9", {}) == "2");
    auto const list = all.all();
    BOOST_REQUIRE(list.size() == 2u);
    BOOST_TEST(list[0].id == "1");
    BOOST_TEST(list[0].fault == "f7");
    BOOST_TEST(boost::json::serialize(list[0].select) == R"({"endpoint":"token"})");
    BOOST_TEST(list[1].fault == "f9");
    BOOST_TEST(list[1].gate->count().value() == 2u);
}

BOOST_AUTO_TEST_CASE(are_found_by_their_very_id) {
    realm_gates all;
    for (int i = 0; i < 12; ++i)
        all.add(closed(), "f" + std::to_string(i), {});
    BOOST_TEST(all.find("12").value().fault == "f11");
    for (auto const* none : {"", "0", "13", "01", "1 ", "-1"})
        BOOST_TEST(!all.find(none).has_value(), none);
}

BOOST_AUTO_TEST_CASE(never_have_an_id_that_another_had) {
    realm_gates all;
    all.add(closed(), "f1", {});
    all.erase("1");
    BOOST_TEST(all.add(closed(), "f2", {}) == "2");
    all.clear();
    BOOST_TEST(all.add(closed(), "f3", {}) == "3");
}

BOOST_AUTO_TEST_CASE(leave_one_by_one) {
    realm_gates all;
    for (int i = 0; i < 3; ++i)
        all.add(closed(), "f", {});
    all.erase("2");
    all.erase("9");
    BOOST_TEST(!all.find("2").has_value());
    BOOST_TEST(all.find("1").has_value());
    BOOST_TEST(all.find("3").has_value());
}

BOOST_AUTO_TEST_CASE(are_opened_when_they_are_all_forgotten) {
    realm_gates all;
    auto const one = closed(), other = closed(5);
    all.add(one, "f1", {});
    all.add(other, "f2", {});
    come(*one);
    come(*other);
    come(*other);
    all.clear();
    settle();
    BOOST_TEST(all.all().empty());
    BOOST_TEST(through() == 3u);
    BOOST_TEST(one->now().open);
    BOOST_TEST(other->now().open);
}

// The list is of one moment; the gates in it are the gates.
BOOST_AUTO_TEST_CASE(that_somebody_has_listed_outlive_the_list) {
    realm_gates all;
    all.add(closed(), "f1", {});
    auto const list = all.all();
    all.clear();
    BOOST_REQUIRE(list.size() == 1u);
    BOOST_TEST(list[0].gate->now().open);
    BOOST_TEST(come(*list[0].gate).through);
}

BOOST_AUTO_TEST_SUITE_END()
