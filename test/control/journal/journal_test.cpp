#include "control/journal/journal.hpp"

#include <atomic>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "control/record.hpp"

using namespace tollgate;
using namespace tollgate::control;
using namespace std::chrono_literals;

namespace {

event about(std::string endpoint, event_type type = event_type::exchange) {
    event e;
    e.type = type;
    e.endpoint = std::move(endpoint);
    return e;
}

std::vector<std::uint64_t> numbers(event_page const& page) {
    std::vector<std::uint64_t> all;
    for (auto const& e : page.events)
        all.push_back(e->seq);
    return all;
}

// With a body of that many bytes.
event long_one(std::string endpoint, std::size_t size) {
    auto e = about(std::move(endpoint));
    e.exchange = std::make_shared<recorded_exchange>();
    e.exchange->request.start = "POST /token";
    e.exchange->request.body = std::string(size, 'x');
    e.exchange->request.body_size = size;
    return e;
}

auto const soon = [] { return std::chrono::steady_clock::now() + 20s; };

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_suite)

BOOST_AUTO_TEST_CASE(numbers_events_from_one_on_without_gaps) {
    journal j(1 << 20);
    for (int i = 0; i < 3; ++i)
        test::record(j, about("token"));
    std::vector<std::uint64_t> const expected{1, 2, 3};
    BOOST_TEST((numbers(j.read(0, {})) == expected));
    BOOST_TEST(j.read(0, {}).next == 4u);
}

BOOST_AUTO_TEST_CASE(reads_on_from_a_number) {
    journal j(1 << 20);
    for (int i = 0; i < 3; ++i)
        test::record(j, about("token"));
    std::vector<std::uint64_t> const expected{3};
    BOOST_TEST((numbers(j.read(3, {})) == expected));
    BOOST_TEST(j.read(4, {}).events.empty());
    BOOST_TEST(j.read(4, {}).next == 4u);
}

BOOST_AUTO_TEST_CASE(filters_by_type_endpoint_and_client) {
    journal j(1 << 20);
    test::record(j, about("token"));
    test::record(j, about("mcp"));
    test::record(j, about("token", event_type::refresh));
    auto mine = about("mcp");
    mine.facts.client_id = "me";
    test::record(j, std::move(mine));
    std::vector<std::uint64_t> const tokens{1, 3}, refreshes{3}, of_me{4};
    BOOST_TEST((numbers(j.read(0, {.endpoint = "token"})) == tokens));
    BOOST_TEST((numbers(j.read(0, {.type = event_type::refresh})) == refreshes));
    BOOST_TEST((numbers(j.read(0, {.client_id = "me"})) == of_me));
}

// A fault may answer a status and no error code.
BOOST_AUTO_TEST_CASE(filters_by_what_an_exchange_came_to) {
    journal j(1 << 20);
    for (auto const* status : {"200", "302", "401", "503"}) {
        auto e = long_one("mcp", 1);
        e.exchange->response.start = status;
        e.facts.mcp_method = "tools/call";
        if (std::string_view(status) == "401") e.facts.error = "invalid_token";
        test::record(j, e);
    }
    std::vector<std::uint64_t> const good{1, 2}, refused{3}, away{4}, all{1, 2, 3, 4};
    BOOST_TEST((numbers(j.read(0, {.outcome = "ok"})) == good));
    BOOST_TEST((numbers(j.read(0, {.outcome = "invalid_token"})) == refused));
    BOOST_TEST((numbers(j.read(0, {.outcome = "503"})) == away));
    BOOST_TEST((numbers(j.read(0, {.mcp_method = "tools/call"})) == all));
    BOOST_TEST(j.read(0, {.mcp_method = "ping"}).events.empty());
}

BOOST_AUTO_TEST_CASE(tells_who_watches_for_a_good_answer_of_none_that_failed) {
    journal j(1 << 20);
    auto const good = j.watch({.endpoint = "mcp", .outcome = "ok"});
    auto e = long_one("mcp", 1);
    e.exchange->response.start = "503";
    test::record(j, e);
    BOOST_TEST(!good->load());
    e.exchange->response.start = "200";
    test::record(j, e);
    BOOST_TEST(good->load());
}

