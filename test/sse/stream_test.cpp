// The bounded stream: pushed to from any thread, read by one connection.
#include "sse/stream.hpp"

#include <chrono>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <thread>

#include "sse/decoder.hpp"
#include "support/exchange.hpp"

using namespace tollgate;
using namespace std::chrono_literals;
namespace asio = boost::asio;

namespace {

struct fixture {
    asio::io_context io{1};
    sse::stream_options options;
    int closed = 0;

    sse::opened_stream open() {
        options.on_close = [this] { ++closed; };
        return sse::open_stream(io.get_executor(), options);
    }
    std::optional<std::string> next(http::body_stream& s) { return test::run(io, s.next()); }
};

task<bool> say(bool answer) {
    co_return answer;
}

task<bool> think_long() {
    auto const executor = co_await asio::this_coro::executor;
    asio::steady_timer t(executor, 10s);
    co_await t.async_wait(asio::use_awaitable);
    co_return true;
}

task<std::size_t> read_to_the_end(http::body_stream& s) {
    sse::decoder d;
    std::size_t n = 0;
    for (;;) {
        auto const chunk = co_await s.next();
        if (!chunk) co_return n;
        n += d.feed(*chunk).size();
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sse_stream, fixture)

BOOST_AUTO_TEST_CASE(delivers_what_was_pushed_in_order) {
    auto s = open();
    BOOST_TEST(s.channel->push(sse::message("1")));
    BOOST_TEST(s.channel->push(sse::message("2")));
    BOOST_TEST(next(*s.body).value() == "event: message\ndata: 1\n\nevent: message\ndata: 2\n\n");
}

BOOST_AUTO_TEST_CASE(sends_a_comment_when_nothing_was_sent_for_a_while) {
    options.heartbeat = 5ms;
    auto s = open();
    auto const before = std::chrono::steady_clock::now();
    BOOST_TEST(next(*s.body).value() == ":\n\n");
    BOOST_TEST((std::chrono::steady_clock::now() - before >= 4ms));
}

BOOST_AUTO_TEST_CASE(wakes_a_waiting_reader_when_another_thread_pushes) {
    auto s = open();
    std::jthread other;
    // After the reader has begun to wait, which its first turn on the core makes it do.
    asio::post(io, [&] {
        asio::post(io, [&] {
            other = std::jthread([channel = s.channel] { channel->push(sse::message("late")); });
        });
    });
    BOOST_TEST(next(*s.body).value() == "event: message\ndata: late\n\n");
}

BOOST_AUTO_TEST_CASE(loses_nothing_when_several_threads_push_while_the_reader_reads) {
    auto s = open();
    constexpr int each = 2000;
    std::vector<std::jthread> writers;
    std::atomic<int> running{3};
    for (int w = 0; w < 3; ++w) {
        writers.emplace_back([channel = s.channel, &running] {
            for (int i = 0; i < each; ++i) {
                while (!channel->push(sse::message("x"))) {
                }
            }
            if (--running == 0) channel->close();
        });
    }
    BOOST_TEST(test::run(io, read_to_the_end(*s.body)) == 3u * each);
    BOOST_TEST(closed == 1);
}

BOOST_AUTO_TEST_CASE(sends_what_is_waiting_and_the_farewell_before_it_ends) {
    options.farewell = sse::message("bye");
    auto s = open();
    s.channel->push(sse::message("1"));
    s.body->close();
    BOOST_TEST(!s.channel->push(sse::message("too late")));
    BOOST_TEST(next(*s.body).value() == "event: message\ndata: 1\n\nevent: message\ndata: bye\n\n");
    BOOST_TEST(!next(*s.body).has_value());
    BOOST_TEST(closed == 1);
}

BOOST_AUTO_TEST_CASE(ends_a_stream_whose_reader_is_too_slow_without_half_messages) {
    options.max_bytes = 64;
    options.farewell = sse::message("bye");
    auto s = open();
    BOOST_TEST(s.channel->push(sse::message("fits")));
    BOOST_TEST(!s.channel->push(sse::message(std::string(64, 'x'))));
    BOOST_TEST(!s.channel->is_open());
    BOOST_TEST(!next(*s.body).has_value());
}

// A client is not slow because an answer is long.
BOOST_AUTO_TEST_CASE(delivers_one_message_that_is_bigger_than_what_may_wait) {
    options.max_bytes = 64;
    auto s = open();
    for (int i = 0; i < 3; ++i) {
        auto const big = sse::message(std::string(1'000, 'x'));
        BOOST_TEST(s.channel->push(big));
        BOOST_TEST(next(*s.body).value() == big.bytes());
    }
    BOOST_TEST(s.channel->push(sse::message(std::string(1'000, 'x'))));
    BOOST_TEST(!s.channel->push(sse::message("one more")));
}

BOOST_AUTO_TEST_CASE(ends_with_the_farewell_when_it_may_not_continue) {
    options.recheck = 3ms;
    options.may_continue = [] { return say(false); };
    options.farewell = sse::message("bye");
    auto s = open();
    BOOST_TEST(next(*s.body).value() == "event: message\ndata: bye\n\n");
    BOOST_TEST(!next(*s.body).has_value());
}

// A dead token does not keep a stream alive because there is always something to send.
BOOST_AUTO_TEST_CASE(asks_a_busy_stream_as_well) {
    options.recheck = 1ms;
    options.may_continue = [] { return say(false); };
    auto s = open();
    bool ended = false;
    auto const most = std::chrono::steady_clock::now() + 10s;
    while (!ended && std::chrono::steady_clock::now() < most)
        ended = !s.channel->push(sse::message("x")) || !next(*s.body);
    BOOST_TEST(ended);
}

BOOST_AUTO_TEST_CASE(goes_on_as_long_as_it_may) {
    int asked = 0;
    options.recheck = 2ms;
    options.heartbeat = 30ms;
    options.may_continue = [&asked] {
        ++asked;
        return say(true);
    };
    auto s = open();
    BOOST_TEST(next(*s.body).value() == ":\n\n");
    BOOST_TEST(asked > 1);
    BOOST_TEST(s.channel->is_open());
}

BOOST_AUTO_TEST_CASE(calls_on_close_exactly_once_when_the_connection_drops_it) {
    auto s = open();
    s.body.reset();
    BOOST_TEST(closed == 1);
    BOOST_TEST(!s.channel->push(sse::message("x")));
    s.channel->close();
    io.run();
    BOOST_TEST(closed == 1);
}

BOOST_AUTO_TEST_CASE(is_over_when_a_waiting_read_is_cancelled) {
    auto s = open();
    asio::cancellation_signal cancel;
    bool done = false;
    auto read = [&](std::exception_ptr e, std::optional<std::string> chunk) {
        done = true;
        BOOST_TEST(!e);
        BOOST_TEST(!chunk.has_value());
    };
    asio::co_spawn(io, s.body->next(), asio::bind_cancellation_slot(cancel.slot(), read));
    io.run_for(5ms);
    BOOST_TEST(!done);
    cancel.emit(asio::cancellation_type::terminal);
    io.restart();
    io.run();
    BOOST_TEST(done);
    BOOST_TEST(closed == 1);
}

BOOST_AUTO_TEST_CASE(can_be_cancelled_while_it_asks_whether_it_may_continue) {
    options.recheck = 1ms;
    options.may_continue = &think_long;
    auto s = open();
    asio::cancellation_signal cancel;
    bool done = false;
    auto read = [&](std::exception_ptr e, std::optional<std::string> chunk) {
        done = true;
        BOOST_TEST(!e);
        BOOST_TEST(!chunk.has_value());
    };
    asio::co_spawn(io, s.body->next(), asio::bind_cancellation_slot(cancel.slot(), read));
    io.run_for(20ms);
    cancel.emit(asio::cancellation_type::terminal);
    io.restart();
    io.run_for(1s);
    BOOST_TEST(done);
    BOOST_TEST(closed == 1);
}

BOOST_AUTO_TEST_CASE(outlives_its_executor_without_touching_it) {
    std::shared_ptr<sse::channel> left;
    {
        asio::io_context gone{1};
        sse::stream_options plain;
        auto s = sse::open_stream(gone.get_executor(), plain);
        left = s.channel;
        left->push(sse::message("posted, never run"));
        s.body.reset();
    }
    BOOST_TEST(!left->push(sse::message("x")));
    left->close();
}

BOOST_AUTO_TEST_CASE(carries_the_headers_of_an_event_stream) {
    auto s = open();
    auto const r = sse::stream_reply(std::move(s.body));
    BOOST_TEST(r.status == 200u);
    BOOST_TEST(r.headers.get("Content-Type") == "text/event-stream");
    // Streamable HTTP 2026-07-28, "Receiving Messages": SHOULD include it.
    BOOST_TEST(r.headers.get("X-Accel-Buffering") == "no");
    BOOST_TEST(r.headers.get("Cache-Control").find("no-store") != std::string_view::npos);
    BOOST_TEST((r.stream != nullptr));
}

BOOST_AUTO_TEST_SUITE_END()
