#include "control/journal/journal.hpp"

#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

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

auto const soon = [] { return std::chrono::steady_clock::now() + 20s; };

}  // namespace

BOOST_AUTO_TEST_SUITE(journal_suite)

BOOST_AUTO_TEST_CASE(numbers_events_from_one_on_without_gaps) {
    journal j(1 << 20);
    for (int i = 0; i < 3; ++i)
        j.record(about("token"));
    std::vector<std::uint64_t> const expected{1, 2, 3};
    BOOST_TEST((numbers(j.read(0, {})) == expected));
    BOOST_TEST(j.read(0, {}).next == 4u);
}

BOOST_AUTO_TEST_CASE(reads_on_from_a_number) {
    journal j(1 << 20);
    for (int i = 0; i < 3; ++i)
        j.record(about("token"));
    std::vector<std::uint64_t> const expected{3};
    BOOST_TEST((numbers(j.read(3, {})) == expected));
    BOOST_TEST(j.read(4, {}).events.empty());
    BOOST_TEST(j.read(4, {}).next == 4u);
}

BOOST_AUTO_TEST_CASE(filters_by_type_endpoint_and_client) {
    journal j(1 << 20);
    j.record(about("token"));
    j.record(about("mcp"));
    j.record(about("token", event_type::refresh));
    auto mine = about("mcp");
    mine.facts.client_id = "me";
    j.record(std::move(mine));
    std::vector<std::uint64_t> const tokens{1, 3}, refreshes{3}, of_me{4};
    BOOST_TEST((numbers(j.read(0, {.endpoint = "token"})) == tokens));
    BOOST_TEST((numbers(j.read(0, {.type = event_type::refresh})) == refreshes));
    BOOST_TEST((numbers(j.read(0, {.client_id = "me"})) == of_me));
}

BOOST_AUTO_TEST_CASE(drops_the_oldest_beyond_its_bytes_and_says_how_many) {
    journal j(4096);
    for (int i = 0; i < 100; ++i)
        j.record(about("token"));
    auto const page = j.read(0, {});
    BOOST_TEST(page.events.size() > 0u);
    BOOST_TEST(page.events.size() < 100u);
    BOOST_TEST(page.dropped == 100 - page.events.size());
    BOOST_TEST(page.events.back()->seq == 100u);
    // Who reads on from there has lost nothing.
    BOOST_TEST(j.read(page.events.front()->seq, {}).dropped == 0u);
}

BOOST_AUTO_TEST_CASE(forgets_everything_and_numbers_go_on) {
    journal j(1 << 20);
    j.record(about("token"));
    j.clear();
    BOOST_TEST(j.read(0, {}).events.empty());
    BOOST_TEST(j.record(about("token"))->seq == 2u);
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
    std::thread recorder([&] { j.record(about("token")); });
    io.run();
    recorder.join();
    BOOST_TEST(woken);
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_what_is_there) {
    journal j(1 << 20);
    j.record(about("token"));
    boost::asio::io_context io;
    auto work = j.wait_for(1, soon(), io.get_executor());
    boost::asio::co_spawn(io, std::move(work), boost::asio::detached);
    auto const started = std::chrono::steady_clock::now();
    io.run();
    BOOST_TEST((std::chrono::steady_clock::now() - started < 10s));
}

BOOST_AUTO_TEST_SUITE_END()