BOOST_AUTO_TEST_CASE(drops_the_oldest_beyond_its_bytes_and_says_how_many) {
    journal j(4096);
    for (int i = 0; i < 100; ++i)
        test::record(j, about("token"));
    auto const page = j.read(0, {});
    BOOST_TEST(page.events.size() > 0u);
    BOOST_TEST(page.events.size() < 100u);
    BOOST_TEST(page.dropped == 100 - page.events.size());
    BOOST_TEST(page.events.back()->seq == 100u);
    // Who reads on from there has lost nothing.
    BOOST_TEST(j.read(page.events.front()->seq, {}).dropped == 0u);
}

BOOST_AUTO_TEST_CASE(keeps_an_event_that_is_longer_than_many_others) {
    journal j(1 << 20);
    test::record(j, about("token"));
    test::record(j, long_one("mcp", 100'000));
    test::record(j, about("register"));
    auto const page = j.read(0, {});
    BOOST_REQUIRE(page.events.size() == 3u);
    BOOST_TEST(page.events[1]->exchange->request.body.size() == 100'000u);
    BOOST_TEST(page.events[2]->endpoint == "register");
}

BOOST_AUTO_TEST_CASE(keeps_none_that_is_longer_than_itself_and_goes_on) {
    journal j(4096);
    test::record(j, about("token"));
    test::record(j, long_one("mcp", 5000));
    BOOST_TEST(j.read(0, {}).events.empty());
    BOOST_TEST(j.read(0, {}).dropped == 2u);
    test::record(j, about("register"));
    BOOST_TEST(j.read(0, {}).events.front()->seq == 3u);
}

BOOST_AUTO_TEST_CASE(hears_how_an_answer_got_away) {
    journal j(1 << 20);
    auto const whole = test::record(j, long_one("token", 1)).seq;
    auto const broken = test::record(j, long_one("token", 1)).seq;
    test::record(j, long_one("token", 1));
    j.note_delivery(whole, delivery::delivered);
    j.note_delivery(broken, delivery::cut);
    auto const page = j.read(0, {});
    BOOST_TEST((page.events[0]->exchange->how == delivery::delivered));
    BOOST_TEST((page.events[1]->exchange->how == delivery::cut));
    BOOST_TEST((page.events[2]->exchange->how == delivery::pending));
}

BOOST_AUTO_TEST_CASE(does_not_mind_an_answer_whose_event_is_gone) {
    journal j(4096);
    for (int i = 0; i < 100; ++i)
        test::record(j, about("token"));
    j.note_delivery(1, delivery::cut);
    j.note_delivery(1000, delivery::cut);
    BOOST_TEST(j.read(0, {}).events.back()->seq == 100u);
}

// Readers are at work while others write.
BOOST_AUTO_TEST_CASE(is_read_while_it_is_written) {
    journal j(16 << 10);
    std::atomic<bool> done{false};
    std::thread writer([&] {
        for (int i = 0; i < 2000; ++i)
            j.note_delivery(test::record(j, long_one("token", 100)).seq, delivery::delivered);
        done = true;
    });
    bool whole = true;
    while (!done) {
        for (auto const& e : j.read(0, {}).events)
            whole = whole && e->endpoint == "token" && e->exchange->request.body.size() == 100;
    }
    writer.join();
    BOOST_TEST(whole);
    BOOST_TEST(j.next() == 2001u);
}

BOOST_AUTO_TEST_CASE(is_off_without_bytes) {
    BOOST_TEST(!journal(0).on());
    BOOST_TEST(journal(1).on());
}

BOOST_AUTO_TEST_CASE(wakes_who_waits_for_a_number_from_another_thread) {
    journal j(1 << 20);
    boost::asio::io_context io;
    bool woken = false;
    auto const waits = [](journal& from, boost::asio::any_io_executor on,
                          bool& done) -> task<void> {
        co_await from.wait_for(1, soon(), on);
        done = true;
    };
    auto work = waits(j, io.get_executor(), woken);
    boost::asio::co_spawn(io, std::move(work), boost::asio::detached);
    std::thread recorder([&] { test::record(j, about("token")); });
    io.run();
    recorder.join();
    BOOST_TEST(woken);
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_what_is_there) {
    journal j(1 << 20);
    test::record(j, about("token"));
    boost::asio::io_context io;
    auto work = j.wait_for(1, soon(), io.get_executor());
    boost::asio::co_spawn(io, std::move(work), boost::asio::detached);
    auto const started = std::chrono::steady_clock::now();
    io.run();
    BOOST_TEST((std::chrono::steady_clock::now() - started < 10s));
}

BOOST_AUTO_TEST_SUITE_END()
