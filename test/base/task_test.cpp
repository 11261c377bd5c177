#include "base/task.hpp"

#include <stdexcept>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "support/exchange.hpp"

using namespace tollgate;
namespace asio = boost::asio;

namespace {

struct fixture {
    asio::io_context io{1};
    asio::thread_pool pool{1};
    ~fixture() { pool.join(); }
};

// Where the work was done, and where its caller went on.
struct places {
    std::thread::id work, after;
};

task<places> look_around(asio::thread_pool& pool) {
    auto job = [] { return std::this_thread::get_id(); };
    places seen;
    seen.work = co_await offload(pool, std::move(job));
    seen.after = std::this_thread::get_id();
    co_return seen;
}

task<int> mark(bool& began) {
    began = true;
    co_return 5;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tasks, fixture)

BOOST_AUTO_TEST_CASE(does_nothing_before_it_is_awaited) {
    bool began = false;
    auto work = mark(began);
    BOOST_TEST(!began);
    BOOST_TEST(test::run(io, std::move(work)) == 5);
    BOOST_TEST(began);
}

BOOST_AUTO_TEST_CASE(works_on_the_pool_and_goes_on_where_it_was_called) {
    auto const seen = test::run(io, look_around(pool));
    BOOST_TEST((seen.work != std::this_thread::get_id()));
    BOOST_TEST((seen.after == std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(brings_an_exception_back_to_the_caller) {
    auto job = []() -> int { throw std::runtime_error("on the pool"); };
    BOOST_CHECK_EXCEPTION(
        test::run(io, offload(pool, std::move(job))), std::runtime_error,
        [](auto const& e) { return std::string_view(e.what()) == "on the pool"; });
}

BOOST_AUTO_TEST_CASE(returns_when_work_without_a_result_is_done) {
    bool done = false;
    auto job = [&done] { done = true; };
    test::run(io, offload(pool, std::move(job)));
    BOOST_TEST(done);
}

BOOST_AUTO_TEST_SUITE_END()
